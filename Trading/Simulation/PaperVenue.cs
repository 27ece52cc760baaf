using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>
/// A venue on paper: fills orders against quotes and bars. It has no clock: times come with the calls and must not go
/// back. Deterministic: the same options and calls give the same reports, and chance hangs on order ids alone. Mutable;
/// one thread. An order that trades, or is refused, at once gets no acceptance before; one that has to wait does.
/// </summary>
/// <remarks>
/// Against a quote a market order buys at the ask and sells at the bid. Against a bar an exit trades at its own price
/// where the bar holds it, else at the nearest end of the bar; an entry at the close. A waiting limit or stop order
/// trades at its level when the bar touches it, or at the open beyond it. History trades nothing. A waiting limit order that
/// is to fill in two parts fills the first when it is reached, and the second at the next price that reaches it. What is
/// immediate (<c>ioc</c>, <c>fok</c>) and does not trade against the first price is cancelled; <c>day</c> works like <c>gtc</c>.
/// </remarks>
public sealed class PaperVenue(PaperVenueOptions options)
{
    private readonly PaperVenueOptions _options = options.Checked();
    private readonly Dictionary<string, MarketUpdate> _prices = [];
    private readonly Dictionary<string, WorkingOrder> _working = [];
    private readonly Dictionary<string, List<WorkingOrder>> _resting = [];
    private readonly Dictionary<string, List<ExecutionReport>> _reports = [];
    private readonly Queue<string> _finished = new();
    private readonly PriorityQueue<WorkingOrder, (long Ticks, long Number)> _timers = new();
    private long _number;

    /// <summary>Orders that wait for a price, a level or their latency.</summary>
    public int WorkingCount => _working.Count;

    /// <summary>True for an order that was taken and may still trade.</summary>
    public bool IsWorking(string orderId) => _working.ContainsKey(orderId);

    /// <summary>What was reported of an order so far, oldest first; null for one that never came, or came long ago.</summary>
    public IReadOnlyList<ExecutionReport>? ReportsOf(string orderId) =>
        _reports.TryGetValue(orderId, out var reports) ? [.. reports] : null;

    /// <summary>When <see cref="Advance"/> has something to do next without a new price; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            while (_timers.TryPeek(out var order, out _) && !IsTimed(order))
            {
                _timers.Dequeue();
            }

