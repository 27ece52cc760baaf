using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Engine;

/// <summary>
/// The statistics of strategies: sums from their counters, what needs the trades themselves from the list of the newest.
/// Read again only for a strategy whose counters have changed.
/// </summary>
internal sealed class StrategyBoard(ITradingStore store, IPartitionStore partition)
{
    /// <summary>
    /// Trades kept for each strategy. They are read as a whole whenever the strategy traded, so this bounds what many busy
    /// strategies cost the silo each time they are shown.
    /// </summary>
    public const int KeptTrades = 1_000;

    private readonly SortedDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Key of the list of a strategy's newest trades.</summary>
    public static string TradesKey(string account, string strategy) => BoardKeys.StrategyTrades + account + "/" + strategy;

    /// <summary>All strategies that traded or were refused, in the order of account and name.</summary>
    public async Task<ImmutableArray<StrategyView>> ReadAsync()
    {
        foreach (var group in await partition.ReadCounterGroupsAsync(Contributions.StrategyPrefix))
        {
            var known = _known.GetValueOrDefault(group);
            if (await partition.ReadCountersAsync(group, known?.Version ?? -1) is { } counters)
            {
                _known[group] = await ReadAsync(group, known, counters);
            }
        }

        return [.. _known.Values.Select(known => known.View)];
    }

    /// <summary>Shows them under their key of the wire.</summary>
    public async Task ShowAsync()
    {
        var fields = (await ReadAsync()).ToDictionary(
            view => view.Account == "default" ? view.Strategy : view.Account + "/" + view.Strategy,
            view => StrategyWriter.Write(view.Statistics));
        if (fields.Count > 0)
        {
            await store.Board.SetHashAsync(BoardKeys.StrategyPerformance, fields);
        }
    }

    private async Task<Known> ReadAsync(string group, Known? known, CounterSnapshot counters)
    {
        var name = group[Contributions.StrategyPrefix.Length..];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var (account, strategy) = (name[..slash], name[(slash + 1)..]);

        // A refusal changes no trade. The list is read after the counters, so it is never older than they are.
        var fields = counters.Fields;
        var traded = (fields.GetValueOrDefault("trades"), fields.GetValueOrDefault("pnl"), fields.GetValueOrDefault("seconds"));
        var window = known is not null && known.Traded == traded ? known.Window : await FoldAsync(account, strategy);
        return new Known(
            counters.Version, traded, window, new StrategyView(account, strategy, window.WithAllTime(fields)));
    }

    /// <summary>The newest trades of a strategy, oldest first.</summary>
    public async Task<ImmutableArray<ClosedTrade>> ReadNewestAsync(string account, string strategy, int count)
    {
        var lines = await store.Board.ReadListAsync(TradesKey(account, strategy), count);
        // The newest line of a position that a late fill opened again is the one that counts, as in the counters.
        return [.. lines.Select(DomainJson.ReadTrade).DistinctBy(trade => trade.PositionId).Reverse()];
    }

    private async Task<StrategyStatistics> FoldAsync(string account, string strategy) =>
        StrategyStatistics.Of(await ReadNewestAsync(account, strategy, KeptTrades));

    private sealed record Known(
        long Version, (long Trades, long Pnl, long Seconds) Traded, StrategyStatistics Window, StrategyView View);
}
