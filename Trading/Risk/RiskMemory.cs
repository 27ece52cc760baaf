using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

/// <summary>What became of a strategy's orders since it was last asked.</summary>
/// <param name="Strategy">Strategy.</param>
/// <param name="Fills">Fills.</param>
/// <param name="Wins">Positions closed with a profit.</param>
/// <param name="Losses">Positions closed without one.</param>
/// <param name="Refusals">Positions that the venue refused.</param>
public readonly record struct StrategyOutcome(string Strategy, int Fills, int Wins, int Losses, int Refusals);

/// <summary>
/// What an account did lately, as far as its checks ask for it: bounded, and without a clock of its own. It lives with the
/// account's activation; what must outlive it (a latch, a cooldown) is a halt that the breakers decide. Not thread-safe.
/// </summary>
public sealed class RiskMemory
{
    /// <summary>Most strategies it knows. One more is refused until another was quiet for long.</summary>
    public const int MaxStrategies = 1024;

    /// <summary>Most symbols whose own levels it knows; levels of further symbols are not kept, and a trade with oneself in them is the venue's to stop.</summary>
    public const int MaxSymbols = 4096;

    private readonly Dictionary<string, StrategyFlow> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (decimal Bid, decimal Ask)> _levels = new(StringComparer.Ordinal);
    private readonly LookAlikeRing _ring = new();

    /// <summary>How fast the account sent.</summary>
    public OrderRate Rate { get; private set; }

    /// <summary>Every strategy that is known.</summary>
    public IReadOnlyDictionary<string, StrategyFlow> Flows => _flows;

    /// <summary>The strategy; null when it did nothing yet.</summary>
    public StrategyFlow? Find(string strategy) => _flows.GetValueOrDefault(strategy);

    /// <summary>Equal orders within a window that ends now; an order that could not be remembered looks like every other.</summary>
    public int LookAlikes(in RiskOrder order, TimeSpan window, DateTimeOffset now) =>
        _ring.IsFull(now - window) ? int.MaxValue : _ring.Count(order, now - window);

    /// <summary>Own levels of a symbol: highest bid and lowest ask that may still be working; 0 for none.</summary>
    public (decimal Bid, decimal Ask) LevelsOf(string symbol) => _levels.GetValueOrDefault(symbol);

    /// <summary>True where a strategy that is not known could not be remembered.</summary>
    public bool IsFull(DateTimeOffset now) => _flows.Count >= MaxStrategies && !MakeRoom(now);

    /// <summary>Takes note of a decision. What was refused for repeating or overrunning is latched.</summary>
    public void Note(in RiskOrder order, RejectReason decision, RiskLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (order.Class != OrderClass.Entry)
        {
            return;
        }

        if (decision is RejectReason.RaeThrottle or RejectReason.ParentOverrun && FlowOf(order.Strategy, now) is { } flow)
        {
            flow.IsThrottled |= decision == RejectReason.RaeThrottle;
            flow.IsOverrun |= decision == RejectReason.ParentOverrun;
        }

        if (decision == RejectReason.RateLimit)
        {
            FlowOf(order.Strategy, now)?.CountRateRefusal(now);
        }

        if (decision != RejectReason.None || limits.IsStructuralOnly)
        {
            return;
        }

        Rate = Rate.After(order.Orders, limits.MaxAccountRate ?? 0m, now);
        _ring.Add(order, now, limits.LookAlikeWindow);
        if (FlowOf(order.Strategy, now) is { } sender)
        {
            sender.Rate = sender.Rate.After(order.Orders, limits.MaxStrategyRate ?? 0m, now);
            sender.Count(order.Orders, 0, now);
            sender.Repeated++;
        }

        NoteLevel(order);
    }

    /// <summary>Takes note of what became of a strategy's orders, and starts its cooldown when a row is long enough.</summary>
    public void Note(StrategyOutcome outcome, RiskLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (FlowOf(outcome.Strategy, now) is not { } flow)
        {
            return;
        }

        flow.Count(0, outcome.Fills, now);
        if (outcome.Fills > 0)
        {
            flow.Repeated = 0;
            flow.Refusals = 0;
        }

        // The order within one look is not known: a win among losses begins the row anew with those losses.
        flow.Losses = (outcome.Wins > 0 ? 0 : flow.Losses) + outcome.Losses;
        flow.Refusals += outcome.Refusals;
        if (flow.Losses >= limits.MaxLossesInRow || flow.Refusals >= limits.MaxRefusalsInRow)
        {
            flow.CooldownUntil = now + limits.Cooldown;
            flow.Losses = 0;
            flow.Refusals = 0;
        }
    }

    /// <summary>An operator lets a strategy go on: its latches, rows and cooldown are gone.</summary>
    public void Release(string strategy)
    {
        if (Find(strategy) is { } flow)
        {
            flow.IsThrottled = false;
            flow.IsOverrun = false;
            flow.Repeated = 0;
            flow.Losses = 0;
            flow.Refusals = 0;
            flow.CooldownUntil = DateTimeOffset.MinValue;
        }
    }

    /// <summary>Forgets the own levels of a side on which nothing works any more.</summary>
    /// <param name="symbol">Instrument.</param>
    /// <param name="isBuying">True while an entry works to buy it.</param>
    /// <param name="isSelling">True while an entry works to sell it.</param>
    public void Working(string symbol, bool isBuying, bool isSelling)
    {
        if (!_levels.TryGetValue(symbol, out var level))
        {
            return;
        }

        level = (isBuying ? level.Bid : 0m, isSelling ? level.Ask : 0m);
        if (level == default)
        {
            _levels.Remove(symbol);
        }
        else
        {
            _levels[symbol] = level;
        }
    }

    private void NoteLevel(in RiskOrder order)
    {
        if (!order.IsPriced || (_levels.Count >= MaxSymbols && !_levels.ContainsKey(order.Symbol)))
        {
            return;
        }

        var (bid, ask) = _levels.GetValueOrDefault(order.Symbol);
        if (order.IsQuote || order.Side == Side.Buy)
        {
            bid = Math.Max(bid, order.Price);
        }

        if (order.IsQuote || order.Side == Side.Sell)
        {
            ask = ask == 0m ? order.Price : Math.Min(ask, order.Price);
        }

        _levels[order.Symbol] = (bid, ask);
    }

    private StrategyFlow? FlowOf(string strategy, DateTimeOffset now)
    {
        if (_flows.TryGetValue(strategy, out var flow))
        {
            return flow;
        }

        if (_flows.Count >= MaxStrategies && !MakeRoom(now))
        {
            return null;
        }

        flow = new StrategyFlow { LastAt = now };
        _flows.Add(strategy, flow);
        return flow;
    }

    private bool MakeRoom(DateTimeOffset now)
    {
        foreach (var (strategy, flow) in _flows)
        {
            if (flow.IsForgettable(now))
            {
                _flows.Remove(strategy);
                return true;
            }
        }

        return false;
    }
}
