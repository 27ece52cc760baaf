namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// How a strategy did. A value that cannot be said yet is null, never 0. Money is in the account's currency; percentages
/// are 0 to 100.
/// </summary>
public sealed record StrategyStatistics
{
    /// <summary>Fewest returns from which <see cref="Sharpe"/> and <see cref="Sortino"/> are given.</summary>
    public const int MinReturns = 20;

    private const int MoneyDecimals = 8;
    private const int RatioDecimals = 6;

    /// <summary>Nothing closed yet.</summary>
    public static StrategyStatistics None { get; } = new();

    /// <summary>Positions closed.</summary>
    public long Trades { get; init; }

    /// <summary>Those with a P&amp;L above 0.</summary>
    public long Wins { get; init; }

    /// <summary>The others; breaking even is no win.</summary>
    public long Losses { get; init; }

    /// <summary>Signals refused and orders that never traded.</summary>
    public long Rejected { get; init; }

    /// <summary>Sum of P&amp;L, commissions taken off.</summary>
    public decimal Pnl { get; init; }

    /// <summary>Sum of commissions.</summary>
    public decimal Commissions { get; init; }

    /// <summary>Wins per 100 trades.</summary>
    public decimal? WinRate { get; init; }

    /// <summary>Mean P&amp;L of the wins.</summary>
    public decimal? AverageWin { get; init; }

    /// <summary>Mean P&amp;L of the losses, without its sign.</summary>
    public decimal? AverageLoss { get; init; }

    /// <summary>What was won over what was lost; null while nothing was lost.</summary>
    public decimal? ProfitFactor { get; init; }

    /// <summary>Mean P&amp;L of a trade.</summary>
    public decimal? Expectancy { get; init; }

    /// <summary>Mean time from the first fill to flat.</summary>
    public TimeSpan? AverageDuration { get; init; }

    /// <summary>Trades that the values below were made of: the newest ones, as many as are kept.</summary>
    public long Window { get; init; }

    /// <summary>Largest P&amp;L of a trade.</summary>
    public decimal? Best { get; init; }

    /// <summary>Smallest P&amp;L of a trade, signed.</summary>
    public decimal? Worst { get; init; }

    /// <summary>Longest time from the first fill to flat.</summary>
    public TimeSpan? LongestDuration { get; init; }

    /// <summary>Largest fall of the running sum of P&amp;L, which starts at 0, from a peak before it; 0 or more.</summary>
    public decimal? MaxDrawdown { get; init; }

    /// <summary>
    /// Mean over sample deviation (n − 1) of the trades' returns, per trade, not annualised, against a rate of 0. Null under
    /// <see cref="MinReturns"/> returns or where all are the same. (Sharpe 1994, with trades for periods.)
    /// </summary>
    public double? Sharpe { get; init; }

    /// <summary>
    /// Mean return over the downside deviation √(Σ min(r, 0)² / (n − 1)), otherwise as <see cref="Sharpe"/>. Null where no
    /// return is below 0. (Sortino and Price 1994.)
    /// </summary>
    public double? Sortino { get; init; }

    /// <summary>The statistics of trades in the order of their closing. All of them are the window.</summary>
    public static StrategyStatistics Of(IReadOnlyList<ClosedTrade> trades)
    {
        ArgumentNullException.ThrowIfNull(trades);
        if (trades.Count == 0)
        {
            return None;
        }

        decimal won = 0m, lost = 0m, sum = 0m, peak = 0m, fall = 0m;
        var wins = 0;
        foreach (var trade in trades)
        {
            wins += trade.Pnl > 0m ? 1 : 0;
            won += Math.Max(trade.Pnl, 0m);
            lost -= Math.Min(trade.Pnl, 0m);
            sum += trade.Pnl;
            peak = Math.Max(peak, sum);
            fall = Math.Max(fall, peak - sum);
        }

        var (sharpe, sortino) = Ratios([.. trades.Select(trade => trade.Return).OfType<double>()]);
        return new StrategyStatistics
        {
            Commissions = trades.Sum(trade => trade.Commissions),
            Window = trades.Count,
            Best = trades.Max(trade => trade.Pnl),
            Worst = trades.Min(trade => trade.Pnl),
            LongestDuration = trades.Max(trade => trade.Duration),
            MaxDrawdown = fall,
            Sharpe = sharpe,
            Sortino = sortino,
        }.WithSums(trades.Count, wins, won, lost, TimeSpan.FromTicks(trades.Sum(trade => trade.Duration.Ticks)));
    }

    /// <summary>These, with the sums over all time that the strategy's counters hold; the window stays as it is.</summary>
    /// <param name="counters">As <see cref="Contributions"/> write them.</param>
    public StrategyStatistics WithAllTime(IReadOnlyDictionary<string, long> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        decimal Money(string field) => counters.GetValueOrDefault(field) / Contributions.Scale;
        return WithSums(
            counters.GetValueOrDefault("trades"), counters.GetValueOrDefault("wins"), Money("won"), Money("lost"),
            TimeSpan.FromSeconds(counters.GetValueOrDefault("seconds"))) with
        {
            Rejected = counters.GetValueOrDefault("rejected"),
            Commissions = Money("commissions"),
        };
    }

    private StrategyStatistics WithSums(long trades, long wins, decimal won, decimal lost, TimeSpan time)
    {
        var losses = trades - wins;
        return this with
        {
            Trades = trades,
            Wins = wins,
            Losses = losses,
            Pnl = won - lost,
            WinRate = trades == 0 ? null : Math.Round(100m * wins / trades, 2),
            AverageWin = wins == 0 ? null : Math.Round(won / wins, MoneyDecimals),
            AverageLoss = losses == 0 ? null : Math.Round(lost / losses, MoneyDecimals),
            ProfitFactor = lost == 0m ? null : Math.Round(won / lost, RatioDecimals),
            Expectancy = trades == 0 ? null : Math.Round((won - lost) / trades, MoneyDecimals),
            AverageDuration = trades == 0 ? null : time / trades,
        };
    }

    private static (double? Sharpe, double? Sortino) Ratios(IReadOnlyList<double> returns)
    {
        // All the same has no deviation, where rounding would leave a tiny one.
        if (returns.Count < MinReturns || returns.Max() == returns.Min())
        {
            return (null, null);
        }

        var mean = returns.Average();
        var squares = returns.Sum(value => (value - mean) * (value - mean));
        var below = returns.Sum(value => value < 0d ? value * value : 0d);
        return (Ratio(mean, squares, returns.Count), Ratio(mean, below, returns.Count));
    }

    private static double? Ratio(double mean, double squares, int count) =>
        squares == 0d ? null : Math.Round(mean / Math.Sqrt(squares / (count - 1)), RatioDecimals);
}
