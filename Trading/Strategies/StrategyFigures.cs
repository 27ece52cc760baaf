using System.Collections.Immutable;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Trading.Strategies;

/// <summary>What a strategy did for one account, as the review sees it.</summary>
/// <param name="Account">Account.</param>
/// <param name="Strategy">Strategy.</param>
/// <param name="Statistics">Its statistics, sums over all time.</param>
/// <param name="Newest">Its newest trades, oldest first.</param>
public sealed record StrategyFigures(string Account, string Strategy, StrategyStatistics Statistics, ImmutableArray<ClosedTrade> Newest);

/// <summary>What a review came to.</summary>
/// <param name="State">The tier's state with verdicts, standings and rates of winning.</param>
/// <param name="Changes">Strategies whose standing is another than before, with the standing before.</param>
public sealed record ReviewResult(CapitalState State, ImmutableArray<(string Strategy, StrategyStanding Before, CapitalShare After)> Changes)
{
    /// <summary>Fewest trades from which a rate of winning is given.</summary>
    public const int MinTrades = 20;

    /// <summary>Reviews all strategies. One that trades for several accounts stands as it does worst.</summary>
    public static ReviewResult Of(
        CapitalState state, IReadOnlyCollection<StrategyFigures> figures, decimal? equity, ReviewLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(figures);
        var (verdicts, shares) = (state.Verdicts.ToBuilder(), state.Shares.ToBuilder());
        var changes = ImmutableArray.CreateBuilder<(string, StrategyStanding, CapitalShare)>();
        foreach (var strategy in figures.GroupBy(figure => figure.Strategy, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var worst = StrategyVerdict.None;
            foreach (var figure in strategy.OrderBy(figure => figure.Account, StringComparer.Ordinal))
            {
                var key = figure.Account + "/" + figure.Strategy;
                var verdict = StrategyReview.Judge(
                    verdicts.GetValueOrDefault(key) ?? StrategyVerdict.None, figure.Newest, figure.Statistics.Trades, equity, limits, now);
                verdicts[key] = verdict;
                worst = verdict.Standing > worst.Standing || worst == StrategyVerdict.None ? verdict : worst;
            }

            var before = shares.GetValueOrDefault(strategy.Key) ?? CapitalShare.None;
            var best = strategy.MaxBy(figure => figure.Statistics.Trades)!.Statistics;
            var says = best.Trades >= MinTrades;
            var after = before with
            {
                Standing = worst.Standing,
                Reason = worst.Reason,
                WinRate = says ? best.WinRate / 100m : null,
                PayOff = says && best.AverageLoss > 0m ? best.AverageWin / best.AverageLoss : null,
            };
            shares[strategy.Key] = after;
            if (after.Standing != before.Standing)
            {
                changes.Add((strategy.Key, before.Standing, after));
            }
        }

        return new ReviewResult(state with { Verdicts = verdicts.ToImmutable(), Shares = shares.ToImmutable() }, changes.ToImmutable());
    }
}
