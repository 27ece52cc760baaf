using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using TradingEngine.Client.Commands;

var root = ClientCommand.Create();
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
