using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Exits;

/// <summary>Kills a silo that holds many positions and takes the time until the next one has their exits armed.</summary>
internal static class RebuildBenchmark
{
    public static async Task RunAsync(ExitsOptions options, CancellationToken cancellation)
    {
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisServer.StartAsync(directory.Sub("redis"), cancellation);
        var ports = FreePorts.Take(3);
        await using (var silo = await StartAsync())
        {
            await new HeldPositions(redis, silo).OpenAsync(options.Rebuild, cancellation);
            await silo.KillAsync();
        }

        await Console.Error.WriteLineAsync("killed; starting again ...");
        var started = Stopwatch.GetTimestamp();
        await using var again = await StartAsync();
        var ready = Stopwatch.GetElapsedTime(started);
        await HeldPositions.ArmedAsync(again, options.Rebuild, cancellation);
        var armed = Stopwatch.GetElapsedTime(started);

        var table = new Table("Started again after kill -9, at the same address", "from the start of the process until", "s");
        table.Add("ready", Text(ready));
        table.Add($"{options.Rebuild:N0} positions armed from the store", Text(armed));
        Console.WriteLine(table.Render(options.Markdown));

        Task<SiloProcess> StartAsync() =>
            SiloProcess.StartAsync(options.Silo, "lists", redis, directory.Sub("silo"), cancellation, ports);
    }

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
}
