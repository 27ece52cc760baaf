using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>What is judged is what is asked for, each order in its own currency.</summary>
public sealed class RiskOrdersTests
{
    [Fact]
    public void Market_entry_is_worth_its_quantity_at_its_price_in_the_accounts_currency()
    {
        var order = RiskOrders.Of(
            Entry(Side.Buy, OrderType.Market) with { StopLoss = 90m, ParentQuantity = 2m }, currency => currency == "USD" ? 0.8m : null);

        Assert.Equal((OrderClass.Entry, "trend", "BTCUSD", 2, Side.Buy), (order.Class, order.Strategy, order.Symbol, order.Tier, order.Side));
        Assert.Equal((2m, 100m, false, true, 1), (order.Quantity, order.Price, order.IsPriced, order.IsOnStep, order.Orders));
        Assert.Equal((160m, 0m, 200m), (order.BuyNotional, order.SellNotional, order.OwnNotional));
        Assert.Equal((90m, 2m, 2m, 0m), (order.StopLoss, order.ParentQuantity, order.ChildQuantity, order.ParentDone));
        Assert.Equal((true, false, false), (order.OpensPosition, order.IsHedged, order.IsQuote));
    }

    [Theory]
    [InlineData(OrderType.Limit, 100, 2, true)]
    [InlineData(OrderType.Stop, 100.01, 2, true)]
    [InlineData(OrderType.Limit, 100.005, 2, false)]
    [InlineData(OrderType.Market, 100.005, 2, true)]
    [InlineData(OrderType.Market, 100, 2.005, false)]
    public void Quantity_and_level_are_on_their_steps(OrderType type, double price, double quantity, bool isOnStep)
    {
        var entry = Entry(Side.Sell, type, (decimal)quantity, (decimal)price);

        Assert.Equal((isOnStep, type != OrderType.Market), (Of(entry).IsOnStep, Of(entry).IsPriced));
        Assert.Equal((0m, (decimal)quantity * (decimal)price), (Of(entry).BuyNotional, Of(entry).SellNotional));
    }

    [Fact]
    public void Legs_in_several_currencies_are_each_converted()
    {
        var entry = Entry(Side.Buy, OrderType.Market) with
        {
            Legs = [Leg("USD"), Leg("EUR")],
            Orders = [Planned(0, Side.Buy, 1m, 100m), Planned(1, Side.Sell, 3.005m, 80m)],
        };
        var order = RiskOrders.Of(entry, currency => currency == "EUR" ? 1.25m : 1m);

        Assert.Equal((100m, 300.5m), (order.BuyNotional, order.SellNotional));
        Assert.Equal((1m, 4.005m, 2, true, true), (order.Quantity, order.ChildQuantity, order.Orders, order.IsHedged, order.IsOnStep));
        Assert.Null(RiskOrders.Of(entry, currency => currency == "EUR" ? null : 1m).SellNotional);
    }

    [Fact]
    public void Entry_that_cannot_be_valued_has_no_notional()
    {
        Assert.Null(RiskOrders.Of(Entry(Side.Buy, OrderType.Market), _ => null).BuyNotional);
        var unknown = Of(Entry(Side.Buy, OrderType.Market) with { Instrument = null });
        Assert.Equal((null, true), (unknown.BuyNotional, unknown.IsOnStep));
    }

    [Fact]
    public void Entry_without_orders_is_no_order()
    {
        var buy = Of(Entry(Side.Buy, OrderType.Market) with { Orders = default, Legs = default });
        var sell = Of(Entry(Side.Buy, OrderType.Market) with { Orders = [], Signal = Given.Signal(SignalAction.Sell) });

        Assert.Equal((0m, 0m, 1, Side.Buy), (buy.Quantity, buy.Price, buy.Orders, buy.Side));
        Assert.Equal(Side.Sell, sell.Side);
        Assert.Throws<ArgumentNullException>(() => RiskOrders.Of(null!, _ => 1m));
        Assert.Throws<ArgumentNullException>(() => RiskOrders.Of(Entry(Side.Buy, OrderType.Market), null!));
    }

    [Fact]
    public void Quote_is_one()
    {
        var order = Of(Entry(Side.Buy, OrderType.Limit) with { Signal = Given.Signal(SignalAction.MarketMaking) });

        Assert.True(order.IsQuote);
    }

