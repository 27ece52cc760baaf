using System.CommandLine;
using TradingEngine.Client.Output;
using TradingEngine.Client.Redis;

namespace TradingEngine.Client.Commands;

/// <summary>Makes an empty Redis a store on purpose: the first one, or one in place of a store that was lost.</summary>
internal static class InitCommand
{
    private const string Name = "init";
    private const string Completed = "completed";
    private const string Rejected = "rejected";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var redis = RedisOption.Create();
        var replaces = new Option<string>("--replaces")
        {
            Description = "Epoch of the lost store, as the silo names it: only silos that knew that one may start here. "
                + "Without it, the first silo to come says which it was.",
            HelpName = "epoch",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking; needed where nobody can be asked, as in a script." };
        var command = new TaughtCommand(
            Name, "Makes an empty Redis a store, by hand: before the first silo with --init never, or after the store was lost.",
            "init --redis 127.0.0.1:6379", "init --redis 127.0.0.1:6379 --yes --output json");
        command.Options.Add(redis);
        command.Options.Add(replaces);
        command.Options.Add(yes);
        Session.Run(command, (session, cancellation) => RunAsync(
            session, session.Parsed.GetValue(redis)!, session.Parsed.GetValue(replaces), session.Parsed.GetValue(yes), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Session session, string redis, string? replaces, bool isMeant, CancellationToken cancellation)
    {
        if (replaces is not null && string.IsNullOrWhiteSpace(replaces))
        {
            throw new UsageException("--replaces is empty; give the epoch that the silo names, or leave it out.");
        }

        if (!isMeant && !session.Screen.CanAsk)
        {
            throw new UsageException("This makes a new store, and without a terminal nobody can be asked. Add --yes to do it.");
        }

        var partition = session.Options.Partition;
        await using var place = await RedisOption.ConnectAsync(redis, "te-init");
        var found = await StoreInitialisation.LookAsync(place.Database, partition);
        if (found.Epoch is null && found.Foreign is null && !isMeant)
        {
            var question = $"{At(place)} holds no store. Make it a new one, which knows nothing of positions that a lost one held?";
            if (!await session.Screen.AskAsync(question, cancellation))
            {
                session.Screen.Error("Nothing was done.");
                return ExitCodes.NotDone;
            }
        }

        if (found.Epoch is null && found.Foreign is null)
        {
            // Looks again, since somebody may have been faster.
            found = await StoreInitialisation.RunAsync(place.Database, partition, replaces ?? StoreInitialisation.AnyEpoch);
        }

        return await SayAsync(session, place, found, replaces);
    }

    private static async Task<int> SayAsync(Session session, RedisPlace place, StoreInitialisationResult result, string? replaces)
    {
        var others = await place.Database.ExecuteAsync("DBSIZE") is { } size ? (long)size - (result.Epoch is null ? 0 : 1) : 0;
        var reason = result switch
        {
            { IsDone: true } => $"wrote {StoreInitialisation.ControlOf(session.Options.Partition)} with epoch {result.Epoch} and nothing else",
            { Foreign: { } key } => $"{At(place)} holds '{key}' of an earlier store but no epoch: restore its data, or delete "
                + "the keys that start with 'te:{' and run init again",
            _ => $"{At(place)} holds the store of epoch {result.Epoch} already: start the silo, which needs no init. Where that store "
                + "is not wanted any more, delete the keys that start with 'te:{' and run init again",
        };
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new InitDocument(
                    Name, result.IsDone ? Completed : Rejected, place.Address, place.Database.Database, result.Epoch,
                    result.IsDone ? replaces : null, others, reason),
                DocumentContext.Default.InitDocument);
        }
        else if (result.IsDone)
        {
            session.Screen.Line($"{Name}: {reason}");
            session.Screen.Line($"{At(place)} is a new store; {Words.Count(others)} other keys there were left as they are.");
            session.Screen.Line(replaces is null
                ? "The first silo to start on it may be one that knew a lost store; from then on, only silos of that one are let in."
                : $"Silos that knew the store of epoch {replaces} may start on it.");
            session.Screen.Line("It knows no position that a lost store held: compare with the venue before you trade.");
        }
        else
        {
            session.Screen.Error($"{Name} {Rejected}: {reason}");
        }

        return result.IsDone ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static string At(RedisPlace place) => $"Redis at {place.Address}, database {place.Database.Database},";
}
