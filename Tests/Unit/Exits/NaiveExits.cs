using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Tests.Unit.Exits;

/// <summary>What the exit book is compared with: looks at every position at every price, and remembers every price.</summary>
internal sealed class NaiveExits
{
    private readonly Dictionary<string, ArmedExit> _armed = [];
    private readonly Dictionary<string, DateTimeOffset> _armedAt = [];
    private readonly Dictionary<string, decimal> _ranges = [];
    private readonly List<(DateTimeOffset Time, decimal High, decimal Low)> _prices = [];
    private readonly List<MarketUpdate> _bars = [];
    private readonly AverageTrueRange _range = new();
    private List<TriggeredExit> _reached = [];

    public decimal Bid { get; set; }

    public decimal Ask { get; set; }

    public IEnumerable<ArmedExit> Armed => _armed.Values;

    public IEnumerable<string> ArmedIds => _armed.Keys.Order();

    public void Arm(ArmedExit exit)
    {
        _armed.Remove(exit.PositionId);
        if (exit.Plan.IsEmpty)
        {
            return;
        }

        _armed[exit.PositionId] = exit;
        TakeRanges();
    }

    public void Disarm(string id)
    {
        _armed.Remove(id);
        _ranges.Remove(id);
    }

    public List<TriggeredExit> Reach(MarketUpdate update, DateTimeOffset now)
    {
        (Bid, Ask) = (update.Bid, update.Ask);
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            if (update.Bar is not { } bar)
            {
                var price = side == Side.Buy ? update.Bid : update.Ask;
                Stops(side, price, price);
                Targets(side, price, price);
                Seen(side, now, price);
                continue;
            }

            var (worst, best) = side == Side.Buy ? (bar.Low, bar.High) : (bar.High, bar.Low);
            Stops(side, bar.Open, bar.Open);
            Targets(side, bar.Open, bar.Open);
            Seen(side, now, bar.Open);
            Stops(side, worst, null);
            Targets(side, best, null);
            Seen(side, now, best);
            Stops(side, bar.Close, null);
        }

