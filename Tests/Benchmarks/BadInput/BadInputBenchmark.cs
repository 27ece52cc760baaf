using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;
using TradingEngine.Tests.Corpus;

namespace TradingEngine.Tests.Benchmarks.BadInput;

/// <summary>Good signals without broken messages, with them, and without again, on one silo.</summary>
internal static class BadInputBenchmark
{
    private const double MostRatio = 2.0;

    /// <summary>Larger ones measure the network and Redis, and are tested elsewhere.</summary>
    private const int LargestMessage = 1_000_000;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(BadInputOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var silo = await SiloProcess.StartAsync(options.Silo, "lists", redis, directory.Sub("silo"), cancellation);
        await RunAsync("warm-up", broken: true);
        var first = await RunAsync("clean", broken: false);
        var mixed = await RunAsync("with broken messages", broken: true);
        var last = await RunAsync("clean again", broken: false);

        var ratio = mixed.P99 / Math.Min(first.P99, last.P99);
        var table = new Table(
            "Good signals beside broken messages: from the send to the order, µs",
            "run", "good", "broken", "p50", "p99", "missing", "duplicates", "silo RSS, MB");
        foreach (var run in new[] { first, mixed, last })
        {
            table.Add(
                run.Name, Text(run.Good), Text(run.Broken), Text(run.P50), Text(run.P99), Text(run.Missing), Text(run.Duplicates),
                Text(run.Megabytes));
        }

        Console.WriteLine(table.Render(options.Markdown));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 ratio: {ratio:0.00} (goal: at most {MostRatio:0.0})"));
        return first.IsClean && mixed.IsClean && last.IsClean && ratio <= MostRatio ? BenchmarkRun.Measured : BenchmarkRun.OrdersWrong;

        async Task<Result> RunAsync(string name, bool broken)
        {
            await Console.Error.WriteLineAsync($"{name} ...");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var spoiling = redis.Connect();
            var spoiler = broken ? SpoilAsync(spoiling, options.BrokenRate, stop.Token) : Task.FromResult(0);
            var measurement = await LoadRun.ExecuteAsync(
                new Route("engine", WireKeys.StrategySignals, WireKeys.ExecutionOrders, SignalKind.Fast), redis, options.Rate, Warmup,
                TimeSpan.FromSeconds(options.Seconds), cancellation);
            await stop.CancelAsync();
            return new Result(
                name, measurement.Flight.Count, await spoiler,
                Measurement.Microseconds(measurement.Flight.FromSend, 50) ?? 0, Measurement.Microseconds(measurement.Flight.FromSend, 99) ?? 0,
                measurement.Missing, measurement.Flight.Duplicates, Memory(silo.ProcessId));
        }
    }

    /// <summary>Sends every kind to every queue in turn, at the rate, until it is told to stop.</summary>
    private static async Task<int> SpoilAsync(RespConnection connection, int rate, CancellationToken stop)
    {
        var messages = BrokenPayloads.Keys
            .SelectMany(key => BrokenPayloads.For(key).Select(broken => (Key: key, broken.Bytes)))
            .Where(message => message.Bytes.Length <= LargestMessage).ToArray();
        // A stride that shares no factor with the count visits all of them, queue after queue.
        var stride = Enumerable.Range(messages.Length / 9, messages.Length).First(step => Gcd(step, messages.Length) == 1);
        var started = Stopwatch.GetTimestamp();
        var sent = 0;
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var due = Math.Min((int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate), sent + 100);
            for (; sent < due; sent++)
            {
                var (key, bytes) = messages[(int)((long)sent * stride % messages.Length)];
                connection.WriteHeader(3);
                connection.WriteArgument(key is "strategy_engine:market_data" or "market_warnings" or "immediate_alerts" ? "PUBLISH"u8 : "LPUSH"u8);
                connection.WriteArgument(key);
                connection.WriteArgument(bytes);
                connection.Flush();
                connection.SkipReply();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }

        return sent;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    private static double Memory(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.WorkingSet64 / 1_000_000.0;
    }

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Result(
        string Name, int Good, int Broken, double P50, double P99, int Missing, int Duplicates, double Megabytes)
    {
        public bool IsClean => Missing == 0 && Duplicates == 0;
    }
}
