using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>A steady load on one silo, and what it leaves behind minute by minute.</summary>
internal sealed class SoakRun(StoreUnderTest store, TimeSpan length, int rate, TimeSpan keep)
{
    private const int Strategies = 20;
    private const int SettledShare = 6;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(20);

    private readonly List<(double Hours, double[] Values)> _samples = [];

    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        using var place = new Place();
        var isEmbedded = store == StoreUnderTest.Embedded;
        await using var redis = isEmbedded ? null : await place.StartRedisAsync();
        string[] kept = ["--keep", keep.ToString("c", CultureInfo.InvariantCulture), "--risk", "open"];
        await using var silo = isEmbedded
            ? place.Silo(["--feed", "simulated", .. kept])
            : place.Silo(["--store", "redis", "--redis", place.RedisAddress, "--feed", "redis", "--execution", "redis",
                "--transport", store == StoreUnderTest.Streams ? "streams" : "lists", .. kept]);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var client = await TradingEngineClient.ConnectAsync(EmbeddedAgents.Options(place), cancellation);
        await using var connection = isEmbedded ? null : await ConnectionMultiplexer.ConnectAsync(place.RedisAddress + ",allowAdmin=true");
        var agents = new SoakAgents(connection?.GetDatabase(), store == StoreUnderTest.Streams, client);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var executing = agents.ExecuteAsync(ending.Token);
        var sending = SendAsync(agents, ending.Token);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < length && !cancellation.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(Sample, cancellation), sending, executing);
            if (sending.IsCompleted || executing.IsCompleted)
            {
                break;
            }

            await MeasureAsync(Stopwatch.GetElapsedTime(started), place, silo, connection, client);
        }

        await ending.CancelAsync();
        await sending;
        await executing;
        Judge();
    }

    private async Task SendAsync(SoakAgents agents, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var round = 0L; !ending.IsCancellationRequested; round++)
        {
            var signals = new List<string>(rate / 10 + 1);
            for (var i = 0; i < rate / 10; i++)
            {
                signals.Add(SoakAgents.Open($"o-{round}-{i}", $"soak{((round * 7) + i) % Strategies}"));
            }

            foreach (var strategy in Enumerable.Range(0, Strategies).Where(number => number % 10 == round % 10))
            {
                signals.Add(SoakAgents.Close($"c-{round}-{strategy}", $"soak{strategy}"));
            }

            await agents.SendAsync(signals);
            try
            {
                await timer.WaitForNextTickAsync(ending);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task MeasureAsync(
        TimeSpan at, Place place, Victim silo, ConnectionMultiplexer? connection, TradingEngineClient client)
    {
        using var process = Process.GetProcessById(silo.Id);
        var totals = (await client.GetEngineStatusAsync()).Totals;
        double used = 0;
        var keys = "";
        if (connection is not null)
        {
            var server = connection.GetServers()[0];
            used = double.Parse(
                (await server.InfoAsync("memory")).SelectMany(group => group).First(pair => pair.Key == "used_memory").Value,
                CultureInfo.InvariantCulture);
            var database = connection.GetDatabase();
            var lengths = new List<string>();
            foreach (var stream in new[] { "audit", "orders", "in:orders", "in:updates", "in:signals:fast", "updates", "signals:fast", "idxlog:BTCUSD" })
            {
                var count = await database.StreamLengthAsync("te:{0}:" + stream);
                if (count > 0)
                {
                    lengths.Add($"{stream} {count}");
                }
            }

            keys = $"{await server.DatabaseSizeAsync()} keys, {string.Join(", ", lengths)}";
        }

        var files = new DirectoryInfo(place.Data);
        double sqlite = files.EnumerateFiles("engine.db*").Sum(file => file.Length);
        double archive = new DirectoryInfo(Path.Combine(place.Data, "archive")) is { Exists: true } directory
            ? directory.EnumerateFiles().Sum(file => file.Length)
            : 0;
        _samples.Add((at.TotalHours, [process.WorkingSet64 / Megabyte, used / Megabyte, sqlite / Megabyte]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{at.TotalSeconds,5:0} s  silo {process.WorkingSet64 / Megabyte:0.0} MB  redis {used / Megabyte:0.0} MB  sqlite {sqlite / Megabyte:0.0} MB  "
            + $"archive {archive / Megabyte:0.0} MB  opened {totals.Opened} closed {totals.Closed} active {totals.Active}  {keys}"));
    }

    private void Judge()
    {
        var settled = _samples.Where(sample => sample.Hours >= length.TotalHours / SettledShare).ToList();
        string[] names = ["silo", "redis", "sqlite"];
        for (var i = 0; i < names.Length && settled.Count > 1; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{names[i],-6} {Slope(settled, i):0.0} MB/h"));
        }
    }

    private static double Slope(List<(double Hours, double[] Values)> samples, int value)
    {
        var hours = samples.Average(sample => sample.Hours);
        var mean = samples.Average(sample => sample.Values[value]);
        return samples.Sum(sample => (sample.Hours - hours) * (sample.Values[value] - mean))
            / samples.Sum(sample => (sample.Hours - hours) * (sample.Hours - hours));
    }
}
