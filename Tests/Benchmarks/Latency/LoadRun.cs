using System.Diagnostics;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>One side (engine or relay) under one rate: producer and consumer together.</summary>
internal static class LoadRun
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(300);

    public static async Task<Measurement> ExecuteAsync(
        Route route, RedisServer redis, int rate, TimeSpan warmup, TimeSpan measured, CancellationToken cancellation)
    {
        var run = $"{route.Name}{rate}x{Stopwatch.GetTimestamp():x}";
        var flight = new Flight(run, rate, warmup, measured);
        using var producing = redis.Connect();
        using var consuming = redis.Connect();
        // A run that fell behind may have left its signals: they are not this run's load.
        producing.Call("DEL", route.Signals, route.Orders);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writer = new SignalWriter(route.Signals, route.Kind, run);
        flight.Begin();
        var consumer = OnThreadOfItsOwn(() => new OrderConsumer(consuming, route.Orders, flight, route.Fills).Run(stop.Token));
        var producer = OnThreadOfItsOwn(() => OpenLoopProducer.Run(producing, writer, flight, stop.Token));
        try
        {
            await await Task.WhenAny(producer, consumer);
            await producer;
            var waiting = flight.Waiting;
            await DrainAsync(flight, consumer, cancellation);
            return new Measurement(route.Name, flight, waiting);
        }
        finally
        {
            // Both threads use the connections: they must have ended before those are closed.
            await stop.CancelAsync();
            await Task.WhenAny(Task.WhenAll(producer, consumer), Task.Delay(Quiet, CancellationToken.None));
        }
    }

    private static async Task DrainAsync(Flight flight, Task consumer, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var lastProgress = started;
        for (var seen = flight.Distinct; seen < flight.Count && !consumer.IsCompleted;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
            if (flight.Distinct != seen)
            {
                seen = flight.Distinct;
                lastProgress = Stopwatch.GetTimestamp();
            }
            if (Stopwatch.GetElapsedTime(lastProgress) > Quiet || Stopwatch.GetElapsedTime(started) > LongestDrain)
            {
                break;
            }
        }
        // A doubled order would come after the last awaited one.
        await Task.Delay(Linger, cancellation);
    }

    private static Task OnThreadOfItsOwn(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
