using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Grains.Interfaces.Security;

/// <summary>The least role that may give a command: what takes risk away is for traders, what lets it be taken again for risk.</summary>
public static class CommandRoles
{
    /// <summary>The role; admin for a command that is none, so that nobody gains by a misspelling.</summary>
    public static Role Of(string action) => action switch
    {
        EngineCommands.Stop or EngineCommands.Pause or EngineCommands.Flatten or EngineCommands.Close or EngineCommands.Halt or EngineCommands.Kill =>
            Role.Trader,
        EngineCommands.Start or EngineCommands.Resume or EngineCommands.Reset or EngineCommands.Unhalt => Role.Risk,
        _ => Role.Admin,
    };
}
