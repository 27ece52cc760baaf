using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using TradingEngine.Client.Output;

namespace TradingEngine.Client.Commands;

/// <summary>Shows the engine live until it is told to end; outlives a restart of the engine.</summary>
internal static class WatchCommand
{
    private const int StandardOutput = 1;
    private const int ShownOrders = 20;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How soon a key or another size of the window is seen.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new TaughtCommand(
            "watch", "Shows mode, money, tiers, positions and orders on the whole terminal, new each second; q, Esc or Ctrl+C ends. Where no terminal is, one line a second.",
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
            await (session.Screen.IsTerminal && session.Screen.Terminal.Profile.Capabilities.Ansi
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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var latest = new Moment(null, null);
        var looking = EachSecondAsync(async () =>
        {
            var (view, fault) = await LookAsync(client, ending.Token);
            // What was seen last stays to be seen while nobody answers.
            Volatile.Write(ref latest, new Moment(view ?? latest.View, fault));
            return true;
        }, ending.Token);
        using (var screen = new FullScreen(session.Screen.Terminal))
        {
            (Moment, (int, int)) shown = (latest, (0, 0));
            while (!ending.IsCancellationRequested && !FullScreen.IsEndAsked())
            {
                var now = (Volatile.Read(ref latest), FullScreen.Size);
                if (now != shown)
                {
                    screen.Show(WatchPage.Lines(now.Item1.View, now.Item1.Fault, now.Size.Width, now.Size.Height));
                    shown = now;
                }

                await Task.Delay(Glance, ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        await ending.CancelAsync();
        await looking.ContinueWith(_ => { }, TaskScheduler.Default);
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

    private static async Task<(WatchView? View, string? Fault)> LookAsync(
        TradingEngineClient client, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        try
        {
            var status = client.GetEngineStatusAsync(cancellationToken);
            var positions = client.GetPositionsAsync(cancellationToken);
            var health = client.GetRedisStatusAsync(cancellationToken);
            var orders = client.GetOrdersAsync(ShownOrders, cancellationToken);
            await Task.WhenAll(status, positions, health, orders);
            return (new WatchView(now, await status, await health, await positions, await orders), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            // An engine that restarts is looked for again; everything else is shown and looked at again, too.
            return (null, $"{Clock(now)} {exception.Message.ReplaceLineEndings(" ")} (Trying again.)");
        }
    }

    private static string Line(WatchView view)
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

    /// <summary>What was seen last, and why there is nothing newer.</summary>
    private sealed record Moment(WatchView? View, string? Fault);
}
