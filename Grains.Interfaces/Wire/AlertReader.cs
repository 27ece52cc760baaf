using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads what market observers warn of on their channels.</summary>
public static class AlertReader
{
    private const int LongestText = 300;

    /// <summary>Reads a warning; null when it cannot be understood.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="now">When it came in; the time of a warning that has none.</param>
    /// <param name="error">Why it was not taken; null when it was.</param>
    public static MarketAlert? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var type = message.Text("type");
            switch (type?.ToUpperInvariant())
            {
                case "MARKET_ANOMALY_ALERT":
                    return Read(AlertKind.Anomaly, message, "warning", now);
                case "IMMEDIATE_IMBALANCE_ALERT":
                    return Read(AlertKind.Imbalance, message, "imbalance", now);
                default:
                    error = new WireError(
                        RejectReason.UnknownAction,
                        $"type is {WireText.Shown(type ?? "absent", WireText.LongestName)}; it must be MARKET_ANOMALY_ALERT or IMMEDIATE_IMBALANCE_ALERT");
                    return null;
            }
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static MarketAlert Read(AlertKind kind, WireObject message, string part, DateTimeOffset now)
    {
        var facts = message.Object(part) ?? throw new WireFieldException(part, "absent", "an object");
        return new MarketAlert(
            kind,
            WireText.Name(facts.Text("type") ?? throw new WireFieldException("type", "absent", "given"), "type"),
            WireText.Name(facts.Text("severity") ?? throw new WireFieldException("severity", "absent", "given"), "severity"),
            WireText.Shown(facts.Text("message") ?? "", LongestText),
            kind == AlertKind.Anomaly ? facts.Share("probability") : facts.Number("value"),
            facts.Time("timestamp") ?? message.Time("timestamp") ?? now)
        {
            Symbol = WireText.Symbol(facts.Text("symbol")),
        };
    }
}
