namespace TradingEngine.Trading.Orders;

/// <summary>How long an order works. The venue ends it: the engine hears of it as cancelled or expired.</summary>
public enum TimeInForce
{
    /// <summary>Until it is filled or cancelled.</summary>
    Gtc = 1,

    /// <summary>What does not trade at once is cancelled.</summary>
    Ioc = 2,

    /// <summary>All of it at once, or nothing.</summary>
    Fok = 3,

    /// <summary>Until the end of the trading day of its venue.</summary>
    Day = 4,
}
