using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Trading.Reconciliation;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>What an execution agent answers to a reconcile request.</summary>
/// <param name="RequestId">The request it answers.</param>
/// <param name="Reports">Its fills, then its orders, each as an execution report of the wire.</param>
/// <param name="NotFound">Orders it never received.</param>
/// <param name="Positions">All it holds, signed lots; null when it does not say.</param>
public sealed record ReconcileAnswer(
    string RequestId, ImmutableArray<ReadOnlyMemory<byte>> Reports, ImmutableArray<string> NotFound,
    ImmutableDictionary<Holding, decimal>? Positions);

/// <summary>Reads answers of execution agents.</summary>
public static class ReconcileReader
{
    private const string NotFound = "not_found";

    /// <summary>Reads an answer; null when a part of it cannot be understood: a half of it might be wrong by what it lacks.</summary>
    public static ReconcileAnswer? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var id = WireText.Name(
                message.Text("request_id") ?? throw new WireFieldException("request_id", "absent", "given"), "request_id", WireText.LongestId);
            var reports = new List<ReadOnlyMemory<byte>>();
            var notFound = new List<string>();
            foreach (var fill in message.Objects("fills"))
            {
                _ = fill.Text("fill_id") ?? throw new WireFieldException("fill_id", "absent", "given, so that the fill counts once");
                _ = fill.Positive("last_quantity") ?? throw new WireFieldException("last_quantity", "absent", "given");
                _ = fill.Positive("last_price") ?? throw new WireFieldException("last_price", "absent", "given");
                reports.Add(Report(fill, "partially_filled", now));
            }

            foreach (var order in message.Objects("orders"))
            {
                if (order.Text("status")?.ToLowerInvariant() is not (null or NotFound) and var status)
                {
                    // What traded is told by fills alone: a state without them must not count as one.
                    var isAlive = status is "partially_filled" or "partial" or "filled" or "open" or "closed";
                    reports.Add(Report(order, isAlive ? "accepted" : status, now));
                }
                else
                {
                    notFound.Add(order.Text("order_id") ?? throw new WireFieldException("order_id", "absent", "given"));
                }
            }

            return new ReconcileAnswer(id, [.. reports], [.. notFound], PositionsOf(message)?.ToImmutableDictionary());
        }
        catch (Exception exception) when (exception is WireFieldException or InvalidOperationException)
        {
            // Text that is no Unicode can be parsed, but not be written again.
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Report(WireObject part, string status, DateTimeOffset now)
    {
        var report = JsonNode.Parse(part.ToText())!.AsObject();
        report["status"] = status;
        if (status != "partially_filled")
        {
            foreach (var name in new[] { "last_quantity", "filled_quantity", "cumulative_quantity", "fill_id" })
            {
                report.Remove(name);
            }
        }

        var bytes = Encoding.UTF8.GetBytes(report.ToJsonString());
        return ReportReader.Read(bytes, now, out var error) is not null
            ? bytes
            : throw new WireFieldException(error!.Detail);
    }

    private static Dictionary<Holding, decimal>? PositionsOf(WireObject message)
    {
        if (!message.Names.Contains("positions"))
        {
            return null;
        }

        var positions = new Dictionary<Holding, decimal>();
        foreach (var position in message.Objects("positions"))
        {
            var symbol = position.Text("symbol") ?? throw new WireFieldException("symbol", "absent", "given");
            if (!SignalReader.IsSymbol(symbol))
            {
                throw new WireFieldException("symbol", symbol, "1 to 32 of A-Z a-z 0-9 . _ / # + -");
            }

            var holding = new Holding(position.Text("account") ?? "default", symbol);
            positions[holding] = positions.GetValueOrDefault(holding)
                + (position.Number("quantity") ?? throw new WireFieldException("quantity", "absent", "given"));
        }

        return positions;
    }
}
