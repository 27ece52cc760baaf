using System.Globalization;
using System.Net.Sockets;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>Takes each transport through engine and relay in turn, prints the table.</summary>
internal static class ThroughputBenchmark
{
    public static async Task<int> RunAsync(ThroughputOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        var table = new Table(
            "Durable signals to orders", "side, transport", "per second", "of the relay", "silo or relay CPU", "µs/signal",
            "Redis CPU", "µs/signal", "agents' CPU", "missing", "doubled");
        var isClean = true;
        foreach (var transport in options.Transports)
        {
            var results = await MeasureAsync(transport, options, cancellation);
            var relay = results[^1];
            foreach (var result in results)
            {
                isClean &= result.IsClean;
                table.Add(
                    $"{result.Lane.Side}, {transport}", $"{result.PerSecond:N0}",
                    (result.PerSecond / relay.PerSecond).ToString("0.00", CultureInfo.InvariantCulture),
                    Cores(result.Worker), $"{result.WorkerMicroseconds:N0}", Cores(result.Redis), $"{result.RedisMicroseconds:N0}",
                    Cores(result.Agents),
                    $"{result.Tally.Missing:N0}", $"{result.Tally.Duplicates:N0}");
            }
        }

        Console.WriteLine(table.Render(options.Markdown));
        Console.WriteLine($"""
            {options.Signals:N0} signals per side after {options.Warmup:N0} of warm-up: {options.Kind}, {options.Symbols} symbols, at most {options.Window:N0} waiting, orders {(options.Fills ? "answered with fills" : "unanswered")}.
            One silo. CPU in cores. Agents, Redis and either side share this machine; the silo stands idle beside the relay.
            """);
        return isClean ? BenchmarkRun.Measured : BenchmarkRun.OrdersWrong;
    }

    /// <summary>Takes one transport through both sides, on a Redis and a silo of its own; the relay is the last.</summary>
    private static async Task<List<BulkResult>> MeasureAsync(
        string transport, ThroughputOptions options, CancellationToken cancellation)
    {
        var isStream = transport == "streams";
        // Disposed in reverse: the silo ends before the Redis it needs for a clean end.
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var relay = await RelayProcess.StartAsync(redis, directory.Path, cancellation, isStream);
        await using var silo = options.RelayOnly
            ? null
            : await SiloProcess.StartAsync(options.Silo, transport, redis, directory.Sub("silo"), cancellation);
        var results = new List<BulkResult>();
        if (silo is not null)
        {
            results.Add(await ExecuteAsync(Lane.OfEngine(options.Kind, isStream), silo.ProcessId));
            if (!results[0].IsClean)
            {
                await Console.Error.WriteLineAsync(silo.Tail());
            }
        }

        results.Add(await ExecuteAsync(Lane.OfRelay(isStream), relay.Id));
        return results;

        async Task<BulkResult> ExecuteAsync(Lane lane, int process)
        {
            await Console.Error.WriteLineAsync(
                $"{lane.Side} on {transport} (process {process}, Redis {redis.ProcessId} on port {redis.Port}) ...");
            try
            {
                return await BulkRun.ExecuteAsync(lane, redis, process, options, cancellation);
            }
            catch (Exception error) when (error is RespException or SocketException)
            {
                throw new BenchmarkException($"{lane.Side} on {transport}: {error.Message}\n{silo?.Tail()}", error);
            }
        }
    }

    private static string Cores(double cores) => cores.ToString("0.00", CultureInfo.InvariantCulture);
}
