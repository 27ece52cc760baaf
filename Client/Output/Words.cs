using System.Globalization;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Client.Output;

/// <summary>Spells values for people: one spelling everywhere, in the invariant culture.</summary>
internal static class Words
{
    /// <summary>Stands for what is not known.</summary>
    public const string Nothing = "–";

    private const int PriceDecimals = 8;

    /// <summary>A price or quantity, without trailing zeros, to 8 decimals.</summary>
    public static string Number(decimal? value) => value is { } number
        ? Math.Round(number, PriceDecimals).ToString("0.########", CultureInfo.InvariantCulture)
        : Nothing;

    /// <summary>Money to the cent; a gain carries its sign where asked for.</summary>
    public static string Money(decimal? value, bool isSigned = false) => value is { } money
        ? money.ToString(isSigned ? "+#,0.00;-#,0.00;0.00" : "#,0.00", CultureInfo.InvariantCulture)
        : Nothing;

    /// <summary>A count.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Median and 99th percentile; nothing when nothing was measured.</summary>
    public static string Percentiles(Percentiles values) =>
        values.Count == 0 ? Nothing : $"{Count(values.P50)} / {Count(values.P99)}";

    /// <summary>A period in its largest whole unit: 1 ms, 30 s, 5 min.</summary>
    public static string Period(TimeSpan period) => period switch
    {
        { TotalMilliseconds: < 1 } => $"{Decimal(period.TotalMicroseconds)} µs",
        { TotalSeconds: < 1 } => $"{Decimal(period.TotalMilliseconds)} ms",
        { TotalMinutes: < 1 } => $"{Decimal(period.TotalSeconds)} s",
        _ => $"{Decimal(period.TotalMinutes)} min",
    };

    /// <summary>An age or uptime in its two largest units: 42 s, 3 min 5 s, 2 h 7 min, 4 d 1 h.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => Nothing,
        { TotalMinutes: < 1 } => $"{age.Seconds} s",
        { TotalHours: < 1 } => $"{age.Minutes} min {age.Seconds} s",
        { TotalDays: < 1 } => $"{age.Hours} h {age.Minutes} min",
        _ => $"{age.Days} d {age.Hours} h",
    };

    /// <summary>Yes or no.</summary>
    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>A member of an enum as on the wire: <c>reduce_only</c>.</summary>
    public static string Member<T>(T value) where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Decimal(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
