using System.Diagnostics;
using HdrHistogram;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>Lets a silo idle for an interval and reports its beat and its CPU time.</summary>
internal static class CadenceBenchmark
{
    private const string Unknown = "-";

    public static async Task<int> RunAsync(CadenceOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));

        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var silo = await SiloProcess.StartAsync(
            options.Silo, "lists", redis, directory.Sub("silo"), cancellation);
        try
        {
            await Console.Error.WriteLineAsync($"settling {options.Settle} s, then idle for {options.Seconds} s ...");
            await Task.Delay(TimeSpan.FromSeconds(options.Settle), cancellation);

            var tiersBefore = await TierStatus.ReadAsync(silo.Http, cancellation);
            var (siloBefore, redisBefore) = (ProcessorTime.Of(silo.ProcessId), ProcessorTime.Of(redis.ProcessId));
            var started = Stopwatch.GetTimestamp();
            var floor = new BeatFloor();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellation);
            var periods = floor.Stop();
            var elapsed = Stopwatch.GetElapsedTime(started);
            var siloShare = (ProcessorTime.Of(silo.ProcessId) - siloBefore) / elapsed;
            var redisShare = (ProcessorTime.Of(redis.ProcessId) - redisBefore) / elapsed;
            var tiers = await TierStatus.ReadAsync(silo.Http, cancellation);

            Console.WriteLine(Tiers(tiers, tiersBefore, elapsed).Render(options.Markdown));
            Console.WriteLine(Beside(tiers, periods).Render(options.Markdown));
            var cpu = new Table($"Idle CPU over {elapsed.TotalSeconds:0} s, share of one core", "process", "CPU");
            cpu.Add("silo", $"{siloShare:P1}");
            cpu.Add("redis-server", $"{redisShare:P1}");
            Console.WriteLine(cpu.Render(options.Markdown));
            return BenchmarkRun.Measured;
        }
        catch (Exception error) when (error is BenchmarkException or IOException)
        {
            throw new BenchmarkException($"{error.Message}\n{silo.Tail()}", error);
        }
    }

    private static Table Tiers(
        IReadOnlyList<TierStatus> tiers, IReadOnlyList<TierStatus> before, TimeSpan elapsed)
    {
        var table = new Table(
            "Tiers of an idle silo", "tier", "cycles", "cycles/s", "overruns", "period p50 µs", "period p99 µs");
        foreach (var tier in tiers)
        {
            var earlier = before.FirstOrDefault(one => one.Name == tier.Name);
            var cycles = tier.Cycles - earlier?.Cycles;
            table.Add(
                tier.Name ?? Unknown, Cell(cycles), Cell(cycles / elapsed.TotalSeconds, "N1"),
                Cell(tier.Overruns - earlier?.Overruns),
                Cell(tier.PeriodMicroseconds?.P50, "N1"), Cell(tier.PeriodMicroseconds?.P99, "N1"));
        }
        return table;
    }

    /// <summary>The beat beside the floor, which tells the machine's part from the engine's.</summary>
    private static Table Beside(IReadOnlyList<TierStatus> tiers, LongHistogram floor)
    {
        var table = new Table("Period of tier 1 beside a bare thread in the same time", "beat", "p50 µs", "p99 µs");
        var own = (tiers.Count > 0 ? tiers[0] : null)?.PeriodMicroseconds;
        var (p50, p99) = (floor.GetValueAtPercentile(50) / 1000.0, floor.GetValueAtPercentile(99) / 1000.0);
        table.Add("tier 1", Cell(own?.P50, "N1"), Cell(own?.P99, "N1"));
        table.Add("bare thread", Cell(p50, "N1"), Cell(p99, "N1"));
        table.Add("ratio", Cell(own?.P50 / p50, "N2"), Cell(own?.P99 / p99, "N2"));
        return table;
    }

    private static string Cell(double? value, string format = "N0") => value?.ToString(format) ?? Unknown;
}
