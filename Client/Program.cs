using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using TradingEngine.Client.Commands;

var root = new RootCommand(
    "Looks at a running trading engine and controls it. Start one with: dotnet run --project Silo")
{
    HelpName = "client",
};
GlobalOptions.AddTo(root);
root.Subcommands.Add(ViewCommands.Status());
root.Subcommands.Add(ViewCommands.Positions());
root.Subcommands.Add(ViewCommands.Orders());
root.Subcommands.Add(HistoryCommands.Position());
root.Subcommands.Add(HistoryCommands.History());
root.Subcommands.Add(HistoryCommands.Strategies());
root.Subcommands.Add(WatchCommand.Create());
root.Subcommands.Add(ControlCommands.Start());
root.Subcommands.Add(ControlCommands.Stop());
root.Subcommands.Add(ControlCommands.Pause());
root.Subcommands.Add(ControlCommands.Resume());
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

var help = root.Options.OfType<HelpOption>().Single();
help.Action = new TeachingHelp(
    (HelpAction)help.Action!,
    [
        "status",
        "positions --output json",
        "signal buy BTCUSD --quantity 0.01 --stop-loss 60000 --take-profit 70000",
        "close --all",
        "watch --gateway 10.0.0.5:30000",
    ]);

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0 || parsed.Action is not ParseErrorAction)
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}

if (args.Length == 0)
{
    await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
    return ExitCodes.Usage;
}

if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [var unknown, ..])
{
    var known = string.Join(", ", root.Subcommands.Select(command => command.Name));
    await Console.Error.WriteLineAsync($"'{unknown}' is no command or option. Commands are {known}.");
}
else
{
    foreach (var error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }
}

var named = parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";
await Console.Error.WriteLineAsync($"For help: dotnet run --project Client -- {named}--help");
return ExitCodes.Usage;
