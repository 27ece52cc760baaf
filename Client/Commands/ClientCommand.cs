using System.CommandLine;

namespace TradingEngine.Client.Commands;

/// <summary>The command line of the client, without what runs it.</summary>
internal static class ClientCommand
{
    /// <summary>The root with every command.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Looks at a running trading engine and controls it. Start one with: dotnet run --project Silo")
        {
            HelpName = "client",
        };
        GlobalOptions.AddTo(root);
        root.Subcommands.Add(ViewCommands.Status());
        root.Subcommands.Add(ViewCommands.Positions());
        root.Subcommands.Add(ViewCommands.Orders());
        root.Subcommands.Add(OverviewCommands.Fills());
        root.Subcommands.Add(HistoryCommands.Position());
        root.Subcommands.Add(HistoryCommands.History());
        root.Subcommands.Add(HistoryCommands.Strategies());
        root.Subcommands.Add(OverviewCommands.Tiers());
        root.Subcommands.Add(OverviewCommands.Agents());
        root.Subcommands.Add(OverviewCommands.Instruments());
        root.Subcommands.Add(OverviewCommands.Risk());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(WatchCommand.Create());
        root.Subcommands.Add(ControlCommands.Start());
        root.Subcommands.Add(ControlCommands.Stop());
        root.Subcommands.Add(ControlCommands.Pause());
        root.Subcommands.Add(ControlCommands.Resume());
        root.Subcommands.Add(ControlCommands.Flatten());
        root.Subcommands.Add(ControlCommands.Close());
        root.Subcommands.Add(HaltCommand.Halt());
        root.Subcommands.Add(HaltCommand.Unhalt());
        root.Subcommands.Add(KillCommand.Kill());
        root.Subcommands.Add(KillCommand.Reset());
        root.Subcommands.Add(SignalCommand.Create());
        root.Subcommands.Add(DeadLetterCommands.Create());
        root.Subcommands.Add(AuditCommands.Create());
        root.Subcommands.Add(AuditCommands.Replay());
        root.Subcommands.Add(InitCommand.Create());
        root.Subcommands.Add(CertifyCommand.Create());
        root.Subcommands.Add(ControlCommands.LogLevel());
        root.Subcommands.Add(LedgerCommand.Create());
        root.Subcommands.Add(ConfigCommands.Create());
        root.Subcommands.Add(KeysCommands.Create());
        root.Subcommands.Add(CompletionCommand.Create());
        return root;
    }
}
