using TradingEngine.Trading.Market;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Risk;

/// <summary>What is known of a symbol's price when a decision is made.</summary>
/// <param name="Bid">Best price to sell at; 0 when none is known.</param>
/// <param name="Ask">Best price to buy at; 0 when none is known.</param>
/// <param name="Time">When it became known.</param>
/// <param name="FeedInterval">How often the feed says it speaks; zero for quotes.</param>
/// <param name="AssetClass">Kind of asset the feed declares.</param>
public sealed record PriceView(
    decimal Bid, decimal Ask, DateTimeOffset Time, TimeSpan FeedInterval, AssetClass AssetClass)
{
    /// <summary>No price known.</summary>
    public static PriceView None { get; } = new(0m, 0m, DateTimeOffset.MinValue, TimeSpan.Zero, AssetClass.Unknown);

    /// <summary>True when there is a price.</summary>
    public bool IsKnown => Bid > 0m;

    /// <summary>True when there is no price, or it is older than <paramref name="maxAge"/> and one and a half intervals of its feed.</summary>
    public bool IsStale(TimeSpan maxAge, DateTimeOffset now)
    {
        var slowest = FeedInterval * 1.5;
        return !IsKnown || now - Time > (slowest > maxAge ? slowest : maxAge);
    }
}

/// <summary>An account's worst-case exposure in its currency, orders in flight included.</summary>
/// <param name="Symbol">Worst case of the symbol asked for: the greater of its long and its short side.</param>
/// <param name="Long">All long notional, working buys included.</param>
/// <param name="Short">All short notional, working sells included.</param>
public readonly record struct Exposure(decimal Symbol, decimal Long, decimal Short);

/// <summary>Everything an entry is judged by.</summary>
public sealed record EntryRequest
{
    /// <summary>The signal.</summary>
    public required Signal Signal { get; init; }

    /// <summary>The instrument; null when not known.</summary>
    public required Instrument? Instrument { get; init; }

    /// <summary>The price.</summary>
    public required PriceView Price { get; init; }

    /// <summary>True while the instrument's session is open.</summary>
    public required bool IsSessionOpen { get; init; }

    /// <summary>Notional bought by the entry's orders.</summary>
    public decimal BuyNotional { get; init; }

    /// <summary>Notional sold by the entry's orders.</summary>
    public decimal SellNotional { get; init; }
}

/// <summary>The pre-trade checks of an entry, in their fixed order; the first that fails refuses. Exits do not come here.</summary>
public static class RiskCheck
{
    /// <summary>Most that one entry may buy or sell under any limits, so that counters cannot overflow: ten billion.</summary>
    public const decimal MaxNotional = 10_000_000_000m;

    /// <summary>
    /// Oldest a signal may be under any limits. What was handled is remembered for longer, so a signal that is younger is
    /// never handled twice.
    /// </summary>
    public static readonly TimeSpan SignalWindow = TimeSpan.FromHours(24);

    /// <summary>Judges an entry. Mode, halts and duplicates are checked again in the commit, which has the last word.</summary>
    public static RejectReason Entry(
        RiskLimits limits, EntryRequest request, Exposure exposure, decimal equity, DateTimeOffset now)
    {
        if (request.Instrument is null)
        {
            return RejectReason.UnknownSymbol;
        }

        if (request.Instrument.AssetClass == AssetClass.Unknown)
        {
            return RejectReason.UnknownAssetClass;
        }

        if (Math.Max(request.BuyNotional, request.SellNotional) > MaxNotional)
        {
            return RejectReason.PositionLimit;
        }

        var signal = request.Signal;
        var age = now - signal.Time;
        if (age < -limits.MaxSignalLead)
        {
            return RejectReason.FutureSignal;
        }

        if (limits.IsStructuralOnly)
        {
            return age > SignalWindow ? RejectReason.ExpiredSignal : RejectReason.None;
        }

        var oldest = signal.Tier == 1 ? limits.MaxHftSignalAge : limits.MaxSignalAge;
        if (age > oldest || age > SignalWindow)
        {
            return RejectReason.ExpiredSignal;
        }

        if (signal.Confidence < limits.MinConfidences.GetValueOrDefault(signal.Strategy, limits.MinConfidence))
        {
            return RejectReason.LowConfidence;
        }

        if (!request.IsSessionOpen)
        {
            return RejectReason.MarketClosed;
        }

        if (request.Price.IsStale(limits.MaxPriceAge, now))
        {
            return RejectReason.StaleData;
        }

        return Limits(limits, request, exposure, equity);
    }

    private static RejectReason Limits(
        RiskLimits limits, EntryRequest request, Exposure exposure, decimal equity)
    {
        var added = Math.Max(request.BuyNotional, request.SellNotional);
        if (limits.MaxPositionShare is not { } position || exposure.Symbol + added > position * equity)
        {
            return RejectReason.PositionLimit;
        }

        var longs = exposure.Long + request.BuyNotional;
        var shorts = exposure.Short + request.SellNotional;
        if (limits.MaxGrossShare is not { } gross || longs + shorts > gross * equity)
        {
            return RejectReason.GrossLimit;
        }

        if (limits.MaxNetShare is not { } net || Math.Abs(longs - shorts) > net * equity)
        {
            return RejectReason.NetLimit;
        }

        // Several legs hedge one another; a single one must say where it gives up.
        var isHedged = request.Signal.Legs.Length > 1;
        return limits.IsStopRequired && !isHedged && request.Signal.StopLoss is null
            ? RejectReason.StopRequired
            : RejectReason.None;
    }
}
