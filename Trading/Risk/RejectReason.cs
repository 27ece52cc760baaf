namespace TradingEngine.Trading.Risk;

/// <summary>Why something was refused. Codes are in ranges by stage and never reused.</summary>
public enum RejectReason
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>Not JSON, not UTF-8, too deep, too large, or not an object.</summary>
    Malformed = 100,

    /// <summary>A field is missing, not a number, not finite, not positive, or out of range.</summary>
    InvalidField = 101,

    /// <summary>The action is not one the queue knows.</summary>
    UnknownAction = 102,

    /// <summary>A stop or target is on the wrong side of the price.</summary>
    WrongSide = 103,

    /// <summary>The account belongs to another partition, which has queues of its own.</summary>
    WrongPartition = 104,

    /// <summary>The mode does not let this order pass.</summary>
    TradingHalted = 200,

    /// <summary>The mode lets only exits pass.</summary>
    ReduceOnly = 201,

    /// <summary>The store or the account is not ready.</summary>
    NotReady = 202,

    /// <summary>The signal was handled before; its earlier outcome stands.</summary>
    Duplicate = 203,

    /// <summary>The signal is older than its tier allows.</summary>
    ExpiredSignal = 300,

    /// <summary>The instrument is not known.</summary>
    UnknownSymbol = 301,

    /// <summary>The symbol is halted.</summary>
    SymbolHalted = 302,

    /// <summary>The strategy is halted.</summary>
    StrategyHalted = 303,

    /// <summary>The tier is halted.</summary>
    TierHalted = 304,

    /// <summary>The instrument's session is closed.</summary>
    MarketClosed = 305,

    /// <summary>The last price is too old, or there is none.</summary>
    StaleData = 306,

    /// <summary>No price in the signal and none known: nothing is guessed.</summary>
    NoPrice = 307,

    /// <summary>The signal's time lies further ahead than clocks may differ.</summary>
    FutureSignal = 308,

    /// <summary>The signal is less sure of itself than its strategy must be.</summary>
    LowConfidence = 309,

    /// <summary>The instrument's kind of asset is not known, so neither are its sessions.</summary>
    UnknownAssetClass = 310,

    /// <summary>Too many orders of the same side, symbol, quantity and price within a moment.</summary>
    DuplicatePattern = 311,

    /// <summary>The limits do not let this symbol be entered.</summary>
    Restricted = 312,

    /// <summary>Bid and ask are crossed, or too far apart.</summary>
    BadMarket = 313,

    /// <summary>The price lies too far from the last one, or the market moved too far within a minute.</summary>
    PriceCollar = 314,

    /// <summary>A currency of account or order has no fresh rate, or what is held no price: it cannot be valued.</summary>
    NoRate = 315,

    /// <summary>The account is halted.</summary>
    AccountHalted = 316,

    /// <summary>Too much of one symbol, working orders included.</summary>
    PositionLimit = 400,

    /// <summary>Too much exposure in total.</summary>
    GrossLimit = 401,

    /// <summary>Too much exposure in one direction.</summary>
    NetLimit = 402,

    /// <summary>A closing order would increase or flip the position, or a signal would add to one that is being left.</summary>
    ReduceOnlyIncreases = 403,

    /// <summary>An entry without a stop loss.</summary>
    StopRequired = 404,

    /// <summary>There is nothing to close.</summary>
    NothingToClose = 405,

    /// <summary>More lots than one order may have.</summary>
    MaxQty = 406,

    /// <summary>More notional than one entry may have.</summary>
    MaxNotional = 407,

    /// <summary>Less notional than the instrument's least.</summary>
    MinNotional = 408,

    /// <summary>Too much of a group of symbols that move together.</summary>
    GroupLimit = 409,

    /// <summary>Too much by signals of one tier.</summary>
    TierBudget = 410,

    /// <summary>The margin that is free does not carry it, or the leverage would be too high.</summary>
    InsufficientMargin = 411,

    /// <summary>Too many open positions.</summary>
    MaxPositions = 412,

    /// <summary>Too many working orders.</summary>
    MaxWorking = 413,

    /// <summary>Too many orders within a second.</summary>
    RateLimit = 414,

    /// <summary>Too many orders for what trades of them.</summary>
    OtrLimit = 415,

    /// <summary>Entry after entry of a strategy, and none traded. Latched until an operator releases the strategy.</summary>
    RaeThrottle = 416,

    /// <summary>The orders of a decision exceed what was decided. Latches the strategy until an operator releases it.</summary>
    ParentOverrun = 417,

    /// <summary>It could trade with an order of the same account.</summary>
    SelfTrade = 418,

    /// <summary>The account lost too much since its day began.</summary>
    DailyLoss = 419,

    /// <summary>The account is too far below the most it was ever worth.</summary>
    MaxDrawdown = 420,

    /// <summary>The strategy lost, or was refused by the venue, too often in a row, and has to wait.</summary>
    Cooldown = 421,

    /// <summary>The execution agent holds something else of this symbol than the engine counts.</summary>
    ReconBreak = 422,

    /// <summary>The sizing rule gives no quantity: it is below the least, or what it needs is not known.</summary>
    NoSize = 423,

    /// <summary>The risk agent outside said no.</summary>
    RiskAgentRefused = 424,

    /// <summary>The risk agent outside said nothing in time.</summary>
    RiskAgentSilent = 425,

    /// <summary>The execution agent or venue refused the order.</summary>
    VenueRejected = 500,

    /// <summary>The order was cancelled or expired before anything traded.</summary>
    NotFilled = 501,

    /// <summary>The execution agent has not been heard of for too long.</summary>
    VenueDown = 502,
}

/// <summary>Spelling of codes on the wire and in tables.</summary>
public static class RejectReasons
{
    /// <summary>The code in upper snake case, such as <c>STOP_REQUIRED</c>.</summary>
    public static string Code(this RejectReason reason)
    {
        var name = reason.ToString();
        var text = new System.Text.StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
