using System.Globalization;
using System.Text;
using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits;

/// <summary>
/// The exits that look at bars: one watch for all positions of a side with the same rule and parameters, and the same
/// minute of opening where the rule depends on it. Keeps the latest bars, with which a new watch begins.
/// </summary>
internal sealed class ExitWatches(Pages<ExitSlot> slots, ExitRegistry registry)
{
    /// <summary>Bars kept: the longest look-back, and what an exponential mean needs to settle.</summary>
    public const int MaxBars = 512;

    /// <summary>Length of the bars.</summary>
    public static readonly TimeSpan BarInterval = TimeSpan.FromMinutes(1);

    private readonly Queue<MarketUpdate> _bars = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Watch> _watches = [];
    private int _next = 1;

    /// <summary>The latest bars, oldest first.</summary>
    public IReadOnlyCollection<MarketUpdate> Bars => _bars;

    /// <summary>End of the latest bar; null before the first.</summary>
    public DateTimeOffset? LastBar { get; private set; }

    /// <summary>Groups that are watched.</summary>
    public int Count => _watches.Count;

    /// <summary>Watches for a slot. What its watch said since it opened, it says at once.</summary>
    public string? Add(int slot)
    {
        ref var added = ref slots[slot];
        if (added.Plan.Strategy is not { } exit || registry.Find(exit.Name) is not { } rule)
        {
            return null;
        }

        var opened = new DateTimeOffset(
            rule.DependsOnOpening ? added.OpenedTicks / BarInterval.Ticks * BarInterval.Ticks : 0L, TimeSpan.Zero);
        var key = KeyOf(exit, added.Side, opened);
        if (!_numbers.TryGetValue(key, out var number))
        {
            var context = new ExitContext(added.Side, ExitRegistry.Complete(rule, exit.Parameters), opened);
            if (rule.Refuse(context.Parameters) is not null || rule.Watch(context) is not { } begun)
            {
                return null;
            }

            number = _next++;
            _numbers[key] = number;
            _watches[number] = new Watch(key, begun);
            foreach (var bar in _bars)
            {
                Judge(_watches[number], bar);
            }
        }

        var watch = _watches[number];
        (added.Watch, added.WatchPlace) = (number, watch.Members.Count);
        watch.Members.Add(slot);
        return watch.SpokeAt > added.OpenedTicks ? watch.Reason : null;
    }

    /// <summary>Takes a slot out; nothing happens when it is not watched.</summary>
    public void Remove(int slot)
    {
        ref var removed = ref slots[slot];
        if (removed.Watch == 0)
        {
            return;
        }

        var watch = _watches[removed.Watch];
        var last = watch.Members[^1];
        (watch.Members[removed.WatchPlace], slots[last].WatchPlace) = (last, removed.WatchPlace);
        watch.Members.RemoveAt(watch.Members.Count - 1);
        if (watch.Members.Count == 0)
        {
            _watches.Remove(removed.Watch);
            _numbers.Remove(watch.Key);
        }

        removed.Watch = 0;
    }

    /// <summary>Takes a finished bar, and returns what is to be left for it, by position id.</summary>
    public List<(int Slot, string Reason)> Judge(MarketUpdate bar)
    {
        Remember(bar);
        var reached = new List<(int Slot, string Reason)>();
        foreach (var watch in _watches.Values)
        {
            if (Judge(watch, bar))
            {
                // A bar that ended before a position opened is none of its business.
                reached.AddRange(watch.Members
                    .Where(slot => slots[slot].OpenedTicks < bar.Time.UtcTicks)
                    .Select(slot => (slot, watch.Reason)));
            }
        }

        reached.Sort((a, b) => string.CompareOrdinal(slots[a.Slot].Id, slots[b.Slot].Id));
        return reached;
    }

    /// <summary>Takes a bar of the past: the watches learn from it, and what they say of it is nobody's business.</summary>
    public void Warm(MarketUpdate bar)
    {
        Remember(bar);
        foreach (var watch in _watches.Values)
        {
            watch.Rule.Judge(bar);
        }
    }

    private void Remember(MarketUpdate bar)
    {
        if (_bars.Count == MaxBars)
        {
            _bars.Dequeue();
        }

        _bars.Enqueue(bar);
        LastBar = bar.Time;
    }

    private static bool Judge(Watch watch, MarketUpdate bar)
    {
        if (watch.Rule.Judge(bar) is not { } reason)
        {
            return false;
        }

        (watch.SpokeAt, watch.Reason) = (bar.Time.UtcTicks, reason);
        return true;
    }

    private static string KeyOf(StrategyExit exit, Side side, DateTimeOffset opened)
    {
        var key = new StringBuilder(exit.Name)
            .Append(CultureInfo.InvariantCulture, $"|{side}|{opened.UtcTicks}");
        foreach (var (name, value) in exit.Parameters)
        {
            key.Append(CultureInfo.InvariantCulture, $"|{name}={value / 1.0000000000000000000000000000m}");
        }

        return key.ToString();
    }

    private sealed class Watch(string key, IExitWatch rule)
    {
        public string Key { get; } = key;

        public IExitWatch Rule { get; } = rule;

        public List<int> Members { get; } = [];

        public long SpokeAt { get; set; } = long.MinValue;

        public string Reason { get; set; } = "";
    }
}
