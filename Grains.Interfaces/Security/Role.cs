namespace TradingEngine.Grains.Interfaces.Security;

/// <summary>What a caller may do; each may do what those before it may.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer = 1,

    /// <summary>Closes, pauses, halts, flattens, kills; agents' messages in and out.</summary>
    Trader = 2,

    /// <summary>Lets risk be taken again: start, stop, resume, reset, unhalt; dead letters.</summary>
    Risk = 3,

    /// <summary>Changes what the engine trades by, and what it logs.</summary>
    Admin = 4,
}
