using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>A steady load on one silo, and what it leaves behind minute by minute.</summary>
/// <remarks>
/// Six times the load rests until what was under way is done and what is kept for a time has gone. What is left then is what stays: it tells a slope of a megabyte an hour, which a look under load,
/// among tens of megabytes that pass, does not.
/// </remarks>
internal sealed class SoakRun(StoreUnderTest store, TimeSpan length, int rate, TimeSpan keep)
{
    private const int Strategies = 20;
    private const double GoalPerHour = 1;
    private const double LeastShare = 0.98;
    private const int Stretches = 6;
    private const int Samples = 60;
    private const int LooksAtRest = 5;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestSample = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Longer than <c>--keep</c> what ends may stay: the silo removes and moves in rounds of some seconds.</summary>
    private static readonly TimeSpan Removing = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LeastToJudge = TimeSpan.FromMinutes(30);

    private readonly Growth _silo = new("silo, live", GoalPerHour);
    private readonly Growth _resident = new("silo, resident", null);
    private readonly Growth _redis = new("redis", GoalPerHour);
    private readonly Growth _sqlite = new("sqlite", GoalPerHour);
    private readonly Growth _siloAtRest = new("silo, at rest", GoalPerHour, isAtRest: true);
    private readonly Growth _redisAtRest = new("redis, at rest", GoalPerHour, isAtRest: true);

    /// <summary>Runs while the load does: the time that growth is counted over.</summary>
    private readonly Stopwatch _loaded = new();

    private double _opened;

    /// <summary>Opens and closes all the time; true when what must stay flat does, or the run is too short to tell.</summary>
    public async Task<bool> ExecuteAsync(CancellationToken cancellation)
    {
        using var place = new Place();
        var isEmbedded = store == StoreUnderTest.Embedded;
        await using var redis = isEmbedded ? null : await place.StartRedisAsync();
        string[] kept = ["--keep", keep.ToString("c", CultureInfo.InvariantCulture), "--risk", "open"];
        await using var silo = isEmbedded
            ? place.SiloWithHttp(["--feed", "simulated", .. kept])
            : place.SiloWithHttp(["--store", "redis", "--redis", place.RedisAddress, "--feed", "redis", "--execution", "redis",
                "--transport", store == StoreUnderTest.Streams ? "streams" : "lists", .. kept]);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var client = await TradingEngineClient.ConnectAsync(EmbeddedAgents.Options(place), cancellation);
        await using var connection = isEmbedded ? null : await ConnectionMultiplexer.ConnectAsync(place.RedisAddress + ",allowAdmin=true");
        using var heap = new LiveHeap(silo, new Uri(FormattableString.Invariant($"http://127.0.0.1:{place.HttpPort}/metrics")));
        var agents = new SoakAgents(connection?.GetDatabase(), store == StoreUnderTest.Streams, client);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var executing = agents.ExecuteAsync(ending.Token);
        var watching = WatchRedisAsync(connection, ending.Token);
        for (var stretch = 0; stretch < Stretches && !cancellation.IsCancellationRequested; stretch++)
        {
            using var resting = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            _loaded.Start();
            var sending = SendAsync(agents, stretch, resting.Token);
            await MeasureLoadedAsync(length * (stretch + 1) / Stretches, place, silo, heap, connection, client, Task.WhenAny(sending, executing, watching));
            await resting.CancelAsync();
            await sending;
            _loaded.Stop();
            await MeasureAtRestAsync(agents, heap, connection, client, cancellation);
        }

        await ending.CancelAsync();
        await executing;
        await watching;
        return Judge();
    }

    private async Task MeasureLoadedAsync(
        TimeSpan until, Place place, Victim silo, LiveHeap heap, ConnectionMultiplexer? connection, TradingEngineClient client, Task<Task> ending)
    {
        var sample = TimeSpan.FromTicks(Math.Min(LongestSample.Ticks, length.Ticks / Samples));
        while (_loaded.Elapsed < until)
        {
            if (await Task.WhenAny(Task.Delay(sample), ending) == ending)
            {
                await await ending;
                return;
            }

            await MeasureAsync(place, silo, heap, connection, client);
        }
    }

