using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Strategies;

/// <summary>
/// A strategy on one symbol, run inside the cluster. What it answers hangs on its own state and the updates it was given,
/// never on a clock, a random number or anything outside: so a replay repeats itself. One thread at a time; there is one
/// instance for each symbol.
/// </summary>
public interface IStrategy
{
    /// <summary>Takes an update of its symbol and gives the signals that follow, usually none. History only warms: no
    /// signal may follow from it.</summary>
    ImmutableArray<StrategySignal> OnMarket(MarketUpdate update);
}

/// <summary>What a strategy is made with.</summary>
public sealed record StrategyContext
{
    /// <summary>Its symbol.</summary>
    public required Instrument Instrument { get; init; }

    /// <summary>Goes into the signals' ids: another seed, other ids.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Length of the bars to look at; positive, default one minute.</summary>
    public TimeSpan BarInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Equity to size positions by, in the quote currency; positive, default 100,000.</summary>
    public decimal Equity { get; init; } = 100_000m;
}
