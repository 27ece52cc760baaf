using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Strategies;

/// <summary>
/// A market maker in one symbol against a paper venue that takes a while: each quote of the market is a signal. It counts on
/// its own what works at the venue, what is held and what was paid.
/// </summary>
internal sealed class QuotingRun(string symbol, PaperVenueOptions options, TierOneTerms terms)
{
    private const decimal Lots = 0.1m;

    private readonly PaperVenue _venue = new(options);
    private readonly Instrument _instrument = options.Catalog.Find(symbol)!;
    private readonly Dictionary<string, Order> _working = [];
    private PositionState? _state;
    private decimal _realized;
    private decimal _cash;
    private decimal _held;

    public int Signals { get; private set; }

    public int Quotes { get; private set; }

    public int Fills { get; private set; }

    public int Cycles { get; private set; }

    public int MostWorking { get; private set; }

    public decimal MostHeld { get; private set; }

    public int MostOrdersKept { get; private set; }

    public decimal Realized => _realized;

    public void OnMarket(DateTimeOffset time, decimal bid, decimal ask)
    {
        AdvanceTo(time);
        Report(_venue.OnMarket(new MarketUpdate(symbol, AssetClass.Forex, time, bid, ask, null, "test"), time), time);
        // Within the market's spread, so that later prices cross it.
        var inside = Math.Floor((ask - bid) * 0.45m / _instrument.TickSize) * _instrument.TickSize;
        Signal(time, bid + inside, ask - inside);
    }

    /// <summary>Flattens, and compares what the positions earned with what was paid for every fill.</summary>
    public void Finish(DateTimeOffset time)
    {
        for (var i = 0; i < 20 && _state is not null; i++)
        {
            Take(PositionLifecycle.Close(_state, "command", null, time), time);
            time = time.AddSeconds(10);
            AdvanceTo(time);
        }

        Assert.True(_state is null, $"A position of {symbol} could not be closed.");
        Assert.Equal(0m, _held);
        // Money is rounded at each fill, to the currency's last digit.
        Assert.InRange(_realized - _cash, -Fills * LastDigit, Fills * LastDigit);
    }

    private ContractTerms Terms => ContractTerms.Of(_instrument);

    private decimal LastDigit => new(1, 0, 0, false, (byte)Terms.MoneyDecimals);

    private void Signal(DateTimeOffset time, decimal bid, decimal ask)
    {
        var signal = new Signal
        {
            Id = $"{symbol}-{++Signals}", Tier = 1, Strategy = "market_making", Kind = StrategyKind.MarketMaking,
            Action = SignalAction.MarketMaking, Symbol = symbol, Quantity = Lots, Time = time,
            Legs = [new SignalLeg(symbol, Side.Buy, Lots, bid, null), new SignalLeg(symbol, Side.Sell, Lots, ask, null)],
        };
        var open = _state is null ? [] : new[] { PositionIndexEntry.Of(_state, _state.Legs[0], Given.Unanswered) };
        var plan = SignalPlanner.Plan(
            signal, ClientOrderId.ForPosition(signal.Account, signal.Strategy, signal.Id), PositionMode.Hedge, open,
            _ => _instrument, _ => PriceView.None, terms);
        if (plan.Open is { } opens)
        {
            Take(PositionLifecycle.Open(opens, time), time);
        }
        else if (plan.Changes is [{ Quotes: { } quotes }])
        {
            Take(PositionLifecycle.Quote(_state!, signal, quotes, time), time);
        }
    }

    private void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            var due = _state is null ? null : PositionLifecycle.NextDeadline(_state, Given.Unanswered);
            if (_venue.NextDue is { } venue && venue <= time && (due is null || venue <= due))
            {
                Report(_venue.Advance(venue), venue);
            }
            else if (due <= time)
            {
                Take(PositionLifecycle.Tick(_state!, Given.Unanswered, due.Value), due.Value);
            }
            else
            {
                return;
            }
        }
    }

    private void Report(IReadOnlyList<ExecutionReport> reports, DateTimeOffset time)
    {
        foreach (var report in reports)
        {
            Count(report);
            if (_state is not null)
            {
                Take(PositionLifecycle.Apply(_state, report, time).Transition, time);
            }
        }
    }

    private void Count(ExecutionReport report)
    {
        if (report.LastQuantity > 0m)
        {
            var signed = _working[report.OrderId!].Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
            Fills++;
            _held += signed;
            _cash -= (signed * _instrument.ContractSize * report.LastPrice) + Math.Round(report.Commission, Terms.MoneyDecimals);
            MostHeld = Math.Max(MostHeld, Math.Abs(_held));
        }

        if (report.Status is OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Rejected)
        {
            _working.Remove(report.OrderId!);
        }
    }

    private void Take(Transition transition, DateTimeOffset time)
    {
        _state = transition.State;
        MostOrdersKept = Math.Max(MostOrdersKept, _state.Orders.Length);
        foreach (var order in transition.Orders.Where(order => order.Intent != OrderIntent.Cancel))
        {
            _working.Add(order.OrderId, order);
            Quotes += order.Intent == OrderIntent.Quote ? 1 : 0;
        }

        MostWorking = Math.Max(MostWorking, _working.Values.Count(order => order.Intent == OrderIntent.Quote));
        foreach (var order in transition.Orders)
        {
            Report(_venue.OnOrder(order, time), time);
        }

        if (_state is { IsFinal: true })
        {
            _realized += _state.Realized;
            Cycles++;
            Assert.Equal(_held, _state.Legs[0].Ledger.Quantity);
            _state = null;
        }
    }
}
