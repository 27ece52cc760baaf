using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads the signals of tier 3.</summary>
public static class TacticalReader
{
    /// <summary>True for a message that tier 3 understands; else says why not.</summary>
    public static bool Read(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return false;
        }

        try
        {
            error = message.Text("action")?.ToLowerInvariant() switch
            {
                "market_anomaly" when message.Text("severity") is not null => null,
                "regime_change" when message.Text("new_regime") is not null && message.Number("confidence") is not null => null,
                "market_anomaly" => new WireError(RejectReason.InvalidField, "severity is absent; it must be given"),
                "regime_change" => new WireError(
                    RejectReason.InvalidField, "new_regime or confidence is absent; both must be given"),
                var other => new WireError(
                    RejectReason.UnknownAction, $"action is {other}; tier 3 takes market_anomaly or regime_change"),
            };
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
        }

        return error is null;
    }
}
