using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Audit;

namespace TradingEngine.Client.Commands;

/// <summary>Commands on the audit: verify, show, and replay-audit.</summary>
internal static class AuditCommands
{
    private const int ShownDifferences = 50;

    /// <summary>The command and what stands under it.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            "audit", "Checks the record of every decision, or shows a position's.", "audit verify", "audit show 3f9c2a");
        var verify = new TaughtCommand(
            "verify", "Checks every entry, seal and position; exit code 1 when one is not as it was written.",
            "audit verify", "audit verify --output json");
        Session.Run(verify, VerifyAsync);
        command.Subcommands.Add(verify);
        var id = new Argument<string>("position") { Description = "Position, as shown by positions or history." };
        var show = new TaughtCommand(
            "show", "Shows a position's whole story, from its signal to its close.", "audit show 3f9c2a --output json");
        show.Arguments.Add(id);
        Session.Run(show, (session, cancellation) => ShowAsync(session, session.Parsed.GetValue(id)!, cancellation));
        command.Subcommands.Add(show);
        command.Subcommands.Add(AuditTail.Create());
        return command;
    }

    /// <summary>Works every position out from the audit alone.</summary>
    public static Command Replay()
    {
        var command = new TaughtCommand(
            "replay-audit",
            "Works every position out anew from the audit alone and compares it with its record; exit code 1 when they differ.",
            "replay-audit", "replay-audit --output json");
        Session.Run(command, ReplayAsync);
        return command;
    }

    private static async Task<AuditWalk> WalkAsync(Session session, TradingEngineClient client, CancellationToken cancellation)
    {
        var end = (await client.GetAuditHeadAsync(cancellation)).Sealed?.Last ?? 0;
        var walk = new AuditWalk(client)
        {
            Reading = entries => session.Screen.Progress(end == 0 ? $"Reading: {Words.Count(entries)} entries"
                : string.Create(CultureInfo.InvariantCulture, $"Reading: {Words.Count(entries)} of {Words.Count(Math.Max(end, entries))} entries, {Math.Min(100, entries * 100 / end)} %")),
        };
        try
        {
            await walk.RunAsync(cancellation);
        }
        finally
        {
            session.Screen.Progress("");
        }

        return walk;
    }

    private static async Task<int> VerifyAsync(Session session, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        var walk = await WalkAsync(session, client, cancellation);
        var found = walk.Verifier;
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Write(
                new AuditDocument(
                    found.BreakCount == 0, found.Entries, found.Positions, found.Records, found.Seals, found.Unsealed,
                    found.LastSeal?.Number, found.LastSeal?.Hash, found.BreakCount,
                    [.. found.Breaks.Select(item => new AuditBreakDocument(item.Sequence, item.PositionId, item.Reason))]),
                DocumentContext.Default.AuditDocument);
            return found.BreakCount == 0 ? ExitCodes.Done : ExitCodes.NotDone;
        }

        screen.Show(new Facts()
            .Add("entries", Words.Count(found.Entries))
            .Add("positions", Words.Count(found.Positions))
            .Add("records", $"{Words.Count(found.Records)} compared with their last entries")
            .Add("seals", $"{Words.Count(found.Seals)}, {Words.Count(found.Unsealed)} entries behind the last")
            .Add("last seal", found.LastSeal is { } seal ? $"{seal.Number} {seal.Hash}" : Words.Nothing)
            .Add("breaks", Words.Count(found.BreakCount)));
        foreach (var item in found.Breaks)
        {
            screen.Error(string.Create(CultureInfo.InvariantCulture,
                $"Broken at entry {item.Sequence}{(item.PositionId is null ? "" : $", position {item.PositionId}")}: {item.Reason}."));
        }

        return found.BreakCount == 0 ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static async Task<int> ReplayAsync(Session session, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        var walk = await WalkAsync(session, client, cancellation);
        var isEqual = walk.Differences.Count == 0;
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Write(
                new ReplayAuditDocument(
                    isEqual, walk.Replay.Compared, walk.Replay.Fills, walk.Replay.Incomplete,
                    [.. walk.Differences.Select(item => new AuditDifferenceDocument(item.PositionId, item.What, item.Audit, item.Record))]),
                DocumentContext.Default.ReplayAuditDocument);
            return isEqual ? ExitCodes.Done : ExitCodes.NotDone;
        }

        screen.Show(new Facts()
            .Add("positions", $"{Words.Count(walk.Replay.Compared)} worked out from {Words.Count(walk.Replay.Fills)} fills")
            .Add("not worked out", $"{Words.Count(walk.Replay.Incomplete)} of an older form")
            .Add("differences", Words.Count(walk.Differences.Count)));
        foreach (var item in walk.Differences.Take(ShownDifferences))
        {
            screen.Error($"{item.PositionId} {item.What}: the audit leads to {item.Audit}, the record says {item.Record}.");
        }

        return isEqual ? ExitCodes.Done : ExitCodes.NotDone;
    }

    private static async Task<int> ShowAsync(Session session, string id, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        var steps = ImmutableArray.CreateBuilder<AuditStepDocument>();
        var cursor = new AuditCursor();
        AuditPage page;
        do
        {
            page = await client.ReadAuditAsync(cursor, id, cancellation);
            if (page.Problem is { } problem)
            {
                session.Screen.Error($"A part of the audit is not at hand: {problem}");
            }

            foreach (var entry in page.Entries)
            {
                if (AuditLineJson.Read(entry.Line) is { } line)
                {
                    steps.AddRange(line.Facts.Select(fact => AuditStepDocument.Of(entry.Sequence, line, fact)));
                }
            }

            cursor = page.Next;
        }
        while (!page.IsEnd);
        if (steps.Count == 0)
        {
            session.Screen.Error($"The audit has no entry of position {id}.");
            return ExitCodes.NotDone;
        }

        if (session.Screen.IsJson)
        {
            session.Screen.Write(new AuditStoryDocument(id, steps.ToImmutable()), DocumentContext.Default.AuditStoryDocument);
        }
        else
        {
            session.Screen.Show(AuditPages.Story(steps));
        }

        return ExitCodes.Done;
    }
}
