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
    public static ModeDecision Decide(EngineMode mode, string action)
    {
        var isKilled = mode is EngineMode.Killed or EngineMode.KilledFlattening;
        return (action, mode) switch
        {
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
            _ => new(null, true, $"unknown command {action}; known are start, stop, pause and resume"),
        };
    }

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
