using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits;

/// <summary>
/// One armed position in the book. Prices of a short carry a minus sign, so that for both sides a stop lies below, a
/// target above, and the best price is the greatest.
/// </summary>
internal struct ExitSlot
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    public string Id;
    public ExitPlan Plan;
    public string? DueReason;
    public decimal Stop;
    public decimal Target;
    public decimal AverageOpen;
    public decimal Distance;
    public long OpenedTicks;
    public long DueTicks;
    public int StopPlace;
    public int TargetPlace;
    public int TriggerPlace;
    public int DuePlace;

    // Links within a trailing group; the group is known by its first slot alone.
    public int Group;
    public int Child;
    public int Next;
    public int Previous;

    // Number of the watch and the place among its members.
    public int Watch;
    public int WatchPlace;
    public Side Side;
    public bool HasMoved;
    public bool IsTrailing;

    /// <summary>Price at which the stop moves; only where the plan has such a move.</summary>
    public readonly decimal Trigger => AverageOpen + Plan.BreakEven!.Trigger;

    public readonly struct ByStop : IHeapOrder<ExitSlot>
    {
        public static int Compare(in ExitSlot a, in ExitSlot b) => Then(b.Stop.CompareTo(a.Stop), a, b);

        public static ref int Place(ref ExitSlot item) => ref item.StopPlace;
    }

    public readonly struct ByTarget : IHeapOrder<ExitSlot>
    {
        public static int Compare(in ExitSlot a, in ExitSlot b) => Then(a.Target.CompareTo(b.Target), a, b);

        public static ref int Place(ref ExitSlot item) => ref item.TargetPlace;
    }

    public readonly struct ByTrigger : IHeapOrder<ExitSlot>
    {
        public static int Compare(in ExitSlot a, in ExitSlot b) => Then(a.Trigger.CompareTo(b.Trigger), a, b);

        public static ref int Place(ref ExitSlot item) => ref item.TriggerPlace;
    }

    public readonly struct ByDue : IHeapOrder<ExitSlot>
    {
        public static int Compare(in ExitSlot a, in ExitSlot b) => Then(a.DueTicks.CompareTo(b.DueTicks), a, b);

        public static ref int Place(ref ExitSlot item) => ref item.DuePlace;
    }

    private static int Then(int order, in ExitSlot a, in ExitSlot b) =>
        order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
}
