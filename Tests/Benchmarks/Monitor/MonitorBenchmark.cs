using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Benchmarks.Cadence;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Monitor;

/// <summary>Measures what open positions cost while nothing happens.</summary>
internal static class MonitorBenchmark
{
    public static async Task<int> RunAsync(MonitorOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var silo = await SiloProcess.StartAsync(options.Silo, "lists", redis, directory.Sub("silo"), cancellation);
        var idle = await MeasureAsync(silo, redis, options, cancellation);
        await new HeldPositions(redis, silo).OpenAsync(options.Positions, cancellation);
        var held = await MeasureAsync(silo, redis, options, cancellation);

        var table = new Table($"Nothing happens, for {options.Seconds} s: share of one core", "open positions", "silo CPU", "redis CPU", "silo RSS, MB");
        table.Add("0", Percent(idle.Silo), Percent(idle.Redis), Text(idle.Megabytes));
        table.Add($"{options.Positions:N0}", Percent(held.Silo), Percent(held.Redis), Text(held.Megabytes));
        table.Add("difference", Percent(held.Silo - idle.Silo), Percent(held.Redis - idle.Redis), Text(held.Megabytes - idle.Megabytes));
        Console.WriteLine(table.Render(options.Markdown));
        return BenchmarkRun.Measured;
    }

    private static async Task<Interval> MeasureAsync(
        SiloProcess silo, RedisServer redis, MonitorOptions options, CancellationToken cancellation)
    {
        using var connection = redis.Connect();
        await PriceAsync(connection, options.Settle, cancellation);
        var (siloBefore, redisBefore) = (ProcessorTime.Of(silo.ProcessId), ProcessorTime.Of(redis.ProcessId));
        var started = Stopwatch.GetTimestamp();
        await PriceAsync(connection, options.Seconds, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(started);
        using var process = Process.GetProcessById(silo.ProcessId);
        return new Interval(
            (ProcessorTime.Of(silo.ProcessId) - siloBefore) / elapsed, (ProcessorTime.Of(redis.ProcessId) - redisBefore) / elapsed,
            process.WorkingSet64 / 1_000_000.0);
    }

    private static async Task PriceAsync(RespConnection connection, int seconds, CancellationToken cancellation)
    {
        for (var i = 0; i < seconds; i++)
        {
            HeldPositions.Price(connection);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Interval(double Silo, double Redis, double Megabytes);
}
