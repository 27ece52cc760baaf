using System.Buffers;
using System.Text;
using System.Text.Json;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes what tiers 3 and 4 ask, find and decide. What cannot be said is null.</summary>
public static class TierWriter
{
    /// <summary>A request; its id tells the answer which one it belongs to.</summary>
    /// <param name="type">What is asked for.</param>
    /// <param name="id">Repeated by the answer.</param>
    /// <param name="replyTo">Where the answer goes.</param>
    /// <param name="now">The time.</param>
    /// <param name="more">Writes what goes with it.</param>
    public static byte[] Request(string type, string id, string replyTo, DateTimeOffset now, Action<Utf8JsonWriter> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return Bytes(json =>
        {
            json.WriteString("type", type);
            json.WriteString("request_id", id);
            json.WriteString("reply_to", replyTo);
            json.WriteString("source", AgentNames.Engine);
            json.WriteNumber("timestamp", TradeWriter.Seconds(now));
            more(json);
        });
    }

    /// <summary>A decision of a tier, for people.</summary>
    /// <param name="tier">Tier's name.</param>
    /// <param name="what">What was decided.</param>
    /// <param name="why">Why.</param>
    /// <param name="now">When.</param>
    public static byte[] Decision(string tier, string what, string why, DateTimeOffset now) => Bytes(json =>
    {
        json.WriteNumber("timestamp", TradeWriter.Seconds(now));
        json.WriteString("tier", tier);
        json.WriteString("decision", what);
        json.WriteString("reason", why);
    });

    /// <summary>A market's measure.</summary>
    public static string Measure(MarketMeasure measure) => Text(json => Write(json, measure));

    /// <summary>A market's measure, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, MarketMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(measure);
        json.WriteString("symbol", measure.Symbol);
        json.WriteString("regime", MarketRegimes.NameOf(measure.Regime));
        Number(json, "volatility", measure.Volatility);
        Number(json, "volatility_ratio", measure.VolatilityRatio);
        Number(json, "trend_strength", measure.TrendStrength);
        Number(json, "spread_bps", measure.SpreadBps);
        json.WriteNumber("samples", measure.Samples);
    }

    /// <summary>The portfolio's risk, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, PortfolioRisk risk)
    {
        ArgumentNullException.ThrowIfNull(json);
        foreach (var (name, value) in Figures(risk))
        {
            Number(json, name, value);
        }

        json.WriteStartArray("groups");
        foreach (var group in risk.Groups)
        {
            json.WriteStartObject();
            Names(json, "symbols", group.Symbols);
            Number(json, "gross", group.Gross);
            Number(json, "net", group.Net);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Names(json, "unvalued", risk.Unvalued);
    }

    /// <summary>The figures of a portfolio's risk by name.</summary>
    public static IEnumerable<(string Name, double? Value)> Figures(PortfolioRisk risk)
    {
        ArgumentNullException.ThrowIfNull(risk);
        return
        [
            ("gross", risk.Gross), ("net", risk.Net), ("leverage", risk.Leverage), ("concentration", risk.Concentration),
            ("drawdown", risk.Drawdown), ("periods", risk.Periods),
            ("var_95", risk.HistoricalVar95), ("var_99", risk.HistoricalVar99),
            ("parametric_var_95", risk.ParametricVar95), ("parametric_var_99", risk.ParametricVar99),
            ("expected_shortfall_95", risk.ExpectedShortfall95), ("expected_shortfall_99", risk.ExpectedShortfall99),
        ];
    }

    /// <summary>An agent's health.</summary>
    public static string Health(AgentHealth health) => Text(json => Write(json, health));

    /// <summary>An agent's health, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, AgentHealth health)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(health);
        json.WriteString("agent", health.Name);
        json.WriteString("condition", AgentHealth.NameOf(health.Condition));
        Number(json, "lag_seconds", health.Lag?.TotalSeconds);
        json.WriteString("version", health.Version);
    }

    /// <summary>A strategy's capital weight and standing.</summary>
    /// <param name="share">What is known of it.</param>
    /// <param name="effective">Weight that sizes are multiplied by, its standing counted.</param>
    public static string Share(CapitalShare share, decimal effective) => Text(json =>
    {
        json.WriteNumber("weight", share.Weight);
        json.WriteNumber("effective_weight", effective);
        json.WriteString("standing", NameOf(share.Standing));
        json.WriteString("reason", share.Reason);
    });

    /// <summary>A standing's name.</summary>
    public static string NameOf(StrategyStanding standing) => standing switch
    {
        StrategyStanding.Normal => "normal",
        StrategyStanding.Cut => "cut",
        StrategyStanding.Suspended => "suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "Not a standing."),
    };

    /// <summary>A number of six significant decimals; null where it cannot be said.</summary>
    public static void Number(Utf8JsonWriter json, string name, double? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write));

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
