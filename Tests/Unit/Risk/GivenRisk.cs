using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Orders that pass every check under limits with room, to be made wrong in one thing at a time.</summary>
internal static class GivenRisk
{
    public const decimal Equity = 1_000m;

    public static readonly DateTimeOffset Now = Given.Now;

    /// <summary>The conservative limits without those that would stand before the one that is looked at.</summary>
    public static RiskLimits Limits { get; } = RiskLimits.Conservative with
    {
        MaxNotionalShare = 100m,
        MaxPositionShare = 100m,
        MaxGrossShare = 100m,
        MaxNetShare = 100m,
        MaxGroupShare = 100m,
        MaxTierShare = 100m,
        MaxLeverage = 100m,
    };

    public static RiskOrder Entry { get; } = new()
    {
        Class = OrderClass.Entry,
        Strategy = "trend",
        Symbol = "BTCUSD",
        Tier = 2,
        Side = Side.Buy,
        Quantity = 0.1m,
        Price = 100m,
        IsOnStep = true,
        Orders = 1,
        OpensPosition = true,
        SignalTime = Now,
        Confidence = 0.5m,
        StopLoss = 90m,
        BuyNotional = 10m,
        SellNotional = 0m,
        OwnNotional = 10m,
        ParentQuantity = 0.1m,
        ChildQuantity = 0.1m,
    };

    public static RiskOrder Exit { get; } = new()
    {
        Class = OrderClass.Exit,
        Strategy = "trend",
        Symbol = "BTCUSD",
        Tier = 2,
        Side = Side.Sell,
        Quantity = 0.1m,
        Price = 100m,
        IsOnStep = true,
        Orders = 1,
        Held = 0.1m,
    };

    public static RiskOrder Cancel { get; } = Exit with { Class = OrderClass.Cancel };

    public static PriceView Price { get; } = new(99.9m, 100.1m, Now, TimeSpan.Zero, AssetClass.Crypto);

    public static RiskFacts Facts { get; } = new()
    {
        Mode = EngineMode.Running,
        IsReady = true,
        Instrument = Given.Instrument("BTCUSD") with { MarginRate = 0.01m },
        IsSessionOpen = true,
        Price = Price,
        Equity = Equity,
        DayStart = Equity,
        Peak = Equity,
        IsReconciled = true,
        IsVenueUp = true,
    };

    public static RejectReason Judge(
        RiskOrder? order = null, RiskFacts? facts = null, RiskLimits? limits = null, RiskMemory? memory = null,
        DateTimeOffset? now = null) =>
        RiskChain.Judge(order ?? Entry, facts ?? Facts, limits ?? Limits, memory ?? new RiskMemory(), now ?? Now);

    public static RiskOrder Of(OrderClass order) => order switch
    {
        OrderClass.Entry => Entry,
        OrderClass.Exit => Exit,
        OrderClass.Cancel => Cancel,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order class."),
    };
}
