using System.CommandLine;
using System.Text.Json;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Audit;

namespace TradingEngine.Client.Commands;

/// <summary>The newest facts of the audit, and those that come.</summary>
internal static class AuditTail
{
    private const int DefaultCount = 20;
    private const int MaxCount = 100_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var count = NumberOption.CreateWhole("--count", $"How many of the newest to show, 0 to {MaxCount}.", "number", 0, MaxCount);
        count.Aliases.Add("-n");
        count.DefaultValueFactory = _ => DefaultCount;
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, one line each, until Ctrl+C; as JSON one document a line." };
        var command = new TaughtCommand(
            "tail", "Shows the newest facts of the audit that are in the store, newest last.",
            "audit tail --count 50", "audit tail --count 0 --follow --output json | jq -c 'select(.event == \"order_filled\")'");
        command.Options.Add(count);
        command.Options.Add(follow);
        Session.Run(command, (session, cancellation) => RunAsync(
            session, session.Parsed.GetValue(count) ?? DefaultCount, session.Parsed.GetValue(follow), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, int count, bool follows, CancellationToken cancellation)
    {
        if (follows && session.Screen.IsCsv)
        {
            throw new UsageException("What goes on has no CSV: leave --follow away, or use --output json.");
        }

        await using var client = await session.ConnectAsync(cancellation);
        var (newest, end) = await NewestAsync(session, client, count, cancellation);
        if (!follows)
        {
            if (session.Screen.IsJson)
            {
                session.Screen.Write(new AuditFactsDocument([.. newest]), DocumentContext.Default.AuditFactsDocument);
            }
            else if (newest.Count == 0)
            {
                session.Screen.Line("Nothing is recorded in the store.");
            }
            else
            {
                session.Screen.Show(AuditPages.Facts(newest));
            }

            return ExitCodes.Done;
        }

        foreach (var fact in newest)
        {
            Say(session.Screen, fact);
        }

        await FollowAsync(session, client, end, cancellation);
        return ExitCodes.Done;
    }

    private static async Task<(IReadOnlyCollection<AuditFactDocument> Newest, AuditCursor End)> NewestAsync(
        Session session, TradingEngineClient client, int count, CancellationToken cancellation)
    {
        var head = await client.GetAuditHeadAsync(cancellation);
        var from = count == 0 ? head.Sealed : head.Moved;
        var cursor = from is { } seal ? new AuditCursor(seal.Last, seal.LastId, seal.Number) : new AuditCursor();
        var newest = new Queue<AuditFactDocument>();
        try
        {
            while (true)
            {
                var page = await client.ReadAuditAsync(cursor, null, cancellation);
                foreach (var fact in FactsOf(session.Screen, page))
                {
                    newest.Enqueue(fact);
                    if (newest.Count > count)
                    {
                        newest.Dequeue();
                    }
                }

                cursor = page.Next;
                if (page.IsEnd)
                {
                    return (newest, cursor);
                }

                session.Screen.Progress($"Reading: {Words.Count(cursor.Sequence)} of {Words.Count(Math.Max(cursor.Sequence, head.Sealed?.Last ?? 0))} entries");
            }
        }
        finally
        {
            session.Screen.Progress("");
        }
    }

    private static async Task FollowAsync(Session session, TradingEngineClient client, AuditCursor cursor, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                AuditPage page;
                do
                {
                    page = await client.ReadAuditAsync(cursor, null, cancellation);
                    foreach (var fact in FactsOf(session.Screen, page))
                    {
                        Say(session.Screen, fact);
                    }

                    cursor = page.Next;
                }
                while (!page.IsEnd);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl+C is how following ends.
        }
    }

    private static IEnumerable<AuditFactDocument> FactsOf(Screen screen, AuditPage page)
    {
        if (page.Problem is { } problem)
        {
            screen.Error($"A part of the audit is not at hand: {problem}");
        }

        return page.Entries.SelectMany(item => AuditLineJson.Read(item.Line) is { } line
            ? line.Facts.Select(fact => AuditFactDocument.Of(item.Sequence, line, fact))
            : []);
    }

    private static void Say(Screen screen, AuditFactDocument fact) => screen.Line(screen.IsJson
        ? JsonSerializer.Serialize(fact, LineContext.Default.AuditFactDocument)
        : fact.ToLine());
}
