namespace TradingEngine.Trading.Risk;

/// <summary>What a breaker asks for, weakest first.</summary>
public enum BreakerAction
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Halt entries of a scope.</summary>
    Halt = 1,

    /// <summary>Set the mode to <see cref="EngineMode.ReduceOnly"/>.</summary>
    ReduceOnly = 2,

    /// <summary>Kill the engine.</summary>
    Kill = 3,
}

/// <summary>What is to be done because something went wrong. Pure data: who wires it sets modes and halts.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Scope">What to halt, as <see cref="HaltScopes"/> names it; null for the engine's mode.</param>
/// <param name="Code">The code of entries that meet it.</param>
/// <param name="Until">When it ends by itself; null until an operator ends it.</param>
/// <param name="Reason">Why, with figures, for people.</param>
public sealed record BreakerDecision(
    BreakerAction Action, string? Scope, RejectReason Code, DateTimeOffset? Until, string Reason)
{
    /// <summary>The mode to set; null for a halt, and for nothing.</summary>
    public EngineMode? Mode => Action switch
    {
        BreakerAction.None or BreakerAction.Halt => null,
        BreakerAction.ReduceOnly => EngineMode.ReduceOnly,
        BreakerAction.Kill => EngineMode.Killed,
        _ => throw new InvalidOperationException($"Not an action: {Action}."),
    };

    /// <summary>True where only an operator ends it.</summary>
    public bool IsLatched => Action != BreakerAction.None && Until is null;
}
