using System.Collections.Immutable;
using System.Globalization;

namespace TradingEngine.Trading.Configuration;

/// <summary>What a field of the configuration counts in.</summary>
public enum ConfigurationKind
{
    /// <summary>A fraction: 0.02 is two per cent.</summary>
    Share,

    /// <summary>A multiple, or a ratio.</summary>
    Factor,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>Lots.</summary>
    Lots,

    /// <summary>Money.</summary>
    Money,

    /// <summary>A price.</summary>
    Price,

    /// <summary>Orders a second.</summary>
    PerSecond,

    /// <summary>Basis points: 1 is 0.01 %.</summary>
    BasisPoints,

    /// <summary>A time, written <c>hh:mm:ss</c> or as seconds.</summary>
    Duration,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>Code of a currency.</summary>
    Currency,
}

/// <summary>A value of a field: a number (times in seconds, flags 0 or 1), or a word; neither where there is none.</summary>
/// <param name="Number">The number.</param>
/// <param name="Text">The word.</param>
public readonly record struct ConfigurationValue(decimal? Number, string? Text = null)
{
    /// <summary>The value as a time.</summary>
    public TimeSpan Time => TimeSpan.FromTicks((long)decimal.Round(Number!.Value * TimeSpan.TicksPerSecond));

    /// <summary>The value as a flag.</summary>
    public bool IsSet => Number == 1m;

    /// <summary>A time.</summary>
    public static ConfigurationValue Of(TimeSpan time) => new(time.Ticks / (decimal)TimeSpan.TicksPerSecond);

    /// <summary>A flag.</summary>
    public static ConfigurationValue Of(bool flag) => new(flag ? 1m : 0m);

    /// <summary>A number.</summary>
    public static ConfigurationValue Of(double? number) => new((decimal?)number);

    /// <summary>A word.</summary>
    public static ConfigurationValue Of(string text) => new(null, text);
}

/// <summary>One field of the configuration: how it is written, what it may be and what it means. Reader, writer, schema and reference go by it.</summary>
/// <param name="Name">Name of the property, read in any case.</param>
/// <param name="Kind">What it counts in.</param>
/// <param name="Meaning">What it does.</param>
public abstract record ConfigurationField(string Name, ConfigurationKind Kind, string Meaning)
{
    /// <summary>Least value, times in seconds.</summary>
    public decimal Least { get; init; }

    /// <summary>Greatest value, times in seconds.</summary>
    public decimal Most { get; init; } = 1_000_000_000m;

    /// <summary>True where <see cref="Least"/> itself is too little.</summary>
    public bool IsAboveLeast { get; init; }

    /// <summary>True where <see cref="Most"/> itself is too much.</summary>
    public bool IsBelowMost { get; init; }

    /// <summary>True where <c>null</c> may be written, for none.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Words of a choice.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>What it may be, in words that follow "use".</summary>
    public string Range => Kind switch
    {
        ConfigurationKind.Flag => "true or false",
        ConfigurationKind.Choice => Choices.Length == 1 ? Choices[0] : $"{string.Join(", ", Choices[..^1])} or {Choices[^1]}",
        ConfigurationKind.Currency => "1 to 16 capital letters and digits, such as \"USD\"",
        ConfigurationKind.Duration => IsAboveLeast
            ? $"more than \"{Time(Least)}\", at most \"{Time(Most)}\""
            : $"\"{Time(Least)}\" to \"{Time(Most)}\"",
        ConfigurationKind.Count => Number("a whole number"),
        ConfigurationKind.Share or ConfigurationKind.Factor or ConfigurationKind.Lots or ConfigurationKind.Money or ConfigurationKind.Price
            or ConfigurationKind.PerSecond or ConfigurationKind.BasisPoints => Number("a number"),
        _ => throw new InvalidOperationException($"Not a kind: {Kind}."),
    } + (IsNullable ? ", or null" : "");

    /// <summary>True for a number within the range.</summary>
    public bool Holds(decimal value) =>
        (IsAboveLeast ? value > Least : value >= Least) && (IsBelowMost ? value < Most : value <= Most)
        && (Kind != ConfigurationKind.Count || value == Math.Floor(value));

    private string Number(string noun) => (IsAboveLeast, IsBelowMost) switch
    {
        (false, false) => string.Create(CultureInfo.InvariantCulture, $"{noun} from {Least} to {Most}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"{noun} above {Least}, at most {Most}"),
        (true, true) => string.Create(CultureInfo.InvariantCulture, $"{noun} above {Least}, below {Most}"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"{noun} from {Least}, below {Most}"),
    };

    private static string Time(decimal seconds) => new ConfigurationValue(seconds).Time.ToString("c", CultureInfo.InvariantCulture);
}

/// <summary>A field of something.</summary>
/// <param name="Name">Name of the property, read in any case.</param>
/// <param name="Kind">What it counts in.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Get">Reads it; no value where it is absent.</param>
/// <param name="Set">The same with another value.</param>
public sealed record ConfigurationField<T>(
    string Name, ConfigurationKind Kind, string Meaning, Func<T, ConfigurationValue> Get, Func<T, ConfigurationValue, T> Set)
    : ConfigurationField(Name, Kind, Meaning);
