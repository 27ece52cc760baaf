using System.Collections.Concurrent;
using System.Collections.Immutable;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Grains.Hosting;

/// <summary>What sizes depend on that the slow tiers find out: written by them, read at every entry. Thread-safe.</summary>
public sealed class SizingBoard
{
    private readonly ConcurrentDictionary<string, StrategyRecord> _strategies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> _volatilities = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private volatile ParameterSet _set = ParameterSets.Of(MarketRegime.Unknown);
    private long _capitalVersion;
    private long _regimeVersion;

    /// <summary>What sizes of a family are multiplied by in the regime that stands.</summary>
    public decimal FactorOf(StrategyKind kind) => _set.FactorOf(kind);

    /// <summary>Takes the weights of a version of the strategic tier's record; those of an older one than is known are passed over.</summary>
    public void Adopt(long version, ImmutableSortedDictionary<string, CapitalShare> shares, ReviewLimits limits)
    {
        lock (_gate)
        {
            if (version < _capitalVersion)
            {
                return;
            }

            _capitalVersion = version;
            foreach (var (strategy, share) in shares)
            {
                Set(strategy, new StrategyRecord(EffectiveWeight(share, limits), share.WinRate, share.PayOff));
            }
        }
    }

    /// <summary>Takes the regime of a version of the tactical tier's record; an older one is passed over.</summary>
    public void Adopt(long version, StandingRegime regime)
    {
        lock (_gate)
        {
            if (version >= _regimeVersion)
            {
                (_regimeVersion, _set) = (version, ParameterSets.Of(regime.Regime));
            }
        }
    }

    /// <summary>
    /// The weight with its standing counted. A suspended strategy keeps that of a cut one: its entries are stopped by a halt, which says why.
    /// </summary>
    public static decimal EffectiveWeight(CapitalShare share, ReviewLimits limits) =>
        share.Weight * (share.Standing == StrategyStanding.Normal ? 1m : StrategyReview.FactorOf(StrategyStanding.Cut, limits));

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
