namespace TradingEngine.Trading.Risk;

/// <summary>The pre-trade checks, numbered in the order in which they are made.</summary>
public enum RiskCheckId
{
    /// <summary>Positive numbers in range, on the instrument's steps.</summary>
    Fields = 1,

    /// <summary>The engine's mode.</summary>
    Mode = 2,

    /// <summary>The store and the account are ready.</summary>
    Ready = 3,

    /// <summary>Handled before, or too old or too far ahead for the memory that would know it.</summary>
    Duplicate = 4,

    /// <summary>Equal orders within a moment.</summary>
    LookAlike = 5,

    /// <summary>Age and confidence of the signal.</summary>
    Expiry = 6,

    /// <summary>The instrument is known and not restricted.</summary>
    Instrument = 7,

    /// <summary>Halts of symbol, strategy and tier.</summary>
    Halt = 8,

    /// <summary>The session, and its last minutes.</summary>
    Session = 9,

    /// <summary>Age of the last price.</summary>
    PriceAge = 10,

    /// <summary>Crossed or wide market.</summary>
    Market = 11,

    /// <summary>Distance of the price from the last one.</summary>
    Collar = 12,

    /// <summary>Lots of one order.</summary>
    Quantity = 13,

    /// <summary>Greatest notional of one entry.</summary>
    Notional = 14,

    /// <summary>Least notional of one entry.</summary>
    SmallNotional = 15,

    /// <summary>Exposure of the symbol.</summary>
    Position = 16,

    /// <summary>Gross and net exposure.</summary>
    Exposure = 17,

    /// <summary>Exposure of the group and of the tier.</summary>
    Budget = 18,

    /// <summary>Leverage and free margin.</summary>
    Margin = 19,

    /// <summary>Number of open positions.</summary>
    Positions = 20,

    /// <summary>Number of working orders.</summary>
    Working = 21,

    /// <summary>Orders a second.</summary>
    Rate = 22,

    /// <summary>Orders for each fill.</summary>
    MessageRatio = 23,

    /// <summary>Entries without a fill.</summary>
    Repetition = 24,

    /// <summary>Orders of a decision against what was decided.</summary>
    Parent = 25,

    /// <summary>Own orders on the other side.</summary>
    SelfTrade = 26,

    /// <summary>An exit reduces.</summary>
    ReduceOnly = 27,

    /// <summary>A stop loss, on its side.</summary>
    Stop = 28,

    /// <summary>Loss of the day.</summary>
    DailyLoss = 29,

    /// <summary>Distance from the peak.</summary>
    Drawdown = 30,

    /// <summary>Losses and refusals in a row.</summary>
    Streak = 31,

    /// <summary>Reconciliation.</summary>
    Reconciliation = 32,

    /// <summary>The execution agent is heard of.</summary>
    Venue = 33,
}

/// <summary>Which checks an order of a class passes through, as masks with a bit for each check's number.</summary>
public static class RiskChecks
{
    /// <summary>Number of the last check.</summary>
    public const int Last = (int)RiskCheckId.Venue;

    /// <summary>All checks.</summary>
    public const ulong All = (1UL << (Last + 1)) - 2UL;

    /// <summary>What is checked under limits that check structure alone.</summary>
    public static readonly ulong Structural = MaskOf(
        RiskCheckId.Fields, RiskCheckId.Mode, RiskCheckId.Ready, RiskCheckId.Duplicate, RiskCheckId.Instrument,
        RiskCheckId.Parent, RiskCheckId.ReduceOnly);

    // An exit must not be held up by what an entry is limited by, nor by data that is missing.
    private static readonly ulong s_exit = MaskOf(
        RiskCheckId.Fields, RiskCheckId.Mode, RiskCheckId.Ready, RiskCheckId.Duplicate, RiskCheckId.Collar,
        RiskCheckId.Parent, RiskCheckId.ReduceOnly);

    // A cancel trades nothing: neither price nor quantity is asked of it.
    private static readonly ulong s_cancel = MaskOf(RiskCheckId.Mode, RiskCheckId.Ready, RiskCheckId.Duplicate);

    /// <summary>What is of an instrument, and so is checked for that of each leg.</summary>
    public static readonly ulong Leg = MaskOf(
        RiskCheckId.Fields, RiskCheckId.Instrument, RiskCheckId.PriceAge, RiskCheckId.Market, RiskCheckId.Collar, RiskCheckId.Quantity,
        RiskCheckId.Notional, RiskCheckId.SmallNotional, RiskCheckId.Position, RiskCheckId.Budget, RiskCheckId.SelfTrade);

    /// <summary>The checks of an order class.</summary>
    /// <param name="order">Class.</param>
    /// <param name="isStructuralOnly">True under limits that check structure alone.</param>
    public static ulong Of(OrderClass order, bool isStructuralOnly)
    {
        var mask = order switch
        {
            OrderClass.Entry => All,
            OrderClass.Exit => s_exit,
            OrderClass.Cancel => s_cancel,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order class."),
        };
        return isStructuralOnly ? mask & Structural : mask;
    }

    /// <summary>True when the mask holds the check.</summary>
    public static bool Holds(ulong mask, RiskCheckId check) => (mask & (1UL << (int)check)) != 0;

    /// <summary>The mask's numbers as ranges, such as <c>1-4,12,25,27</c>.</summary>
    public static string Text(ulong mask)
    {
        var parts = new List<string>();
        for (var i = 1; i <= Last; i++)
        {
            var from = i;
            while (i <= Last && (mask & (1UL << i)) != 0)
            {
                i++;
            }

            if (i > from)
            {
                parts.Add(i == from + 1 ? $"{from}" : $"{from}-{i - 1}");
            }
        }

        return string.Join(',', parts);
    }

    private static ulong MaskOf(params ReadOnlySpan<RiskCheckId> checks)
    {
        var mask = 0UL;
        foreach (var check in checks)
        {
            mask |= 1UL << (int)check;
        }

        return mask;
    }
}
