namespace TradingEngine.Trading.Exits.Rules;

/// <summary>Bounds that rules share.</summary>
internal static class ParameterCheck
{
    /// <summary>Longest look-back, in bars: what the book keeps of them.</summary>
    public const int MaxPeriod = 400;

    /// <summary>Why a parameter is no whole number of bars; null when it is one.</summary>
    public static string? Period(IReadOnlyDictionary<string, decimal> parameters, string name, int least = 1) =>
        parameters[name] is var value && value >= least && value <= MaxPeriod && value == decimal.Truncate(value)
            ? null
            : $"{name} must be a whole number between {least} and {MaxPeriod}";
}
