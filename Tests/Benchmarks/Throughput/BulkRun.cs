using System.Diagnostics;
using TradingEngine.Tests.Benchmarks.Cadence;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>What one side carried.</summary>
/// <param name="Lane">The side and its transport.</param>
/// <param name="Tally">The signals and what came of them.</param>
/// <param name="PerSecond">Durable signals to orders per second.</param>
/// <param name="Worker">CPU of the silo or the relay, in cores.</param>
/// <param name="Redis">CPU of Redis, in cores.</param>
/// <param name="Agents">CPU of producer and consumer, which share the machine, in cores.</param>
internal sealed record BulkResult(Lane Lane, Tally Tally, double PerSecond, double Worker, double Redis, double Agents)
{
    /// <summary>CPU time per signal of the silo or the relay, in µs; says more than the rate where the machine is shared.</summary>
    public double WorkerMicroseconds => Worker / PerSecond * 1e6;

    /// <summary>CPU time per signal of Redis, in µs.</summary>
    public double RedisMicroseconds => Redis / PerSecond * 1e6;

    public bool IsClean => Tally.Missing == 0 && Tally.Duplicates == 0;
}

/// <summary>Takes one side through warm-up and measurement.</summary>
internal static class BulkRun
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    public static async Task<BulkResult> ExecuteAsync(
        Lane lane, RedisServer redis, int worker, ThroughputOptions options, CancellationToken cancellation)
    {
        var tally = new Tally($"{lane.Side}x{Stopwatch.GetTimestamp():x}", options.Warmup, options.Signals);
        using var producing = redis.Connect();
        using var consuming = redis.Connect();
        var writers = SignalWriter.Symbols.Take(options.Symbols)
            .Select(symbol => new SignalWriter(lane.Signals, options.Kind, tally.Run, symbol, lane.IsStream)).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var fills = options.Fills && lane.Side == "engine";
        var consumer = OnThreadOfItsOwn(() => new BulkConsumer(consuming, lane, tally, fills).Run(stop.Token));
        try
        {
            await ProduceAsync(0, tally.Warmup);
            await ArriveAsync(tally, tally.Warmup, consumer, cancellation);
            var before = Times(worker, redis);
            var began = Stopwatch.GetTimestamp();
            var last = tally.LastAt;
            await ProduceAsync(tally.Warmup, tally.Count);
            await ArriveAsync(tally, tally.Count, consumer, cancellation);
            var after = Times(worker, redis);
            var spent = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var seconds = tally.LastAt == last ? spent : Stopwatch.GetElapsedTime(began, tally.LastAt).TotalSeconds;
            // A doubled order would come after the last awaited one.
            await Task.Delay(Linger, cancellation);
            return new BulkResult(lane, tally, Math.Max(tally.Distinct - tally.Warmup, 0) / seconds,
                (after.Worker - before.Worker) / spent, (after.Redis - before.Redis) / spent, (after.Own - before.Own) / spent);
        }
        finally
        {
            // The thread uses the connection: it must have ended before that is closed.
            await stop.CancelAsync();
            await Task.WhenAny(consumer, Task.Delay(Quiet, CancellationToken.None));
        }

        Task ProduceAsync(int first, int end) => OnThreadOfItsOwn(
            () => BulkProducer.Run(producing, writers, tally, first, end, options.Window, stop.Token));
    }

    private static async Task ArriveAsync(Tally tally, int count, Task consumer, CancellationToken cancellation)
    {
        var progress = Stopwatch.GetTimestamp();
        for (var seen = tally.Distinct; seen < count && Stopwatch.GetElapsedTime(progress) < Quiet;)
        {
            if (consumer.IsCompleted)
            {
                await consumer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), cancellation);
            if (tally.Distinct != seen)
            {
                (seen, progress) = (tally.Distinct, Stopwatch.GetTimestamp());
            }
        }
    }

    private static (double Worker, double Redis, double Own) Times(int worker, RedisServer redis) => (
        ProcessorTime.Of(worker).TotalSeconds, ProcessorTime.Of(redis.ProcessId).TotalSeconds,
        ProcessorTime.Of(Environment.ProcessId).TotalSeconds);

    private static Task OnThreadOfItsOwn(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
