using System.Net.Sockets;
using TradingEngine.Tests.Benchmarks.Cadence;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Starts everything, takes each rate through engine and relay in turn, prints the tables.</summary>
internal static class LatencyBenchmark
{
    /// <summary>Both sides run at this rate before they are measured, so that no row pays for compiling code.</summary>
    private const int FirstRate = 1_000;

    public static async Task<int> RunAsync(LatencyOptions options, CancellationToken cancellation)
    {
        Console.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        var measurements = new List<Measurement>();
        var hops = new List<(int Rate, IReadOnlyList<HopStatus> Hops)>();
        foreach (var rate in options.Rates)
        {
            measurements.AddRange(await MeasureAsync(rate, options, hops, cancellation));
        }

        Print(measurements, hops, options);
        return measurements.TrueForAll(measurement => measurement.IsClean) ? BenchmarkRun.Measured : BenchmarkRun.OrdersWrong;
    }

    /// <summary>Takes one rate through both sides, on a Redis and a silo of its own: what an earlier rate left would tax it.</summary>
    private static async Task<List<Measurement>> MeasureAsync(
        int rate, LatencyOptions options, List<(int Rate, IReadOnlyList<HopStatus> Hops)> hops, CancellationToken cancellation)
    {
        // Disposed in reverse: the silo ends before the Redis it needs for a clean end.
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        await using var relayProcess = await RelayProcess.StartAsync(redis, directory.Path, cancellation);
        await using var silo = options.RelayOnly
            ? null
            : await SiloProcess.StartAsync(options.Silo, options.Transport, redis, directory.Sub("silo"), cancellation);

        var relay = new Route("relay", WireKeys.RelayInput, WireKeys.RelayOutput, options.Kind, false);
        var signals = options.Kind == SignalKind.Hft ? WireKeys.HftSignals : WireKeys.StrategySignals;
        var engine = new Route("engine", signals, WireKeys.ExecutionOrders, options.Kind, options.Fills);
        var measurements = new List<Measurement>();
        foreach (var side in options.RelayOnly ? [relay] : new[] { engine, relay })
        {
            await MeasureAsync(side, FirstRate, TimeSpan.Zero, TimeSpan.FromSeconds(options.Warmup));
            measurements.Add(await MeasureAsync(
                side, rate, TimeSpan.FromSeconds(options.Warmup), TimeSpan.FromSeconds(options.Seconds)));
        }

        if (silo is not null)
        {
            hops.Add((rate, await TierStatus.ReadHopsAsync(silo.Http, cancellation)));
        }

        if (silo is not null && !measurements.TrueForAll(measurement => measurement.IsClean))
        {
            await Console.Error.WriteLineAsync(silo.Tail());
        }

        return measurements;

        async Task<Measurement> MeasureAsync(Route side, int perSecond, TimeSpan warmup, TimeSpan measured)
        {
            await Console.Error.WriteLineAsync($"{side.Name} at {perSecond:N0}/s ...");
            try
            {
                return await LoadRun.ExecuteAsync(side, redis, perSecond, warmup, measured, cancellation);
            }
            catch (Exception error) when (error is RespException or SocketException)
            {
                throw new BenchmarkException($"{side.Name} at {perSecond:N0}/s: {error.Message}\n{silo?.Tail()}", error);
            }
        }
    }

    private static void Print(
        List<Measurement> measurements, List<(int Rate, IReadOnlyList<HopStatus> Hops)> hops, LatencyOptions options)
    {
        if (!options.RelayOnly)
        {
            var pairs = measurements.Chunk(2).Select(pair => (Engine: pair[0], Relay: pair[1]));
            Console.WriteLine(LatencyReport.Comparison(pairs, options.Markdown));
        }
        Console.WriteLine(LatencyReport.Details(measurements, options.Markdown));
        if (hops.Count > 0)
        {
            Console.WriteLine(LatencyReport.Hops(hops, options.Markdown));
        }

        Console.WriteLine($"""
            Signals: {options.Kind}, {options.Transport}; {options.Seconds} s measured after {options.Warmup} s of warm-up per rate and side, in turn,
            each rate on a fresh Redis and silo. Orders {(options.Fills ? "answered with fills" : "unanswered")}.
            Missing, duplicates and order are counted over the warm-up too. Producer, consumer, Redis and both sides share this machine.
            """);
    }
}
