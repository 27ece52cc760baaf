using System.Collections.Concurrent;

namespace TradingEngine.Grains.Hosting;

/// <summary>What sizes depend on that the slow tiers find out: written by them, read at every entry. Thread-safe.</summary>
public sealed class SizingBoard
{
    private readonly ConcurrentDictionary<string, StrategyRecord> _strategies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> _volatilities = new(StringComparer.Ordinal);

    /// <summary>What is known of a strategy; by default a weight of 1 and no record.</summary>
    public StrategyRecord Of(string strategy) => _strategies.GetValueOrDefault(strategy, StrategyRecord.None);

    /// <summary>Sets what is known of a strategy.</summary>
    public void Set(string strategy, StrategyRecord record) => _strategies[strategy] = record;

    /// <summary>Volatility of a symbol a year, a fraction; null when not known.</summary>
    public decimal? VolatilityOf(string symbol) => _volatilities.TryGetValue(symbol, out var volatility) ? volatility : null;

    /// <summary>Sets the volatility of a symbol a year.</summary>
    public void SetVolatility(string symbol, decimal volatility) => _volatilities[symbol] = volatility;
}

/// <summary>What is known of a strategy.</summary>
/// <param name="Weight">Capital weight, 0 or more; 1 changes no size.</param>
/// <param name="WinRate">Share of trades that won, 0 to 1; null while too few were made.</param>
/// <param name="PayOff">Average win over average loss; null while too few were made.</param>
public sealed record StrategyRecord(decimal Weight, decimal? WinRate, decimal? PayOff)
{
    /// <summary>Nothing known.</summary>
    public static StrategyRecord None { get; } = new(1m, null, null);
}
