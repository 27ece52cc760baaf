using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Agents.Wire;

/// <summary>A question what became of orders.</summary>
internal sealed record ReconcileRequest(string RequestId, IReadOnlyList<string> OrderIds);

/// <summary>Reads it as an execution agent gets it.</summary>
internal static class ReconcileRequestReader
{
    public static ReconcileRequest? Read(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var id = message.Text("request_id") ?? throw new WireFieldException("request_id", "absent", "given");
            var orders = JsonNode.Parse(message.ToText())!["orders"] as JsonArray ?? [];
            return new ReconcileRequest(id, [.. orders.Select(order => (string?)order).OfType<string>()]);
        }
        catch (Exception exception) when (exception is WireFieldException or InvalidOperationException)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }
}
