using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Client.Commands;

/// <summary>Shows status and positions each second until Ctrl+C; outlives a restart of the engine.</summary>
internal static class WatchCommand
{
    private const int StandardOutput = 1;

    // Lines of the page besides the rows of positions: summary, blanks, and the frames of two tables.
    private const int PageOverhead = 13;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            "watch", "Shows status and positions, new each second, until Ctrl+C. Where no terminal is, one line a second.",
            "watch", "watch > watch.log", "watch --output json | jq -c '[.time, .status.totals.active]'");
        Session.Run(command, WatchAsync);
        return command;
    }

    private static async Task<int> WatchAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Screen.IsCsv)
        {
            throw new UsageException("watch has no rows of one kind, so no CSV: use --output json, or positions --output csv again and again.");
        }

        await using var client = await session.ConnectAsync(cancellationToken);
        try
        {
            await (session.Screen.IsTerminal
                ? ShowPagesAsync(session, client, cancellationToken)
                : WriteLinesAsync(session, client, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how watching ends.
        }

        return ExitCodes.Done;
    }

    private static async Task ShowPagesAsync(Session session, TradingEngineClient client, CancellationToken cancellationToken)
    {
        var terminal = session.Screen.Terminal;
        await terminal.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async live =>
            {
                await EachSecondAsync(async () =>
                {
                    var (view, fault) = await LookAsync(client, cancellationToken);
                    live.UpdateTarget(view is null ? new Markup($"[red]{Markup.Escape(fault!)}[/]") : Page(terminal, view));
                    return true;
                }, cancellationToken);
            });
    }

    private static async Task WriteLinesAsync(Session session, TradingEngineClient client, CancellationToken cancellationToken)
    {
        await using var output = OpenOutput();
        await EachSecondAsync(async () =>
        {
            var (view, fault) = await LookAsync(client, cancellationToken);
            if (view is null)
            {
                session.Screen.Error(fault!);
                return true;
            }

            try
            {
                await output.WriteLineAsync(session.Screen.IsJson
                    ? JsonSerializer.Serialize(view.ToDocument(), LineContext.Default.WatchDocument)
                    : Line(view));
                return true;
            }
            catch (IOException)
            {
                // Whoever read the pipe has gone.
                return false;
            }
        }, cancellationToken);
    }

    private static async Task EachSecondAsync(Func<Task<bool>> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        while (await show() && await timer.WaitForNextTickAsync(cancellationToken))
        {
        }
    }

    private static async Task<(View? View, string? Fault)> LookAsync(
        TradingEngineClient client, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        try
        {
            var status = client.GetEngineStatusAsync(cancellationToken);
            var positions = client.GetPositionsAsync(cancellationToken);
            var health = client.GetRedisStatusAsync(cancellationToken);
            await Task.WhenAll(status, positions, health);
            return (new View(now, await status, await health, await positions), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            // An engine that restarts is looked for again; everything else is shown and looked at again, too.
            return (null, $"{Clock(now)} {exception.Message.ReplaceLineEndings(" ")} (Trying again; Ctrl+C ends.)");
        }
    }

    private static Rows Page(IAnsiConsole terminal, View view)
    {
        var width = terminal.Profile.Width;
        var rows = Math.Max(1, terminal.Profile.Height - PageOverhead - view.Status.Tiers.Length);
        var positions = BookPage.Positions(view.Positions, view.Time);
        IRenderable book = positions.Count == 0
            ? new Markup("[grey]No open positions.[/]")
            : positions.ToRenderable(width, rows);
        return new Rows(
            new Markup(Markup.Escape(Line(view))), StatusPage.Tiers(view.Status.Tiers).ToRenderable(width), book,
            new Markup("[grey]Ctrl+C ends[/]"));
    }

    private static string Line(View view)
    {
        var (status, totals) = (view.Status, view.Status.Totals);
        var store = view.Store.Connected
            ? string.Create(CultureInfo.InvariantCulture, $"store {view.Store.LatencyMs:0.##} ms")
            : "store not connected";
        return $"{Clock(view.Time)} {Words.Member(status.Mode)}, up {Words.Age(status.Uptime)}, "
            + $"{Words.Count(totals.Active)} active ({Words.Count(totals.Long)} long, {Words.Count(totals.Short)} short), "
            + $"{Words.Count(totals.Orders)} orders, realized {Words.Money(totals.Realized, isSigned: true)}, "
            + $"unrealized {Words.Money(view.Positions.Sum(position => position.Unrealized ?? 0m), isSigned: true)}, {store}";
    }

    private static string Clock(DateTimeOffset time) => time.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // The console ignores that a pipe was closed, and watching would go on for nobody.
    private static TextWriter OpenOutput()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.Out;
        }

        var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.Out : new StreamWriter(stream) { AutoFlush = true };
    }

    private sealed record View(
        DateTimeOffset Time, EngineStatus Status, StoreHealth Store, ImmutableArray<PositionView> Positions)
    {
        public WatchDocument ToDocument() =>
            new(Time, StatusDocument.Of(Status, Store), [.. Positions.Select(PositionDocument.Of)]);
    }
}
