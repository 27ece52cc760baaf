using System.CommandLine;
using TradingEngine.Client.Embedded;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Commands;

/// <summary>The kill switch, through the engine or, with every silo dead, through its store; and the way back.</summary>
internal static class KillCommand
{
    private const string Source = "client";

    /// <summary>Kills.</summary>
    public static Command Kill()
    {
        var reason = Reason("Why, for those who come after.");
        var flatten = new Option<bool>("--flatten") { Description = "Close every position as well." };
        var redis = RedisOption.CreateOptional("Kill through this Redis, without asking a silo: works with all of them dead.");
        var data = new Option<string>("--data")
        {
            Description = "Kill through the embedded store in the silo's --data directory, whether a silo runs or not.", HelpName = "directory",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking; needed where nobody can be asked, as in a script." };
        var command = new TaughtCommand(
            EngineCommands.Kill,
            "Lets no order that takes risk out from the answer on, and cancels what is working. It stays so over restarts, until reset.",
            "kill --reason \"wrong prices\"", "kill --flatten --reason \"strategy runs wild\" --yes", "kill --redis 127.0.0.1:6379 --yes",
            "kill --data ./data --yes");
        foreach (var option in new Option[] { reason, flatten, redis, data, yes })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(redis) is not null && result.GetResult(data) is not null)
            {
                result.AddError("kill takes --redis or --data, not both.");
            }
        });
        Session.Run(command, async (session, cancellation) =>
        {
            var parsed = session.Parsed;
            var asked = new EngineCommand(EngineCommands.Kill, Source)
            {
                Reason = parsed.GetValue(reason), IsFlattening = parsed.GetValue(flatten),
            };
            var place = parsed.GetValue(redis) ?? parsed.GetValue(data) ?? $"the engine at {session.Options.Gateway}";
            if (!parsed.GetValue(yes) && !await IsMeantAsync(session, asked, place, cancellation))
            {
                return ExitCodes.NotDone;
            }

            return session.Answer(EngineCommands.Kill, await RunAsync(
                session, asked, parsed.GetValue(redis), parsed.GetValue(data), cancellation));
        });
        return command;
    }

    /// <summary>Leads on after a kill.</summary>
    public static Command Reset()
    {
        var reason = Reason("Why it is safe to go on.");
        reason.Required = true;
        var command = new TaughtCommand(
            EngineCommands.Reset, "After a kill: exits are managed again; entries wait for resume.", "reset --reason \"prices are right again\"");
        command.Options.Add(reason);
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            return session.Answer(EngineCommands.Reset, await client.CommandAsync(
                new EngineCommand(EngineCommands.Reset, Source) { Reason = session.Parsed.GetValue(reason) }, cancellation));
        });
        return command;
    }

    private static Option<string> Reason(string description) => new("--reason") { Description = description, HelpName = "text" };

    private static async Task<bool> IsMeantAsync(Session session, EngineCommand asked, string place, CancellationToken cancellation)
    {
        if (!session.Screen.CanAsk)
        {
            throw new UsageException("This stops all trading, and without a terminal nobody can be asked. Add --yes to do it.");
        }

        var what = asked.IsFlattening ? "Kill and close every position of" : "Kill";
        if (await session.Screen.AskAsync($"{what} {place}?", cancellation))
        {
            return true;
        }

        session.Screen.Error("Nothing was done.");
        return false;
    }

    private static async Task<CommandResult> RunAsync(
        Session session, EngineCommand asked, string? redis, string? data, CancellationToken cancellation)
    {
        if (redis is null && data is null)
        {
            await using var client = await session.ConnectAsync(cancellation);
            return await client.CommandAsync(asked, cancellation);
        }

        var mode = asked.IsFlattening ? EngineMode.KilledFlattening : EngineMode.Killed;
        var why = $"{EngineCommands.Kill} by {Source}{(asked.Reason is { Length: > 0 } reason ? ": " + reason : "")}";
        if (data is not null)
        {
            return Said(await EmbeddedKill.RunAsync(data, mode, why), mode);
        }

        await using var place = await RedisOption.ConnectAsync(redis!, "te-kill");
        var result = new CommandResult("completed", "killed through the store");
        var before = await StoreKill.RunAsync(
            place, mode, why, CommandWriter.Write(EngineCommands.Kill, result, Source, TimeProvider.System.GetUtcNow()));
        return before is null
            ? new CommandResult("rejected", $"Redis at {place.Address} holds no store: nothing was changed")
            : Said(before, mode);
    }

    private static CommandResult Said(IReadOnlyList<EngineMode> before, EngineMode mode) => new("completed", before.Count == 0
        ? $"the store is {ModeCommands.NameOf(mode)} already"
        : $"the store was {ModeCommands.NameOf(before[0])} and is {ModeCommands.NameOf(mode)}: no commit takes risk from now on; "
            + "a silo that runs, or the next to start, withdraws what is working");
}
