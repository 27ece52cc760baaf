using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits;

/// <summary>A position as the exit book sees it.</summary>
/// <param name="PositionId">Position.</param>
/// <param name="Side">Long or short.</param>
/// <param name="StopLoss">Stop; null for none.</param>
/// <param name="TakeProfit">Target; null for none.</param>
public sealed record ArmedExit(string PositionId, Side Side, decimal? StopLoss, decimal? TakeProfit);

/// <summary>An exit whose price was reached.</summary>
/// <param name="PositionId">Position to close.</param>
/// <param name="Reason"><c>stop_loss</c> or <c>take_profit</c>.</param>
/// <param name="Price">Price it is expected to trade at: the level, or the price that jumped over it.</param>
public readonly record struct TriggeredExit(string PositionId, string Reason, decimal Price);

/// <summary>
/// The exits of all open positions of one symbol, ordered by price, so that a price costs O(log n + exits reached). A
/// reached exit leaves the book; the position comes back into it if its close was refused. Not thread-safe.
/// </summary>
public sealed class ExitBook
{
    /// <summary>Reason of a stop.</summary>
    public const string StopLossReason = "stop_loss";

    /// <summary>Reason of a target.</summary>
    public const string TakeProfitReason = "take_profit";

    private readonly Dictionary<string, ArmedExit> _armed = new(StringComparer.Ordinal);

    // Each set is ordered so that the level a price reaches first is the least.
    private readonly SortedSet<(decimal Level, string Id)> _longStops = new(Falling);
    private readonly SortedSet<(decimal Level, string Id)> _longTargets = new(Rising);
    private readonly SortedSet<(decimal Level, string Id)> _shortStops = new(Rising);
    private readonly SortedSet<(decimal Level, string Id)> _shortTargets = new(Falling);

    /// <summary>Positions with at least one exit armed.</summary>
    public int Count => _armed.Count;

    private static Comparer<(decimal Level, string Id)> Rising { get; } =
        Comparer<(decimal Level, string Id)>.Create((a, b) => Compare(a, b, 1));

    private static Comparer<(decimal Level, string Id)> Falling { get; } =
        Comparer<(decimal Level, string Id)>.Create((a, b) => Compare(a, b, -1));

    /// <summary>Ids of the positions with at least one exit armed.</summary>
    public IReadOnlyCollection<string> ArmedIds => _armed.Keys;

    /// <summary>True when the position's exits are armed.</summary>
    public bool IsArmed(string positionId) => _armed.ContainsKey(positionId);

    /// <summary>Arms a position's exits, in place of those it had.</summary>
    public void Arm(ArmedExit exit)
    {
        Disarm(exit.PositionId);
        if (exit.StopLoss is null && exit.TakeProfit is null)
        {
            return;
        }

        _armed[exit.PositionId] = exit;
        var (stops, targets) = SetsOf(exit.Side);
        if (exit.StopLoss is { } stop)
        {
            stops.Add((stop, exit.PositionId));
        }

        if (exit.TakeProfit is { } target)
        {
            targets.Add((target, exit.PositionId));
        }
    }

    /// <summary>Takes a position out of the book.</summary>
    public void Disarm(string positionId)
    {
        if (!_armed.Remove(positionId, out var exit))
        {
            return;
        }

        var (stops, targets) = SetsOf(exit.Side);
        if (exit.StopLoss is { } stop)
        {
            stops.Remove((stop, positionId));
        }

        if (exit.TakeProfit is { } target)
        {
            targets.Remove((target, positionId));
        }
    }

    /// <summary>Removes and returns the exits a price reaches, stops before targets, each in the order of levels.</summary>
    public IReadOnlyList<TriggeredExit> Reach(MarketUpdate update)
    {
        if (_armed.Count == 0)
        {
            return [];
        }

        List<TriggeredExit>? reached = null;
        if (update.Bar is { } bar)
        {
            // Which extreme came first is not known: the adverse one is taken to, so stop and target in one bar is a stop.
            Take(ref reached, _longStops, level => bar.Low <= level, StopLossReason, level => Math.Min(level, bar.Open));
            Take(ref reached, _shortStops, level => bar.High >= level, StopLossReason, level => Math.Max(level, bar.Open));
            Take(ref reached, _longTargets, level => bar.High >= level, TakeProfitReason, level => Math.Max(level, bar.Open));
            Take(ref reached, _shortTargets, level => bar.Low <= level, TakeProfitReason, level => Math.Min(level, bar.Open));
        }
        else
        {
            Take(ref reached, _longStops, level => update.Bid <= level, StopLossReason, _ => update.Bid);
            Take(ref reached, _shortStops, level => update.Ask >= level, StopLossReason, _ => update.Ask);
            Take(ref reached, _longTargets, level => update.Bid >= level, TakeProfitReason, _ => update.Bid);
            Take(ref reached, _shortTargets, level => update.Ask <= level, TakeProfitReason, _ => update.Ask);
        }

        return reached ?? (IReadOnlyList<TriggeredExit>)[];
    }

    private static int Compare((decimal Level, string Id) a, (decimal Level, string Id) b, int sign)
    {
        var byLevel = sign * a.Level.CompareTo(b.Level);
        return byLevel != 0 ? byLevel : string.CompareOrdinal(a.Id, b.Id);
    }

    private void Take(
        ref List<TriggeredExit>? reached,
        SortedSet<(decimal Level, string Id)> levels,
        Func<decimal, bool> isReached,
        string reason,
        Func<decimal, decimal> priceAt)
    {
        while (levels.Count > 0 && isReached(levels.Min.Level))
        {
            var (level, id) = levels.Min;
            Disarm(id);
            (reached ??= []).Add(new TriggeredExit(id, reason, priceAt(level)));
        }
    }

    private (SortedSet<(decimal Level, string Id)> Stops, SortedSet<(decimal Level, string Id)> Targets) SetsOf(Side side) =>
        side == Side.Buy ? (_longStops, _longTargets) : (_shortStops, _shortTargets);
}
