using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Watchers;

/// <summary>The latency of orders without clients of the event stream, with many, and without again, on one silo.</summary>
internal static class WatchersBenchmark
{
    private const string Stream = "/v1/events";
    private const double MostRatio = 1.5;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(WatchersOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var silo = await SiloProcess.StartAsync(options.Silo, "lists", redis, directory.Sub("silo"), cancellation);
        await RunAsync("warm-up", 0);
        var first = await RunAsync("none", 0);
        var watched = await RunAsync("watched", options.Clients);
        var last = await RunAsync("none again", 0);
        var floor = (first.P99 + last.P99) / 2;
        var ratio = watched.P99 / floor;
        var table = new Table(
            $"Orders at {options.Rate}/s: from the send to the order, µs", "clients", "orders", "p50", "p99", "missing", "duplicates", "events/s of each", "streams that ended");
        foreach (var run in new[] { first, watched, last })
        {
            table.Add(
                $"{run.Clients} ({run.Name})", Text(run.Good), Text(run.P50), Text(run.P99), Text(run.Missing), Text(run.Duplicates),
                Text(run.EventsEach), Text(run.Ended));
        }

        Console.WriteLine(table.Render(options.Markdown));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"p99 ratio: {ratio:0.00} to the mean of the two without (goal: at most {MostRatio:0.0})"));
        var isClean = new[] { first, watched, last }.All(run => run is { Missing: 0, Duplicates: 0, Ended: 0 });
        return isClean && ratio <= MostRatio ? BenchmarkRun.Measured : BenchmarkRun.OrdersWrong;

        async Task<Result> RunAsync(string name, int clients)
        {
            await Console.Error.WriteLineAsync($"{name} ...");
            var report = Path.Combine(directory.Sub($"clients-{clients}"), "report");
            await using var process = clients == 0
                ? null
                : await ClientsCommand.StartAsync(silo.Http, Stream, clients, report, cancellation);
            var (before, _) = clients == 0 ? (0, 0) : await ClientsCommand.ReadAsync(report);
            var length = TimeSpan.FromSeconds(options.Seconds);
            var measurement = await LoadRun.ExecuteAsync(
                new Route("engine", WireKeys.StrategySignals, WireKeys.ExecutionOrders, SignalKind.Fast), redis, options.Rate, Warmup, length,
                cancellation);
            var (events, ended) = clients == 0 ? (0, 0) : await ClientsCommand.ReadAsync(report);
            return new Result(
                name, clients, measurement.Flight.Count,
                Measurement.Microseconds(measurement.Flight.FromSend, 50) ?? 0, Measurement.Microseconds(measurement.Flight.FromSend, 99) ?? 0,
                measurement.Missing, measurement.Flight.Duplicates,
                clients == 0 ? 0 : (events - before) / (double)clients / (Warmup + length).TotalSeconds, ended);
        }
    }

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Result(
        string Name, int Clients, int Good, double P50, double P99, int Missing, int Duplicates, double EventsEach, int Ended);
}