    /// <summary>Buys 2 BTCUSD at 100 and sells 3 ETHUSD at 40 and 1 at 50.</summary>
    private static EntryRequest Triangle() => Entry(Side.Buy, OrderType.Market) with
    {
        BuyNotional = 200m,
        SellNotional = 170m,
        Legs = [Of("BTCUSD"), Of("ETHUSD")],
        Orders = [Planned(0, Side.Buy, 2m, 100m), Planned(1, Side.Sell, 3m, 40m), Planned(1, Side.Sell, 1m, 50m) with { Type = OrderType.Limit }],
        Markets = [new LegMarket("ETHUSD", Given.Instrument("ETHUSD") with { MarginRate = 0.5m }, PriceView.None)],
    };

    [Fact]
    public void Leg_in_another_instrument_is_judged_by_what_it_trades_in_it()
    {
        var entry = Triangle();
        var whole = Of(entry);
        var leg = Assert.Single(RiskOrders.FurtherLegsOf(entry, whole, _ => 2m));

        Assert.Equal(("BTCUSD", 2m, 200m, 200m, 0m), (whole.Symbol, whole.Quantity, whole.OwnNotional, whole.SymbolBuys, whole.SymbolSells));
        Assert.Equal((200m, 170m, 285m), (whole.BuyNotional, whole.SellNotional, whole.Margin));
        Assert.Equal(
            ("ETHUSD", Side.Sell, 3m, 40m, true, 170m, 0m, 340m),
            (leg.Symbol, leg.Side, leg.Quantity, leg.Price, leg.IsPriced, leg.OwnNotional, leg.SymbolBuys, leg.SymbolSells));
        Assert.Equal(whole.BuyNotional, leg.BuyNotional);
    }

    [Fact]
    public void Legs_at_two_venues_of_one_instrument_are_judged_together()
    {
        var entry = Entry(Side.Buy, OrderType.Market) with
        {
            Legs = [Of("BTCUSD"), Of("BTCUSD")],
            Orders = [Planned(0, Side.Buy, 2m, 100m), Planned(1, Side.Sell, 2m, 101m)],
        };

        Assert.Empty(RiskOrders.FurtherLegsOf(entry, Of(entry), _ => 1m));
        Assert.Equal((null, null, null), (Of(entry).SymbolBuys, Of(entry).SymbolSells, Of(entry).Margin));
    }

    [Fact]
    public void Of_an_instrument_that_is_not_known_all_is_bound_and_without_a_rate_nothing_is_known()
    {
        var entry = Triangle() with { Markets = default };

        Assert.Equal(370m, Of(entry).Margin);
        var whole = RiskOrders.Of(entry, _ => null);
        var leg = Assert.Single(RiskOrders.FurtherLegsOf(entry, whole, _ => null));
        Assert.Equal((null, null, null), (whole.BuyNotional, whole.Margin, leg.SymbolSells));
        Assert.Equal((170m, 0m), (leg.OwnNotional, leg.SymbolBuys));
    }

    private static PositionLeg Of(string symbol) => new(symbol, new ContractTerms(QuoteCurrency: "USD", BaseCurrency: symbol[..3]), new LegLedger());

    private static RiskOrder Of(EntryRequest entry) => RiskOrders.Of(entry, _ => 1m);

    private static EntryRequest Entry(Side side, OrderType type, decimal quantity = 2m, decimal price = 100m) => new()
    {
        Signal = Given.Signal(),
        Instrument = Given.Instrument("BTCUSD"),
        Price = GivenRisk.Price,
        IsSessionOpen = true,
        BuyNotional = side == Side.Buy ? quantity * price : 0m,
        SellNotional = side == Side.Sell ? quantity * price : 0m,
        Orders = [Planned(0, side, quantity, price) with { Type = type }],
    };

    private static PlannedOrder Planned(int leg, Side side, decimal quantity, decimal price) =>
        new(leg, side, quantity, price, OrderType.Market, OrderIntent.Open);

    private static PositionLeg Leg(string currency) =>
        new("BTC" + currency, new ContractTerms(QuoteCurrency: currency, BaseCurrency: "BTC"), new LegLedger());
}
