namespace TradingEngine.Trading.Risk;

/// <summary>What a command does to the mode.</summary>
/// <param name="Next">Mode to set; null when nothing changes.</param>
/// <param name="IsRefused">True when the command must not be followed from here.</param>
/// <param name="Reason">What is done, or why not.</param>
public sealed record ModeDecision(EngineMode? Next, bool IsRefused, string Reason);

/// <summary>Which command leads from which mode to which.</summary>
public static class ModeCommands
{
    /// <summary>Decides a command; an unknown one is refused.</summary>
    /// <param name="mode">The mode that stands.</param>
    /// <param name="action">start, stop, pause, resume, flatten, kill or reset.</param>
    /// <param name="isFlattening">For kill: positions are closed as well.</param>
    /// <param name="hasReason">For reset: it says why it is safe again. A kill needs no reason, it must never fail for want of one.</param>
    public static ModeDecision Decide(EngineMode mode, string action, bool isFlattening = false, bool hasReason = false)
    {
        var isKilled = IsKilled(mode);
        return (action, mode) switch
        {
            ("kill", EngineMode.Killed) when !isFlattening => new(null, false, "already killed"),
            ("kill", EngineMode.KilledFlattening) when isFlattening => new(null, false, "already killed and flattening"),
            ("kill", _) when isFlattening => new(
                EngineMode.KilledFlattening, false, "killed: no entries, working orders are cancelled, positions are closed; reset to go on"),
            ("kill", _) => new(EngineMode.Killed, false, "killed: nothing but cancels, working orders are cancelled; reset to go on"),
            ("reset", _) when !isKilled => new(null, true, $"only a killed engine is reset, and it is {NameOf(mode)}"),
            ("reset", _) when !hasReason => new(null, true, "a reset needs a reason: say why it is safe to go on"),
            ("reset", _) => new(EngineMode.ReduceOnly, false, "reduce_only: no entries, exits are managed; resume to take entries again"),
            ("flatten", _) when isKilled => new(null, true, "the engine is killed; a kill with flatten closes every position"),
            ("flatten", EngineMode.Stopped) => new(null, true, "the engine is stopped, and no exit passes; start it first"),
            ("flatten", EngineMode.Stopping) => new(null, false, "already stopping: every position is being closed"),
            ("flatten", _) => new(EngineMode.ReduceOnly, false, "reduce_only: every position is closed; resume to take entries again"),
            ("start" or "resume" or "pause" or "stop", _) when isKilled =>
                new(null, true, "the engine is killed; reset it first"),
            ("start" or "resume", EngineMode.Running) => new(null, false, "already running"),
            ("start", _) => new(EngineMode.Running, false, "running"),
            ("resume", EngineMode.Paused or EngineMode.ReduceOnly) => new(EngineMode.Running, false, "running"),
            ("resume", _) => new(null, true, $"only a pause can be resumed, and the engine is {NameOf(mode)}; use start"),
            ("pause", EngineMode.Paused) => new(null, false, "already paused"),
            ("pause", EngineMode.Running or EngineMode.ReduceOnly) =>
                new(EngineMode.Paused, false, "paused: no entries, exits are managed"),
            ("pause", _) => new(null, true, $"the engine is {NameOf(mode)}"),
            ("stop", EngineMode.Stopped) => new(null, false, "already stopped"),
            ("stop", _) => new(EngineMode.Stopping, false, "closing all positions"),
            _ => new(null, true, $"unknown command {action}; known are start, stop, pause, resume, flatten, kill, reset, halt, unhalt and close"),
        };
    }

    /// <summary>True in the modes that only a reset leaves.</summary>
    public static bool IsKilled(EngineMode mode) => mode is EngineMode.Killed or EngineMode.KilledFlattening;

    /// <summary>The mode as shown: lower snake case.</summary>
    public static string NameOf(EngineMode mode) => mode switch
    {
        EngineMode.Running => "running",
        EngineMode.Paused => "paused",
        EngineMode.ReduceOnly => "reduce_only",
        EngineMode.Stopping => "stopping",
        EngineMode.Stopped => "stopped",
        EngineMode.Killed => "killed",
        EngineMode.KilledFlattening => "killed_flattening",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a mode."),
    };
}
