using System.CommandLine;
using System.Text;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Client.Commands;

/// <summary>The commands on messages that could not be understood: list, show, requeue, purge.</summary>
internal static class DeadLetterCommands
{
    private const string Name = "deadletters";
    private const int DefaultCount = 20;

    /// <summary>The command and what stands under it; alone it lists.</summary>
    public static Command Create()
    {
        var count = NumberOption.CreateWhole("--count", "How many to show, newest first, 1 to 10000.", "number", 1, 10_000);
        count.Aliases.Add("-n");
        count.DefaultValueFactory = _ => DefaultCount;
        var command = new TaughtCommand(
            Name, "Shows messages that could not be understood and were set aside; puts them back on their queues, or throws them away.",
            "deadletters", "deadletters show 3f9c2a51b07e", "deadletters requeue --all", "deadletters purge --yes");
        command.Options.Add(count);
        Task<int> List(Session session, CancellationToken cancellation) =>
            ListAsync(session, session.Parsed.GetValue(count) ?? DefaultCount, cancellation);
        Session.Run(command, List);
        var list = new TaughtCommand("list", "Lists them, newest first, with counts by queue and reason.", "deadletters list --count 100");
        list.Options.Add(count);
        Session.Run(list, List);
        command.Subcommands.Add(list);
        command.Subcommands.Add(Show());
        command.Subcommands.Add(Requeue());
        command.Subcommands.Add(Purge());
        return command;
    }

    private static TaughtCommand Show()
    {
        var id = new Argument<string>("id") { Description = "The dead letter, as shown by list." };
        var command = new TaughtCommand("show", "Shows one with its bytes.", "deadletters show 3f9c2a51b07e --output json");
        command.Arguments.Add(id);
        Session.Run(command, (session, cancellation) => ShowAsync(session, session.Parsed.GetValue(id)!, cancellation));
        return command;
    }

    private static TaughtCommand Requeue()
    {
        var id = new Argument<string?>("id") { Description = "The dead letter, as shown by list.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Put all of them back, oldest first." };
        var command = new TaughtCommand(
            "requeue", "Puts one back on the queue it came from, or all: each is in one place or the other, whatever happens.",
            "deadletters requeue 3f9c2a51b07e", "deadletters requeue --all");
        command.Arguments.Add(id);
        command.Options.Add(all);
        command.Validators.Add(result =>
        {
            var isAll = result.GetValue(all);
            if (isAll == !string.IsNullOrWhiteSpace(result.GetValue(id)))
            {
                result.AddError(isAll ? "requeue takes an id or --all, not both." : "requeue needs an id, or --all for all of them.");
            }
        });
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            return session.Answer("requeue", session.Parsed.GetValue(all)
                ? await client.RequeueAllDeadLettersAsync(cancellation)
                : await client.RequeueDeadLetterAsync(session.Parsed.GetValue(id)!, cancellation));
        });
        return command;
    }

    private static TaughtCommand Purge()
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Do it without asking; needed where nobody can be asked, as in a script." };
        var command = new TaughtCommand("purge", "Throws all of them away.", "deadletters purge --yes");
        command.Options.Add(yes);
        Session.Run(command, async (session, cancellation) =>
        {
            var isMeant = session.Parsed.GetValue(yes);
            if (!isMeant && !session.Screen.CanAsk)
            {
                throw new UsageException("This throws every dead letter away, and without a terminal nobody can be asked. Add --yes to do it.");
            }

            await using var client = await session.ConnectAsync(cancellation);
            if (!isMeant && !await session.Screen.AskAsync($"Throw all dead letters at {session.Options.Gateway} away?", cancellation))
            {
                session.Screen.Error("Nothing was done.");
                return ExitCodes.NotDone;
            }

            return session.Answer("purge", await client.PurgeDeadLettersAsync(cancellation));
        });
        return command;
    }

    private static async Task<int> ListAsync(Session session, int count, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        var page = await client.GetDeadLettersAsync(count, cancellation);
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Write(DeadLettersDocument.Of(page), DocumentContext.Default.DeadLettersDocument);
        }
        else if (page.Kept == 0)
        {
            screen.Line("No dead letters.");
        }
        else
        {
            screen.Show(DeadLetterPages.Letters(page, TimeProvider.System.GetUtcNow()));
            screen.Line("");
            screen.Show(DeadLetterPages.Counts(page));
        }

        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(Session session, string id, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        if (await client.GetDeadLetterAsync(id, cancellation) is not { } letter)
        {
            session.Screen.Error($"There is no dead letter {id}.");
            return ExitCodes.NotDone;
        }

        if (session.Screen.IsJson)
        {
            session.Screen.Write(DeadLetterDocument.Of(letter), DocumentContext.Default.DeadLetterDocument);
            return ExitCodes.Done;
        }

        session.Screen.Show(DeadLetterPages.Letter(letter));
        session.Screen.Line("");
        session.Screen.Line(BytesOf(letter));
        return ExitCodes.Done;
    }

    /// <summary>Text as it is where a terminal may show it, else base 64.</summary>
    private static string BytesOf(DeadLetter letter) => DeadLetterJson.IsText(letter.Payload.Span)
        ? Encoding.UTF8.GetString(letter.Payload.Span)
        : Convert.ToBase64String(letter.Payload.Span);
}
