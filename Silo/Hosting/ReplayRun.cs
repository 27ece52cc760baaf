using System.Diagnostics;
using System.Globalization;
using TradingEngine.Agents.Execution;
using TradingEngine.Agents.Feeds;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>Runs a replay to its end and says what came of it.</summary>
internal static class ReplayRun
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(
        SiloSettings settings, IServiceProvider services, TextWriter output, CancellationToken stop)
    {
        var feed = services.GetRequiredService<ReplayFeed>();
        var started = Stopwatch.GetTimestamp();
        var said = started;
        var last = default(ReplayProgress);
        void Report(ReplayProgress progress)
        {
            last = progress;
            if (Stopwatch.GetElapsedTime(said) > ProgressEvery)
            {
                said = Stopwatch.GetTimestamp();
                output.WriteLine(LineOf("--", progress, Stopwatch.GetElapsedTime(started)));
            }
        }

        try
        {
            await feed.RunAsync(settings.ReplayFile!, Report, stop);
            output.WriteLine(LineOf("Replayed", last, Stopwatch.GetElapsedTime(started)));
        }
        catch (OperationCanceledException)
        {
            output.WriteLine(LineOf("Interrupted after", last, Stopwatch.GetElapsedTime(started)));
        }
        catch (InvalidDataException exception)
        {
            throw new SettingsException($"--feed is replay:{settings.ReplayFile}, which cannot be replayed: {exception.Message}", exception);
        }

        var grains = services.GetRequiredService<IGrainFactory>();
        var status = await grains.GetGrain<IEngineGrain>(StreamNames.DefaultPartition).GetStatusAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Orders {status.Totals.Orders}  opened {status.Totals.Opened}  closed {status.Totals.Closed}  "
            + $"refused {status.Totals.Rejected}  open at the end {status.Totals.Active}  equity {settings.Equity + status.Totals.Realized:0.00}"));
        var orders = services.GetRequiredService<OrderJournal>().File;
        output.WriteLine($"Orders, a line each: {orders}");
        var decisions = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(orders))!, "decisions.txt");
        var counts = await new DecisionReport(services.GetRequiredService<ITradingStore>(), grains).WriteAsync(status, decisions);
        output.WriteLine($"What the tiers decided (slow ones {counts}), and why: {decisions}");
    }

    private static string LineOf(string word, ReplayProgress progress, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{word} {progress.Events} prices to {progress.Time:yyyy-MM-dd HH:mm:ss} in {elapsed.TotalSeconds:0.0} s "
        + $"({progress.Events / Math.Max(elapsed.TotalSeconds, 0.001):0}/s)");
}