            return _timers.TryPeek(out _, out var due) ? new DateTimeOffset(due.Ticks, TimeSpan.Zero) : null;
        }
    }

    /// <summary>Takes an order or a cancel. A repeated id changes nothing and gives what was reported of it so far.</summary>
    public IReadOnlyList<ExecutionReport> OnOrder(Order order, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (_reports.TryGetValue(order.OrderId, out var known))
        {
            return [.. known];
        }

        var reports = new List<ExecutionReport>();
        RunTimers(now, reports);
        if (order.Intent == OrderIntent.Cancel)
        {
            var answer = Cancel(order.TargetOrderId, order, now);
            _reports[order.OrderId] = [answer];
            Remember(order.OrderId);
            return [.. reports, answer];
        }

        _reports[order.OrderId] = [];
        if (Refusal(order) is { } refusal)
        {
            Say(reports, Report(order, OrderStatus.Rejected, now, refusal));
            Remember(order.OrderId);
            return reports;
        }

        var working = new WorkingOrder(order, _options.Catalog.Find(order.Symbol)!, now + _options.Latency, _number++);
        _working.Add(order.OrderId, working);
        if (_options.Latency > TimeSpan.Zero)
        {
            _timers.Enqueue(working, (working.ActiveAt.UtcTicks, working.Number));
        }
        else
        {
            Activate(working, reports, now);
        }

        if (_working.ContainsKey(order.OrderId))
        {
            Say(reports, Report(order, OrderStatus.Accepted, now));
        }

        return reports;
    }

    /// <summary>Takes a price, after orders whose latency ended before it traded against the one it replaces.</summary>
    public IReadOnlyList<ExecutionReport> OnMarket(MarketUpdate update, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(update);
        var reports = new List<ExecutionReport>();
        RunTimers(now, reports);
        if (update.IsHistory || (_prices.TryGetValue(update.Symbol, out var last) && update.Time < last.Time))
        {
            return reports;
        }

        _prices[update.Symbol] = update;
        if (_resting.TryGetValue(update.Symbol, out var resting))
        {
            foreach (var order in resting)
            {
                // An order without any price so far meets its first one: only its close or quote counts.
                TryFill(order, update, order.HadPrice, reports, now);
                EndImmediate(order, reports, now);
                order.HadPrice = true;
            }

            resting.RemoveAll(order => order.IsDone);
        }

        return reports;
    }

    /// <summary>Withdraws an order: reports it cancelled, or the cancel refused when it is not at work.</summary>
    public IReadOnlyList<ExecutionReport> OnCancel(string targetOrderId, DateTimeOffset now) =>
        [.. Advance(now), Cancel(targetOrderId, null, now)];

    /// <summary>Does what time alone brings: executes orders whose latency ended, refuses those that never got a price.</summary>
    public IReadOnlyList<ExecutionReport> Advance(DateTimeOffset now)
    {
        var reports = new List<ExecutionReport>();
        RunTimers(now, reports);
        return reports;
    }

    private static bool IsTimed(WorkingOrder order) => !order.IsDone && !(order.IsActive && order.HadPrice);

    private void RunTimers(DateTimeOffset now, List<ExecutionReport> reports)
    {
        while (NextDue is { } due && due <= now)
        {
            var order = _timers.Dequeue();
            if (order.IsActive)
            {
                Finish(order, reports, Report(order.Order, OrderStatus.Rejected, due, "no price"));
                _resting[order.Order.Symbol].Remove(order);
            }
            else
            {
                Activate(order, reports, due);
            }
        }
    }

    /// <summary>The order reaches the market: it trades, or rests until a price lets it.</summary>
    private void Activate(WorkingOrder order, List<ExecutionReport> reports, DateTimeOffset time)
    {
        order.IsActive = true;
        order.HadPrice = _prices.TryGetValue(order.Order.Symbol, out var price);
        if (price is not null)
        {
            TryFill(order, price, wasResting: false, reports, time);
            EndImmediate(order, reports, time);
        }
        else
        {
            _timers.Enqueue(order, ((time + _options.PriceWait).UtcTicks, order.Number));
        }

        if (!order.IsDone)
        {
            if (!_resting.TryGetValue(order.Order.Symbol, out var resting))
            {
                _resting.Add(order.Order.Symbol, resting = []);
            }

            resting.Add(order);
        }
    }

    private void TryFill(
        WorkingOrder order, MarketUpdate price, bool wasResting, List<ExecutionReport> reports, DateTimeOffset time)
    {
        if (!order.IsDone
            && PaperPricing.PriceOf(order.Order, price, wasResting, order.Instrument, _options.SlippageBps) is { } fill)
        {
            var left = PaperFills.Of(order.Order, fill, order.Instrument, _options, time).Skip(order.Parts).ToImmutableArray();
            if (wasResting && order.Order.Type == OrderType.Limit && left.Length > 1)
            {
                Say(reports, left[0]);
                order.Parts++;
                order.Traded = left[0].LastQuantity;
                return;
            }

            Finish(order, reports, left);
        }
    }

    private void EndImmediate(WorkingOrder order, List<ExecutionReport> reports, DateTimeOffset time)
    {
        if (!order.IsDone && order.Order.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok)
        {
            Finish(order, reports, Report(order.Order, OrderStatus.Cancelled, time, "not at once"));
        }
    }

    private ExecutionReport Cancel(string? target, Order? cancel, DateTimeOffset now)
    {
        if (target is not null && _working.TryGetValue(target, out var order))
        {
            var report = Report(order.Order, OrderStatus.Cancelled, now) with { CumulativeQuantity = order.Traded };
            Finish(order, [], report);
            if (order.IsActive)
            {
                _resting[order.Order.Symbol].Remove(order);
            }

            return report;
        }

        return new ExecutionReport
        {
            PositionId = cancel?.PositionId,
            OrderId = cancel?.OrderId ?? target,
            Status = OrderStatus.CancelRejected,
            Text = "not at work",
            Time = now,
        };
    }

    private string? Refusal(Order order) =>
        !(order.Quantity > 0m) ? "quantity is not positive"
        : order.Type == OrderType.Limit && !(order.LimitPrice > 0m) ? "limit order without a limit price"
        : order.Type == OrderType.Stop && !(order.StopPrice > 0m) ? "stop order without a stop price"
        : !_options.Catalog.TryFind(order.Symbol, out _) ? "unknown symbol"
        : _working.Count >= _options.MaxWorking ? "too many working orders"
        : SeededHash.Unit(SeededHash.Of(SeededHash.Of(_options.Seed, order.OrderId), 3L)) < _options.RejectRate
            ? "refused by simulation"
        : null;

    private void Finish(WorkingOrder order, List<ExecutionReport> reports, params ImmutableArray<ExecutionReport> said)
    {
        order.IsDone = true;
        _working.Remove(order.Order.OrderId);
        foreach (var report in said)
        {
            Say(reports, report);
        }

        Remember(order.Order.OrderId);
    }

    private void Say(List<ExecutionReport> reports, ExecutionReport report)
    {
        reports.Add(report);
        _reports[report.OrderId!].Add(report);
    }

    private void Remember(string orderId)
    {
        _finished.Enqueue(orderId);
        if (_finished.Count > _options.MaxRemembered)
        {
            _reports.Remove(_finished.Dequeue());
        }
    }

    private static ExecutionReport Report(Order order, OrderStatus status, DateTimeOffset time, string? text = null) =>
        new() { PositionId = order.PositionId, OrderId = order.OrderId, Status = status, Text = text, Time = time };

    private sealed class WorkingOrder(Order order, Instrument instrument, DateTimeOffset activeAt, long number)
    {
        public Order Order { get; } = order;

        public Instrument Instrument { get; } = instrument;

        public DateTimeOffset ActiveAt { get; } = activeAt;

        public long Number { get; } = number;

        /// <summary>Its latency is over.</summary>
        public bool IsActive { get; set; }

        /// <summary>It met a price, and rests at its level.</summary>
        public bool HadPrice { get; set; }

        public bool IsDone { get; set; }

        /// <summary>Fills reported while the rest keeps waiting.</summary>
        public int Parts { get; set; }

        /// <summary>Lots of those fills.</summary>
        public decimal Traded { get; set; }
    }
}
