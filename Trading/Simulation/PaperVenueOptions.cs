using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Simulation;

/// <summary>Options of <see cref="PaperVenue"/>.</summary>
public sealed record PaperVenueOptions
{
    /// <summary>Time from an order's arrival to its execution, at the price then in force; 0 or more, default 0.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.Zero;

    /// <summary>Commission in basis points of a fill's notional; 0 or more, default 0.</summary>
    public decimal CommissionBps { get; init; }

    /// <summary>
    /// How much worse than the market an order is filled, in basis points of the price; 0 to 1,000, default 0. Not on
    /// limit orders, and not on exits filled inside a bar, whose price says it already.
    /// </summary>
    public decimal SlippageBps { get; init; }

    /// <summary>Share of the filled orders that are filled in two parts; 0 to 1, default 0.</summary>
    public double PartialFillRate { get; init; }

    /// <summary>Share of the orders that are refused; 0 to 1, default 0.</summary>
    public double RejectRate { get; init; }

    /// <summary>Decides which orders are refused and split, by their ids.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long an order waits for its symbol's first price before it is refused; positive, default 30 s.</summary>
    public TimeSpan PriceWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most orders at work at once; one more is refused. Default 100,000.</summary>
    public int MaxWorking { get; init; } = 100_000;

    /// <summary>Finished orders whose reports are kept to answer repetitions with. Default 50,000.</summary>
    public int MaxRemembered { get; init; } = 50_000;

    /// <summary>Where contract sizes, lot steps and ticks come from.</summary>
    public InstrumentCatalog Catalog { get; init; } = InstrumentCatalog.Default;

    /// <summary>These options when all are in range.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    internal PaperVenueOptions Checked() =>
        Latency >= TimeSpan.Zero && PriceWait > TimeSpan.Zero && CommissionBps >= 0m && SlippageBps is >= 0m and <= 1_000m
        && PartialFillRate is >= 0d and <= 1d && RejectRate is >= 0d and <= 1d && MaxWorking > 0 && MaxRemembered > 0
            ? this
            : throw new ArgumentException($"an option of the paper venue is out of range: {this}");
}
