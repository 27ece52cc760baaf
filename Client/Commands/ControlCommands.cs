using System.CommandLine;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Client.Commands;

/// <summary>Commands that change what the engine does: start, stop, pause, resume, flatten, close, log-level.</summary>
internal static class ControlCommands
{
    private static readonly string[] LogLevels = ["trace", "debug", "information", "warning", "error", "critical"];

    /// <summary>Starts trading.</summary>
    public static Command Start() => Simple(
        EngineCommands.Start, "Lets the engine trade: entries pass. It stays so over a restart.",
        static (client, cancellationToken) => client.StartAsync(cancellationToken), "start");

    /// <summary>No entries.</summary>
    public static Command Pause() => Simple(
        EngineCommands.Pause, "Takes no new entries; stops, targets and closes are still managed. It stays so over a restart.",
        static (client, cancellationToken) => client.PauseAsync(cancellationToken), "pause");

    /// <summary>Entries again.</summary>
    public static Command Resume() => Simple(
        EngineCommands.Resume, "Takes entries again after a pause.",
        static (client, cancellationToken) => client.ResumeAsync(cancellationToken), "resume");

    /// <summary>Closes everything and stops.</summary>
    public static Command Stop()
    {
        var yes = Yes();
        var command = new TaughtCommand(
            EngineCommands.Stop, "Closes every position, then trades nothing; says what remains. It stays so over a restart.",
            "stop", "stop --yes --output json");
        command.Options.Add(yes);
        Session.Run(command, async (session, cancellationToken) =>
        {
            RefuseUnasked(session, yes);
            await using var client = await session.ConnectAsync(cancellationToken);
            return await IsMeantAsync(session, yes, client, "Stop trading and close", cancellationToken)
                ? session.Answer(EngineCommands.Stop, await client.StopAsync(cancellationToken))
                : ExitCodes.NotDone;
        });
        return command;
    }

    /// <summary>Closes everything and takes no entries.</summary>
    public static Command Flatten()
    {
        var reason = new Option<string>("--reason") { Description = "Why, for those who come after.", HelpName = "text" };
        var yes = Yes();
        var command = new TaughtCommand(
            EngineCommands.Flatten, "Closes every position and takes no entries until resume; exits are managed meanwhile.",
            "flatten --reason \"news\"", "flatten --yes --output json");
        command.Options.Add(reason);
        command.Options.Add(yes);
        Session.Run(command, async (session, cancellationToken) =>
        {
            RefuseUnasked(session, yes);
            await using var client = await session.ConnectAsync(cancellationToken);
            return await IsMeantAsync(session, yes, client, "Take no entries and close", cancellationToken)
                ? session.Answer(EngineCommands.Flatten, await client.CommandAsync(
                    new EngineCommand(EngineCommands.Flatten, "client") { Reason = session.Parsed.GetValue(reason) }, cancellationToken))
                : ExitCodes.NotDone;
        });
        return command;
    }

    /// <summary>Leaves one position or all.</summary>
    public static Command Close()
    {
        var id = new Argument<string?>("id")
        {
            Description = "Position to close, as shown by positions.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Close every position." };
        var yes = Yes();
        var command = new TaughtCommand(
            "close", "Closes one position, or all of them; the mode stays as it is.",
            "close 3f9c2a", "close --all", "close --all --yes");
        command.Arguments.Add(id);
        command.Options.Add(all);
        command.Options.Add(yes);
        command.Validators.Add(result =>
        {
            var isAll = result.GetValue(all);
            if (isAll == !string.IsNullOrWhiteSpace(result.GetValue(id)))
            {
                result.AddError(isAll
                    ? "close takes a position's id or --all, not both."
                    : "close needs a position's id, or --all for every position.");
            }
        });
        Session.Run(command, async (session, cancellationToken) =>
        {
            if (!session.Parsed.GetValue(all))
            {
                await using var one = await session.ConnectAsync(cancellationToken);
                return session.Answer(
                    "close", await one.ClosePositionAsync(session.Parsed.GetValue(id)!, cancellationToken));
            }

            RefuseUnasked(session, yes);
            await using var client = await session.ConnectAsync(cancellationToken);
            return await IsMeantAsync(session, yes, client, "Close", cancellationToken)
                ? session.Answer("close", await client.CloseAllAsync(cancellationToken))
                : ExitCodes.NotDone;
        });
        return command;
    }

    /// <summary>Sets what is logged.</summary>
    public static Command LogLevel()
    {
        var level = new Argument<string>("level")
        {
            Description = $"From what level on the silo logs: {string.Join(", ", LogLevels)}.", HelpName = "level",
        };
        level.AcceptOnlyFromAmong(LogLevels);
        var command = new TaughtCommand(
            "log-level", "Sets what the silo logs from now on, until it restarts.", "log-level debug", "log-level information");
        command.Arguments.Add(level);
        Session.Run(command, async (session, cancellationToken) =>
        {
            await using var client = await session.ConnectAsync(cancellationToken);
            return session.Answer(
                "log-level", await client.SetLogLevelAsync(session.Parsed.GetValue(level)!, cancellationToken));
        });
        return command;
    }

    private static TaughtCommand Simple(
        string name, string description, Func<TradingEngineClient, CancellationToken, Task<CommandResult>> execute,
        params string[] examples)
    {
        var command = new TaughtCommand(name, description, examples);
        Session.Run(command, async (session, cancellationToken) =>
        {
            await using var client = await session.ConnectAsync(cancellationToken);
            return session.Answer(name, await execute(client, cancellationToken));
        });
        return command;
    }

    private static Option<bool> Yes() =>
        new("--yes", "-y") { Description = "Do it without asking; needed where nobody can be asked, as in a script." };

    private static void RefuseUnasked(Session session, Option<bool> yes)
    {
        if (!session.Parsed.GetValue(yes) && !session.Screen.CanAsk)
        {
            throw new UsageException(
                "This closes every position, and without a terminal nobody can be asked. Add --yes to do it.");
        }
    }

    private static async Task<bool> IsMeantAsync(
        Session session, Option<bool> yes, TradingEngineClient client, string what, CancellationToken cancellationToken)
    {
        if (session.Parsed.GetValue(yes))
        {
            return true;
        }

        var count = (await client.GetEngineStatusAsync(cancellationToken)).Totals.Active;
        var positions = count == 1 ? "1 open position" : $"{count} open positions";
        if (await session.Screen.AskAsync($"{what} {positions} at {session.Options.Gateway}?", cancellationToken))
        {
            return true;
        }

        session.Screen.Error("Nothing was done.");
        return false;
    }
}
