using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Risk;

/// <summary>What is halted of an order's symbol, strategy and tier.</summary>
[Flags]
public enum Halted
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The symbol.</summary>
    Symbol = 1,

    /// <summary>The strategy.</summary>
    Strategy = 2,

    /// <summary>The tier.</summary>
    Tier = 4,
}

/// <summary>What is known when an order is judged. What is not said is taken as missing, and missing data refuses.</summary>
public readonly record struct RiskFacts
{
    /// <summary>The engine's mode.</summary>
    public EngineMode Mode { get; init; }

    /// <summary>True where the store is the one that was opened and the account has read its counters.</summary>
    public bool IsReady { get; init; }

    /// <summary>True where the signal was handled before.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The instrument; null when not known.</summary>
    public Instrument? Instrument { get; init; }

    /// <summary>What is halted.</summary>
    public Halted Halted { get; init; }

    /// <summary>True while every instrument of the order trades.</summary>
    public bool IsSessionOpen { get; init; }

    /// <summary>When the first of their sessions ends; null for one that does not end.</summary>
    public DateTimeOffset? SessionEnd { get; init; }

    /// <summary>The last price; null when none is known.</summary>
    public PriceView? Price { get; init; }

    /// <summary>Average lots a day; 0 when not known.</summary>
    public decimal DailyVolume { get; init; }

    /// <summary>Exposure of the account in its currency, orders on their way included.</summary>
    public Exposure Exposure { get; init; }

    /// <summary>What the account is worth, open profit and loss included; null where a currency of it has no rate.</summary>
    public decimal? Equity { get; init; }

    /// <summary>What it was worth when its day began; null when not known.</summary>
    public decimal? DayStart { get; init; }

    /// <summary>The most it was worth; null when not known.</summary>
    public decimal? Peak { get; init; }

    /// <summary>Positions that are not over, those on their way included.</summary>
    public long OpenPositions { get; init; }

    /// <summary>Orders that may still trade, those on their way included.</summary>
    public long WorkingOrders { get; init; }

    /// <summary>Lowest price at which an own order may sell this symbol; 0 for none.</summary>
    public decimal OwnAsk { get; init; }

    /// <summary>Highest price at which an own order may buy this symbol; 0 for none.</summary>
    public decimal OwnBid { get; init; }

    /// <summary>True where the execution agent's account of this symbol agrees with the engine's, as far as known.</summary>
    public bool IsReconciled { get; init; }

    /// <summary>True where the execution agent is heard of, or needs not be.</summary>
    public bool IsVenueUp { get; init; }
}
