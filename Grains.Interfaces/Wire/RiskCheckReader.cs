using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads what the risk agent says of an entry.</summary>
public static class RiskCheckReader
{
    private const int LongestReason = 200;

    /// <summary>Reads an answer; null when it cannot be understood: then nothing was said.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="error">Why it was not taken; null when it was.</param>
    public static (string RequestId, RiskVerdict Verdict)? Read(ReadOnlyMemory<byte> payload, out WireError? error)
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
            return (id, new RiskVerdict(
                // A word that is neither is no approval, and no refusal that could be followed either.
                message.Truth("approved") ?? throw new WireFieldException("approved", "neither true nor false", "true or false"),
                message.Text("agent") is { } agent ? WireText.Name(agent, "agent") : null,
                message.Text("reason") is { } reason ? WireText.Shown(reason, LongestReason) : null));
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }
}
