using TradingEngine.Tests.Unit.Positions;
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
/// A market maker in one symbol against a paper venue: a signal quotes both sides of the middle, at most once a
/// <paramref name="pace"/>. Orders and cancels take the venue's latency, so that prices trade with quotes that are being
/// cancelled. A resting quote trades at its own price when the market's other side touches it, one that crosses at the touch.
/// After everything that happens it compares what works, what is held and what was earned with its own count.
/// </summary>
internal sealed class QuotingRun(string symbol, PaperVenueOptions options, TierOneTerms terms, TimeSpan pace, int halfSpreadTicks)
{
    private const decimal Lots = 0.1m;

    private readonly PaperVenue _venue = new(options);
    private readonly Instrument _instrument = options.Catalog.Find(symbol)!;
    private readonly FractionLedger _ledger = new(ContractTerms.Of(options.Catalog.Find(symbol)!));
    private readonly Dictionary<string, Order> _working = [];
    private readonly Queue<(DateTimeOffset At, Order Cancel)> _cancels = new();
    private PositionState? _state;
    private DateTimeOffset _nextSignal;
    private decimal _bid;
    private decimal _ask;
    private decimal _realized;
    private decimal _cash;
    private decimal _held;

    public int Signals { get; private set; }

    public int Quotes { get; private set; }

    public int Fills { get; private set; }

    public int Cycles { get; private set; }

    public int LateCancels { get; private set; }

    /// <summary>Fills after which one side may not be quoted.</summary>
    public int OneSided { get; private set; }

    public int MostWorking { get; private set; }

    public decimal MostLong { get; private set; }

    public decimal MostShort { get; private set; }

    public int MostOrdersKept { get; private set; }

    public decimal Realized => _realized + (_state?.Realized ?? 0m);

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{symbol}: {Signals} signals, {Quotes} quotes, {Fills} fills, {LateCancels} cancels too late, {Cycles} cycles, "
        + $"most working {MostWorking}, inventory -{MostShort} to {MostLong} lots, one side barred after {OneSided} fills, realised {Realized}");

    public void OnMarket(DateTimeOffset time, decimal bid, decimal ask)
    {
        AdvanceTo(time);
        (_bid, _ask) = (bid, ask);
        Check();
        Report(_venue.OnMarket(new MarketUpdate(symbol, AssetClass.Forex, time, bid, ask, null, "test"), time), time);
        if (time >= _nextSignal)
        {
            _nextSignal = time + pace;
            var (mid, half) = ((bid + ask) / 2m, halfSpreadTicks * _instrument.TickSize);
            Signal(time, _instrument.FloorToTick(mid - half), _instrument.CeilingToTick(mid + half));
        }
    }

    /// <summary>Lets everything come to rest, flattens, and compares once more.</summary>
    public void Finish(DateTimeOffset time)
    {
        for (var i = 0; i < 20 && _state is not null; i++)
        {
            Take(PositionLifecycle.Close(_state, "command", null, time), time);
            time = time.AddSeconds(10);
            AdvanceTo(time);
        }

        Assert.True(_state is null, $"A position of {symbol} could not be closed.");
        Assert.Equal((0m, 0), (_held, _working.Count));
    }

    private ContractTerms Terms => ContractTerms.Of(_instrument);

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
            var cancel = _cancels.TryPeek(out var first) ? first.At : DateTimeOffset.MaxValue;
            if (_venue.NextDue is { } venue && venue <= time && venue <= cancel && (due is null || venue <= due))
            {
                Report(_venue.Advance(venue), venue);
            }
            else if (cancel <= time && (due is null || cancel <= due))
            {
                Report(_venue.OnOrder(_cancels.Dequeue().Cancel, cancel), cancel);
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
            if (_state is null)
            {
                Assert.Equal(0m, report.LastQuantity);
                continue;
            }

            var (transition, outcome) = PositionLifecycle.Apply(_state, report, time);
            Assert.True(report.LastQuantity == 0m || outcome == ReportOutcome.Applied, $"A fill was taken as {outcome}.");
            Take(transition, time);
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
            _ledger.Count(signed, report.LastPrice, report.Commission);
            (MostLong, MostShort) = (Math.Max(MostLong, _held), Math.Max(MostShort, -_held));
            OneSided += Math.Abs(_held) + Lots > terms.MaxInventory ? 1 : 0;
        }

        LateCancels += report.Status == OrderStatus.CancelRejected ? 1 : 0;
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

        Check();
        foreach (var order in transition.Orders)
        {
            if (order.Intent == OrderIntent.Cancel)
            {
                _cancels.Enqueue((time + options.Latency, order));
            }
            else
            {
                Report(_venue.OnOrder(order, time), time);
            }
        }

        if (_state is { IsFinal: true })
        {
            _realized += _state.Realized;
            Cycles++;
            _state = null;
        }
    }

    private void Check()
    {
        var working = _working.Values.Count(order => order.Intent == OrderIntent.Quote);
        MostWorking = Math.Max(MostWorking, working);
        Assert.InRange(working, 0, 2);
        Assert.InRange(_held, -terms.MaxInventory!.Value, terms.MaxInventory.Value);

        var mark = _held > 0m ? _bid : _ask;
        var ledger = _state?.Legs[0].Ledger ?? new LegLedger();
        var unrealized = mark == 0m ? 0m : ledger.Unrealized(Terms, mark);
        Assert.Equal(_held, ledger.Quantity);

        // To the last digit what averages in fractions come to …
        Assert.Equal(_ledger.Realized, Realized);
        Assert.Equal(mark == 0m ? 0m : _ledger.Unrealized(mark), unrealized);

        // … and, without any average, the money that was paid and what is held would bring: each fill rounds half a digit at most.
        var worth = _cash + (_held * _instrument.ContractSize * mark);
        var rounding = (Fills + 1) / 2m * new decimal(1, 0, 0, false, (byte)Terms.MoneyDecimals);
        Assert.InRange(Realized + unrealized - worth, -rounding, rounding);
    }
}
