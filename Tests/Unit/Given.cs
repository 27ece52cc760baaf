using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Tests.Unit;

/// <summary>The inputs tests start from.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Unanswered = TimeSpan.FromSeconds(30);

    public static Signal Signal(
        SignalAction action = SignalAction.Buy, decimal quantity = 1m, decimal? price = 100m, decimal? stop = null,
        decimal? target = null, string id = "s1", string symbol = "BTCUSD", params SignalLeg[] legs) => new()
        {
            Id = id,
            Tier = legs.Length > 0 ? 1 : 2,
            Strategy = "trend",
            Kind = StrategyKind.Trend,
            Action = action,
            Symbol = symbol,
            Quantity = quantity,
            EntryPrice = price,
            StopLoss = stop,
            TakeProfit = target,
            Time = Now,
            Legs = [.. legs],
        };

    public static OpenPosition Opening(Side side = Side.Buy, decimal quantity = 1m, decimal price = 100m) => new(
        "P1",
        Signal(side == Side.Buy ? SignalAction.Buy : SignalAction.Sell, quantity, price),
        [Leg("BTCUSD")],
        [new PlannedOrder(0, side, quantity, price, OrderType.Market, OrderIntent.Open)],
        ExitPlan.None);

    public static OpenPosition Arbitrage(decimal quantity = 1m) => new(
        "P1",
        Signal(SignalAction.Arbitrage, quantity),
        [Leg("BTCUSD"), Leg("BTCEUR")],
        [
            new PlannedOrder(0, Side.Buy, quantity, 100m, OrderType.Market, OrderIntent.ArbitrageLeg, "A"),
            new PlannedOrder(1, Side.Sell, quantity, 101m, OrderType.Market, OrderIntent.ArbitrageLeg, "B"),
        ],
        ExitPlan.None);

    public static OpenPosition Quote(decimal quantity = 1m) => new(
        "P1",
        Signal(SignalAction.MarketMaking, quantity),
        [Leg("BTCUSD")],
        [
            new PlannedOrder(0, Side.Buy, quantity, 99m, OrderType.Limit, OrderIntent.Quote),
            new PlannedOrder(0, Side.Sell, quantity, 101m, OrderType.Limit, OrderIntent.Quote),
        ],
        ExitPlan.None);

    public static PositionLeg Leg(string symbol) =>
        new(symbol, new ContractTerms(QuoteCurrency: "USD", BaseCurrency: "BTC"), new LegLedger());

    public static ExecutionReport Report(
        Order order, OrderStatus status, decimal quantity = 0m, decimal price = 0m, string? fillId = null,
        decimal? cumulative = null, decimal commission = 0m) => new()
        {
            PositionId = order.PositionId,
            OrderId = order.OrderId,
            Status = status,
            FillId = fillId,
            LastQuantity = quantity,
            LastPrice = price,
            CumulativeQuantity = cumulative,
            Commission = commission,
            Time = Now,
        };

    public static Instrument Instrument(string symbol, decimal contractSize = 1m) =>
        new(symbol, AssetClass.Crypto, contractSize, 0.01m, 0.01m, 0.01m, "USD", "BTC");

    public static PriceView Price(decimal bid, decimal ask) => new(bid, ask, Now, TimeSpan.Zero, AssetClass.Crypto);
}

/// <summary>One position and everything that came out of it.</summary>
internal sealed class Life
{
    public Life(OpenPosition open)
    {
        var transition = PositionLifecycle.Open(open, Now);
        State = transition.State;
        Take(transition);
    }

    public PositionState State { get; private set; }

    public DateTimeOffset Now { get; set; } = Given.Now;

    public List<Order> Sent { get; } = [];

    public List<TradingFact> Facts { get; } = [];

    public List<(PositionState? Before, PositionState After)> Steps { get; } = [];

    public ReportOutcome Outcome { get; private set; }

    public Order Entry => Sent[0];

    public Order LastClose => Sent.Last(order => order.Intent == OrderIntent.Close);

    public decimal Quantity => State.Legs[0].Ledger.Quantity;

    public int Closes => Sent.Count(order => order.Intent == OrderIntent.Close);

    public Transition Report(ExecutionReport report, bool maySend = true)
    {
        var (transition, outcome) = PositionLifecycle.Apply(State, report, Now, maySend);
        Outcome = outcome;
        return Take(transition);
    }

    public Transition Fill(Order order, decimal quantity, decimal price, string fillId, decimal commission = 0m)
    {
        var done = State.Orders.Single(o => o.Order.OrderId == order.OrderId).CumulativeQuantity + quantity;
        var status = done >= order.Quantity ? OrderStatus.Filled : OrderStatus.PartiallyFilled;
        return Report(Given.Report(order, status, quantity, price, fillId, commission: commission));
    }

    public Transition Say(Order order, OrderStatus status) => Report(Given.Report(order, status));

    public Transition Close(string reason = "command", decimal? price = null) =>
        Take(PositionLifecycle.Close(State, reason, price, Now));

    public Transition Reduce(decimal quantity) => Take(PositionLifecycle.Reduce(State, quantity, "signal", null, Now));

    public Transition Add(Signal signal) => Take(PositionLifecycle.Add(State, signal, 100m, Now));

    public Transition Quote(Signal signal, QuotePlan plan) => Take(PositionLifecycle.Quote(State, signal, plan, Now));

    public Transition Pass(TimeSpan time)
    {
        Now += time;
        return Take(PositionLifecycle.Tick(State, Given.Unanswered, Now));
    }

    public OrderState Of(Order order) => State.Orders.Single(o => o.Order.OrderId == order.OrderId);

    public bool Said(FactKind kind) => Facts.Any(fact => fact.Kind == kind);

    private Transition Take(Transition transition)
    {
        Steps.Add((Steps.Count == 0 ? null : State, transition.State));
        if (!transition.HasChanged && (transition.State != State || transition.Orders.Length > 0))
        {
            throw new InvalidOperationException("A transition changed something and says it did not: it would not be committed.");
        }

        State = transition.State;
        Sent.AddRange(transition.Orders);
        Facts.AddRange(transition.Facts);
        return transition;
    }
}