    private async Task MeasureAtRestAsync(
        SoakAgents agents, LiveHeap heap, ConnectionMultiplexer? connection, TradingEngineClient client, CancellationToken cancellation)
    {
        await Poll.UntilAsync("the end of all positions", async () =>
        {
            await agents.SendAsync([.. Enumerable.Range(0, Strategies).Select(number => SoakAgents.Close($"r-{Guid.NewGuid():N}", $"soak{number}"))]);
            await Task.Delay(BetweenLooks, cancellation);
            return (await client.GetEngineStatusAsync()).Totals.Active == 0;
        }, StartLimit);
        await Task.Delay(keep + Removing, cancellation);
        List<double> live = [], used = [];
        for (var look = 0; look < LooksAtRest; look++)
        {
            await Task.Delay(BetweenLooks, cancellation);
            live.Add(await heap.MeasureAsync() / Megabyte);
            used.Add(connection is null ? 0 : await UsedAsync(connection) / Megabyte);
        }

        _siloAtRest.Add(_loaded.Elapsed, live.Min());
        _redisAtRest.Add(_loaded.Elapsed, used.Min());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_loaded.Elapsed.TotalSeconds,5:0} s  at rest: silo {string.Join(", ", live.Select(Text))} MB live  redis {string.Join(", ", used.Select(Text))} MB"));

        static string Text(double megabytes) => megabytes.ToString("0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>What Redis uses, each second: it saws with every move of the audit, and only many looks tell a slope from that.</summary>
    private async Task WatchRedisAsync(ConnectionMultiplexer? connection, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(ending))
            {
                if (connection is not null && _loaded.IsRunning)
                {
                    _redis.Add(_loaded.Elapsed, await UsedAsync(connection) / Megabyte);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task SendAsync(SoakAgents agents, int stretch, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var round = 0L; !ending.IsCancellationRequested; round++)
        {
            var signals = new List<string>(rate / 10 + 1);
            for (var i = 0; i < rate / 10; i++)
            {
                signals.Add(SoakAgents.Open($"o-{stretch}-{round}-{i}", $"soak{((round * 7) + i) % Strategies}"));
            }

            foreach (var strategy in Enumerable.Range(0, Strategies).Where(number => number % 10 == round % 10))
            {
                signals.Add(SoakAgents.Close($"c-{stretch}-{round}-{strategy}", $"soak{strategy}"));
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
        Place place, Victim silo, LiveHeap heap, ConnectionMultiplexer? connection, TradingEngineClient client)
    {
        var live = await heap.MeasureAsync();
        var at = _loaded.Elapsed;
        using var process = Process.GetProcessById(silo.Id);
        var totals = (await client.GetEngineStatusAsync()).Totals;
        _opened = totals.Opened / (rate * at.TotalSeconds);
        double used = 0;
        var keys = "";
        if (connection is not null)
        {
            var server = connection.GetServers()[0];
            used = await UsedAsync(connection);
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
        _silo.Add(at, live / Megabyte);
        _resident.Add(at, process.WorkingSet64 / Megabyte);
        _sqlite.Add(at, sqlite / Megabyte);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{at.TotalSeconds,5:0} s  silo {live / Megabyte:0.0} MB live, {process.WorkingSet64 / Megabyte:0.0} MB resident  redis {used / Megabyte:0.0} MB  sqlite {sqlite / Megabyte:0.0} MB  "
            + $"archive {archive / Megabyte:0.0} MB  opened {totals.Opened} closed {totals.Closed} active {totals.Active}  {keys}"));
    }

    private static async Task<double> UsedAsync(ConnectionMultiplexer connection) => double.Parse(
        (await connection.GetServers()[0].InfoAsync("memory")).SelectMany(group => group).First(pair => pair.Key == "used_memory").Value,
        CultureInfo.InvariantCulture);

    private bool Judge()
    {
        var ran = _loaded.Elapsed;
        var holds = true;
        foreach (var growth in new[] { _siloAtRest, _redisAtRest, _silo, _resident, _redis, _sqlite }.Where(growth => growth.HasValues))
        {
            var (text, isMet) = growth.Judge(length / Stretches);
            Console.WriteLine(text);
            holds &= isMet || ran < LeastToJudge;
        }

        if (_opened < LeastShare)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Only {_opened:P1} of the signals were followed: the rate was not kept."));
            holds = false;
        }

        if (ran < LeastToJudge)
        {
            Console.WriteLine($"Too short for a verdict: that takes {LeastToJudge.TotalMinutes:0} minutes.");
        }

        return holds;
    }
}
