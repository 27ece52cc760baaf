using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Trading.Strategies;

/// <summary>How a strategy stands after its review.</summary>
public enum StrategyStanding
{
    /// <summary>It trades at its weight.</summary>
    Normal = 0,

    /// <summary>It trades at a part of its weight.</summary>
    Cut = 1,

    /// <summary>It takes no entries.</summary>
    Suspended = 2,
}

/// <summary>A strategy's standing.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Since">Since when.</param>
/// <param name="Trades">Trades it had made then: what it did since is judged, not what led there.</param>
public sealed record StrategyVerdict(StrategyStanding Standing, string Reason, DateTimeOffset Since, long Trades)
{
    /// <summary>Nothing against it.</summary>
    public static StrategyVerdict None { get; } = new(StrategyStanding.Normal, "", DateTimeOffset.MinValue, 0);
}

/// <summary>What a strategy must keep, over its newest trades since its last verdict.</summary>
public sealed record ReviewLimits
{
    /// <summary>Newest trades that are judged, at most.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Fewest trades from which anything is said.</summary>
    public int MinTrades { get; init; } = 20;

    /// <summary>Fall of its summed P&amp;L from a peak, as a share of the account's equity, below which nothing is said against it: a loss that
    /// does not matter proves nothing. Where equity is not known everything is judged.</summary>
    public decimal LeastDrawdown { get; init; } = 0.01m;

    /// <summary>Profit factor below which it is cut; null for no such limit.</summary>
    public decimal? CutProfitFactor { get; init; } = 0.9m;

    /// <summary>Profit factor below which it is suspended.</summary>
    public decimal? SuspendProfitFactor { get; init; } = 0.5m;

    /// <summary>Fall of its summed P&amp;L from a peak, as a share of the account's equity, from which it is suspended.</summary>
    public decimal? SuspendDrawdown { get; init; } = 0.05m;

    /// <summary>Sharpe ratio per trade below which it is cut.</summary>
    public double? CutSharpe { get; init; } = -0.1;

    /// <summary>Part of its weight that a cut strategy has, above 0, below 1.</summary>
    public decimal CutTo { get; init; } = 0.5m;

    /// <summary>A suspended strategy trades again after so long, cut.</summary>
    public TimeSpan SuspendFor { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>Reviews strategies. Pure.</summary>
public static class StrategyReview
{
    /// <summary>
    /// The verdict after a look at what it did since the last one. A suspended strategy trades nothing that could speak for it, so time
    /// restores it, to cut; a cut one is restored, or suspended, by what it trades from then on.
    /// </summary>
    /// <param name="verdict">Its verdict so far.</param>
    /// <param name="newest">Its newest trades, oldest first, at least <see cref="ReviewLimits.Window"/> where it made so many.</param>
    /// <param name="trades">All trades it ever made.</param>
    /// <param name="equity">The account's equity, positive; null while not known: then the drawdown is not judged.</param>
    /// <param name="limits">What it must keep.</param>
    /// <param name="now">The time.</param>
    public static StrategyVerdict Judge(
        StrategyVerdict verdict, IReadOnlyList<ClosedTrade> newest, long trades, decimal? equity, ReviewLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(newest);
        ArgumentNullException.ThrowIfNull(limits);
        if (verdict.Standing == StrategyStanding.Suspended)
        {
            return now - verdict.Since < limits.SuspendFor
                ? verdict
                : new StrategyVerdict(StrategyStanding.Cut, $"on trial after {Text(limits.SuspendFor)} of suspension", now, trades);
        }

        var since = (int)Math.Min(Math.Max(0, trades - verdict.Trades), Math.Min(newest.Count, limits.Window));
        if (since < limits.MinTrades)
        {
            return verdict;
        }

        var statistics = StrategyStatistics.Of([.. newest.Skip(newest.Count - since)]);
        var matters = equity is null || statistics.MaxDrawdown >= limits.LeastDrawdown * equity;
        if (matters && Fault(statistics, equity, limits.SuspendProfitFactor, null, limits.SuspendDrawdown) is { } grave)
        {
            return new StrategyVerdict(StrategyStanding.Suspended, grave, now, trades);
        }

        return matters && Fault(statistics, equity, limits.CutProfitFactor, limits.CutSharpe, null) is { } fault
            ? verdict.Standing == StrategyStanding.Cut ? verdict : new StrategyVerdict(StrategyStanding.Cut, fault, now, trades)
            : verdict.Standing == StrategyStanding.Normal ? verdict
            : new StrategyVerdict(StrategyStanding.Normal, $"kept its limits over {since} trades", now, trades);
    }

    /// <summary>What its weight is multiplied by.</summary>
    public static decimal FactorOf(StrategyStanding standing, ReviewLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return standing switch
        {
            StrategyStanding.Normal => 1m,
            StrategyStanding.Cut => limits.CutTo,
            StrategyStanding.Suspended => 0m,
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "Not a standing."),
        };
    }

    private static string? Fault(
        StrategyStatistics statistics, decimal? equity, decimal? profitFactor, double? sharpe, decimal? drawdown) =>
        statistics.ProfitFactor < profitFactor
            ? Invariant($"profit factor {statistics.ProfitFactor:0.##} of {statistics.Trades} trades, at least {profitFactor}")
        : statistics.Sharpe < sharpe
            ? Invariant($"Sharpe ratio {statistics.Sharpe:0.##} of {statistics.Trades} trades, at least {sharpe}")
        : equity > 0m && statistics.MaxDrawdown / equity > drawdown
            ? Invariant($"drawdown {100m * statistics.MaxDrawdown / equity:0.##} % of equity over {statistics.Trades} trades, at most {100m * drawdown:0.##} %")
        : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Text(TimeSpan span) => Invariant($"{span.TotalHours:0.#} h");
}
