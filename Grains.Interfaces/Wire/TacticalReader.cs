using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads the signals of tier 3.</summary>
public static class TacticalReader
{
    /// <summary>Reads a tactical signal; null when it cannot be understood.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="now">When it came in; the time of a signal that has none.</param>
    /// <param name="error">Why it was not taken; null when it was.</param>
    public static TacticalSignal? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var action = message.Text("action", "message_type");
            var time = message.Time("timestamp") ?? now;
            switch (action?.ToLowerInvariant())
            {
                case "market_anomaly":
                    return new TacticalSignal(
                        TacticalKind.MarketAnomaly,
                        WireText.Name(message.Text("anomaly_type") ?? "unknown", "anomaly_type"),
                        Required(message, "severity"), message.Share("confidence"), time)
                    {
                        Symbol = WireText.Symbol(message.Text("symbol")),
                    };
                case "regime_change":
                    return new TacticalSignal(
                        TacticalKind.RegimeChange, Required(message, "new_regime"), null,
                        message.Share("confidence") ?? throw new WireFieldException("confidence", "absent", "given"), time);
                default:
                    error = new WireError(
                        RejectReason.UnknownAction,
                        $"action is {WireText.Shown(action ?? "absent", WireText.LongestName)}; tier 3 takes market_anomaly or regime_change");
                    return null;
            }
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static string Required(WireObject message, string field) => WireText.Name(
        message.Text(field) ?? throw new WireFieldException(field, "absent", "given"), field);
}
