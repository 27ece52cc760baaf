using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

/// <summary>What is to be judged: an entry with all its orders, an exit, or a cancel. Money is the account's.</summary>
public readonly record struct RiskOrder
{
    /// <summary>What it does to risk.</summary>
    public required OrderClass Class { get; init; }

    /// <summary>Strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Tier of its signal.</summary>
    public required int Tier { get; init; }

    /// <summary>Direction; of several orders the first one's.</summary>
    public required Side Side { get; init; }

    /// <summary>Lots of its largest order in its symbol, positive.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Price expected, or the level an order names; positive.</summary>
    public required decimal Price { get; init; }

    /// <summary>True where <see cref="Price"/> is a level that an order names, and not what is expected of the market.</summary>
    public bool IsPriced { get; init; }

    /// <summary>False where a quantity or a level is not on its instrument's steps.</summary>
    public bool IsOnStep { get; init; }

    /// <summary>Orders it sends, at least 1.</summary>
    public int Orders { get; init; }

    /// <summary>True where it opens a position, and does not add to one.</summary>
    public bool OpensPosition { get; init; }

    /// <summary>True for several legs that hedge one another, and for quotes: no stop is asked of them.</summary>
    public bool IsHedged { get; init; }

    /// <summary>True for quotes: what they replace is withdrawn first.</summary>
    public bool IsQuote { get; init; }

    /// <summary>Time of the signal, UTC.</summary>
    public DateTimeOffset SignalTime { get; init; }

    /// <summary>Confidence of the signal, 0 to 1.</summary>
    public decimal Confidence { get; init; }

    /// <summary>Stop loss; null for none.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Notional bought, in the account's currency; null where that has no rate.</summary>
    public decimal? BuyNotional { get; init; }

    /// <summary>Notional sold, in the account's currency; null where that has no rate.</summary>
    public decimal? SellNotional { get; init; }

    /// <summary>Notional bought of <see cref="Symbol"/> alone, in the account's currency; null where it is all of what is bought.</summary>
    public decimal? SymbolBuys { get; init; }

    /// <summary>Notional sold of <see cref="Symbol"/> alone, in the account's currency; null where it is all of what is sold.</summary>
    public decimal? SymbolSells { get; init; }

    /// <summary>Margin it binds, in the account's currency; null where all of it is in one instrument, by whose rate it is found.</summary>
    public decimal? Margin { get; init; }

    /// <summary>Notional of the larger side in the instrument's own currency.</summary>
    public decimal OwnNotional { get; init; }

    /// <summary>Lots that were decided in all, for the sum of the orders that carry it out; 0 is not known.</summary>
    public decimal ParentQuantity { get; init; }

    /// <summary>Lots of that which earlier orders carry out.</summary>
    public decimal ParentDone { get; init; }

    /// <summary>Lots of all its orders that count against the parent.</summary>
    public decimal ChildQuantity { get; init; }

    /// <summary>Of an exit: signed lots held that no other exit closes already.</summary>
    public decimal Held { get; init; }
}
