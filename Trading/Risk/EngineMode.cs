namespace TradingEngine.Trading.Risk;

/// <summary>The engine's mode. The numbers are stored.</summary>
public enum EngineMode
{
    /// <summary>Everything passes. The mode of a new store.</summary>
    Running = 0,

    /// <summary>An operator's pause: no entries, exits are managed.</summary>
    Paused = 1,

    /// <summary>A breaker's pause: no entries, exits are managed.</summary>
    ReduceOnly = 2,

    /// <summary>Closing every position on the way to stopped.</summary>
    Stopping = 3,

    /// <summary>Nothing but cancels.</summary>
    Stopped = 4,

    /// <summary>Latched: nothing but cancels.</summary>
    Killed = 5,

    /// <summary>Latched: exits that flatten, and cancels.</summary>
    KilledFlattening = 6,
}

/// <summary>What an order does to risk.</summary>
public enum OrderClass
{
    /// <summary>Takes risk.</summary>
    Entry = 1,

    /// <summary>Reduces risk.</summary>
    Exit = 2,

    /// <summary>Withdraws a working order.</summary>
    Cancel = 3,
}

/// <summary>The one table of which order passes in which mode.</summary>
public static class ModeTable
{
    /// <summary>True when an order of that class passes in that mode.</summary>
    public static bool Allows(OrderClass order, EngineMode mode) => order switch
    {
        OrderClass.Entry => mode == EngineMode.Running,
        OrderClass.Exit => mode is EngineMode.Running or EngineMode.Paused or EngineMode.ReduceOnly
            or EngineMode.Stopping or EngineMode.KilledFlattening,
        OrderClass.Cancel => true,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order class."),
    };

    /// <summary>The modes in which an order of that class passes, as a bit mask for the commit.</summary>
    public static int Mask(OrderClass order)
    {
        var mask = 0;
        foreach (var mode in Enum.GetValues<EngineMode>())
        {
            if (Allows(order, mode))
            {
                mask |= 1 << (int)mode;
            }
        }

        return mask;
    }
}
