using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads what execution agents report, in the nested form of the original and in the flat one.</summary>
public static class ReportReader
{
    /// <summary>Reads a report.</summary>
    public static ExecutionReport? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var facts = message.Object("updates") ?? message;
            var orderId = facts.Text("order_id") ?? message.Text("order_id");
            var positionId = message.Text("position_id") ?? facts.Text("position_id")
                ?? (orderId is null ? null : ClientOrderId.PositionOf(orderId))
                ?? throw new WireFieldException(
                    "position_id", "absent", orderId is null ? "given" : "given, since order_id is none of the engine's");

            return new ExecutionReport
            {
                PositionId = WireText.Name(positionId, "position_id", WireText.LongestId),
                OrderId = Id(orderId, "order_id"),
                Status = StatusOf(facts.Text("status") ?? throw new WireFieldException("status", "absent", "given")),
                FillId = Id(facts.Text("fill_id"), "fill_id"),
                LastQuantity = facts.Amount(0m, "last_quantity", "filled_quantity") ?? 0m,
                LastPrice = facts.Amount(0m, "last_price", "fill_price") ?? 0m,
                CumulativeQuantity = facts.Amount(0m, "cumulative_quantity"),
                Commission = facts.Amount(-WireObject.MaxAmount, "commission") ?? 0m,
                CommissionCurrency = Id(facts.Text("commission_currency"), "commission_currency"),
                Text = facts.Text("reason", "text", "message") is { } text ? WireText.Shown(text) : null,
                Time = facts.Time("timestamp") ?? message.Time("timestamp") ?? now,
            };
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static string? Id(string? text, string field) =>
        text is null ? null : WireText.Name(text, field, WireText.LongestId);

    private static OrderStatus StatusOf(string status) => status.ToLowerInvariant() switch
    {
        "accepted" or "new" => OrderStatus.Accepted,
        "partially_filled" or "partial" => OrderStatus.PartiallyFilled,
        "filled" or "open" or "closed" => OrderStatus.Filled,
        "cancelled" or "canceled" => OrderStatus.Cancelled,
        "cancel_rejected" => OrderStatus.CancelRejected,
        "rejected" => OrderStatus.Rejected,
        "expired" => OrderStatus.Expired,
        "unknown" => OrderStatus.Unknown,
        var other => throw new WireFieldException(
            "status", other, "accepted, partially_filled, filled, cancelled, cancel_rejected, rejected, expired or unknown"),
    };
}