        return Take();
    }

    public List<TriggeredExit> Judge(MarketUpdate bar)
    {
        (Bid, Ask) = Bid == 0m ? (bar.Bid, bar.Ask) : (Bid, Ask);
        _bars.Add(bar);
        _range.Update(bar.Bar!);
        TakeRanges();
        foreach (var exit in _armed.Values.OrderBy(exit => exit.PositionId, StringComparer.Ordinal).ToList())
        {
            if (Speaks(exit, bar))
            {
                Leave(exit, exit.Plan.Strategy!.Name, exit.Side == Side.Buy ? Bid : Ask);
            }
        }

        return Take();
    }

    public List<TriggeredExit> Due(DateTimeOffset now)
    {
        var due = new List<(DateTimeOffset At, string Reason, ArmedExit Exit)>();
        foreach (var exit in Bid > 0m ? _armed.Values.ToList() : [])
        {
            var timeStop = exit.OpenedAt + exit.Plan.TimeStop;
            var session = exit.Plan.EndOfSession == true ? exit.SessionEnd : null;
            if (_bars.Where(bar => _told.Contains((exit.PositionId, bar))).Any())
            {
                due.Add((DateTimeOffset.MinValue, exit.Plan.Strategy!.Name, exit));
            }
            else if (timeStop is { } old && old <= (session ?? old))
            {
                due.Add((old, "time_stop", exit));
            }
            else if (session is { } end)
            {
                due.Add((end, "end_of_session", exit));
            }
        }

        foreach (var (_, reason, exit) in due.Where(item => item.At <= now)
            .OrderBy(item => item.At).ThenBy(item => item.Exit.PositionId, StringComparer.Ordinal))
        {
            Leave(exit, reason, exit.Side == Side.Buy ? Bid : Ask);
        }

        return Take();
    }

    private readonly HashSet<(string Id, MarketUpdate Bar)> _told = [];

    /// <summary>Marks what a rule said between a position's opening and its arming, which the book says when it is due.</summary>
    public void Tell(ArmedExit exit)
    {
        _told.RemoveWhere(told => told.Id == exit.PositionId);
        foreach (var bar in _bars.Where(bar => Speaks(exit, bar)))
        {
            _told.Add((exit.PositionId, bar));
        }
    }

    private static bool Speaks(ArmedExit exit, MarketUpdate bar) =>
        exit.Plan.Strategy is { } rule && bar.Time > exit.OpenedAt
        && BelowLevel.Speaks(exit.Side, bar, ExitBookModelTests.LevelOf(rule))
        && (rule.Name != "early" || bar.Time <= BelowLevel.Minute(exit.OpenedAt) + TimeSpan.FromMinutes(1));

    private void Stops(Side side, decimal price, decimal? at)
    {
        var reached = new List<(decimal Level, int Rank, string Reason, ArmedExit Exit)>();
        var sign = side == Side.Buy ? 1m : -1m;
        foreach (var exit in _armed.Values.Where(exit => exit.Side == side))
        {
            var (plan, best) = (exit.Plan, Best(exit));
            var levels = new List<(decimal Level, int Rank, string Reason)>();
            var stop = plan.StopLoss;
            var reason = "stop_loss";
            if (plan.BreakEven is { } move && sign * (best - exit.AverageOpen) >= move.Trigger)
            {
                var even = exit.AverageOpen + (sign * move.Offset);
                if (stop is null || sign * even > sign * stop)
                {
                    (stop, reason) = (even, "break_even");
                }
            }

            if (stop is { } level)
            {
                levels.Add((level, 0, reason));
            }

            if (plan.Trailing is { Unit: TrailingUnit.Percent } percent)
            {
                levels.Add((best * (1m - (sign * percent.Distance / 100m)), 2, "trailing_stop"));
            }
            else if (plan.Trailing is { Unit: TrailingUnit.Price } distance)
            {
                levels.Add((best - (sign * distance.Distance), 1, "trailing_stop"));
            }
            else if (plan.Trailing is { } ranges && _ranges.TryGetValue(exit.PositionId, out var range))
            {
                levels.Add((best - (sign * range * ranges.Distance), 1, "trailing_stop"));
            }

            if (levels.Count > 0 && levels.OrderByDescending(l => sign * l.Level).ThenBy(l => l.Rank).First() is var nearest
                && sign * nearest.Level >= sign * price)
            {
                reached.Add((sign * nearest.Level, nearest.Rank, nearest.Reason, exit));
            }
        }

        foreach (var (level, _, reason, exit) in reached.OrderByDescending(item => item.Level).ThenBy(item => item.Rank)
            .ThenBy(item => item.Exit.PositionId, StringComparer.Ordinal))
        {
            Leave(exit, reason, at ?? (sign * level));
        }
    }

    private void Targets(Side side, decimal price, decimal? at)
    {
        var sign = side == Side.Buy ? 1m : -1m;
        foreach (var exit in _armed.Values.Where(exit => exit.Side == side && sign * exit.Plan.TakeProfit <= sign * price)
            .OrderBy(exit => sign * exit.Plan.TakeProfit).ThenBy(exit => exit.PositionId, StringComparer.Ordinal).ToList())
        {
            Leave(exit, "take_profit", at ?? exit.Plan.TakeProfit!.Value);
        }
    }

    private void Seen(Side side, DateTimeOffset now, decimal price) =>
        _prices.Add(side == Side.Buy ? (now, price, decimal.MaxValue) : (now, 0m, price));

    private decimal Best(ArmedExit exit)
    {
        var since = _prices.Where(price => price.Time > exit.OpenedAt);
        return exit.Side == Side.Buy
            ? since.Select(price => price.High).Append(exit.AverageOpen).Max()
            : since.Select(price => price.Low).Append(exit.AverageOpen).Min();
    }

    private void TakeRanges()
    {
        foreach (var exit in _armed.Values.Where(exit => exit.Plan.Trailing is { Unit: TrailingUnit.AverageTrueRange }))
        {
            if (_range.Value is > 0d)
            {
                _ranges.TryAdd(exit.PositionId, (decimal)_range.Value.Value);
            }
        }
    }

    private void Leave(ArmedExit exit, string reason, decimal price)
    {
        _armed.Remove(exit.PositionId);
        _reached.Add(new TriggeredExit(exit.PositionId, reason, price));
    }

    private List<TriggeredExit> Take()
    {
        var reached = _reached;
        _reached = [];
        return reached;
    }
}

/// <summary>A rule without memory: a close below its level, above it for a short; if early, within a minute of the opening's.</summary>
internal sealed class BelowLevel(string name, bool isEarly) : IExitRule
{
    public string Name => name;

    public ImmutableSortedDictionary<string, decimal> Defaults { get; } =
        ImmutableSortedDictionary<string, decimal>.Empty.Add("level", 100m);

    public bool DependsOnOpening => isEarly;

    public static bool Speaks(Side side, MarketUpdate bar, decimal level) =>
        side == Side.Buy ? bar.Bar!.Close < level : bar.Bar!.Close > level;

    public static DateTimeOffset Minute(DateTimeOffset time) =>
        new(time.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    public string? Refuse(IReadOnlyDictionary<string, decimal> parameters) => null;

    public IExitWatch Watch(ExitContext context) => new Closes(this, context, isEarly);

    private sealed class Closes(BelowLevel rule, ExitContext context, bool isEarly) : IExitWatch
    {
        public string? Judge(MarketUpdate bar) =>
            Speaks(context.Side, bar, context.Parameters["level"])
            && (!isEarly || bar.Time <= context.OpenedAt + TimeSpan.FromMinutes(1)) ? rule.Name : null;
    }
}
