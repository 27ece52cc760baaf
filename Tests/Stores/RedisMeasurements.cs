using System.Diagnostics;
using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>Figures of the Redis store on this machine; run on demand with <c>-explicit only</c>.</summary>
public sealed class RedisMeasurements(RedisServerFixture server, ITestOutputHelper output) : IClassFixture<RedisServerFixture>
{
    private static readonly ReadOnlyMemory<byte> State = new byte[1024];
    private static readonly ReadOnlyMemory<byte> Order = new byte[300];

    [Theory(Explicit = true)]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(64, 1)]
    [InlineData(4, 16)]
    public async Task Commits_of_state_and_order(int callers, int batch)
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        async Task<List<double>> RunAsync(int caller, int rounds)
        {
            var taken = new List<double>(rounds);
            for (var i = 0; i < rounds; i++)
            {
                var commits = Enumerable.Range(0, batch).Select(item => Typical($"{caller}-{rounds}-{i}-{item}")).ToArray();
                var started = Stopwatch.GetTimestamp();
                var results = await partition.CommitAsync(commits);
                taken.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
                Assert.All(results, result => Assert.True(result.IsCommitted));
            }

            return taken;
        }

        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => RunAsync(caller, 500)));
        var rounds = 40_000 / callers / batch;
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => RunAsync(caller, rounds))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var inRedis = (await server.ExecuteAsync("INFO", "commandstats")).Text.Split('\n')
            .First(line => line.StartsWith("cmdstat_evalsha", StringComparison.Ordinal));
        output.WriteLine(inRedis.Trim());
        await server.ExecuteAsync("CONFIG", "RESETSTAT");
        Report($"{callers} callers × {batch}", all.SelectMany(list => list), callers * batch * rounds / seconds);
    }

    [Theory(Explicit = true)]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Relay_of_one_message_at_a_time(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        await using var reader = store.Queues.OpenReader("signals");
        var taken = new List<double>();
        for (var i = 0; i < 6000; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await store.Queues.PushAsync("signals", [Order]);
            var entry = (await reader.ReadAsync(1, Limit))[0];
            await AnswerAsync(entry.Id);
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        Report($"{transport}: push to order", taken.Skip(1000), 1e6 / taken.Skip(1000).Average());

        Task AnswerAsync(string id) => store.CommitAsync(new Commit
        {
            Appends = [new QueueAppend("orders", "o", Order)], Acks = [new QueueAck("signals", id)],
        });
    }

    [Theory(Explicit = true)]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Reading_a_backlog(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        const int Count = 200_000;
        for (var i = 0; i < Count; i += 1000)
        {
            await store.Queues.PushAsync("signals", [.. Enumerable.Repeat(Order, 1000)]);
        }

        var started = Stopwatch.GetTimestamp();
        await using var reader = store.Queues.OpenReader("signals");
        await reader.TakeAsync(Count);
        Report($"{transport}: backlog", [0], Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static Commit Typical(string key) => new()
    {
        AllowedModes = 1,
        HaltScopes = ["symbol:EURUSD", "strategy:trend", "tier:fast"],
        Records = [new RecordWrite(key, 0, State)],
        Index = [new IndexWrite("EURUSD", key, Order)],
        Counters = [new CounterDelta("account", "gross", 1), new CounterDelta("account", "net", 1)],
        Appends = [new QueueAppend("orders", key, Order)],
        Audit = [Order],
    };

    private void Report(string what, IEnumerable<double> microseconds, double perSecond)
    {
        var sorted = microseconds.Order().ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {perSecond:F0}/s, p50 {sorted[sorted.Length / 2]:F0} µs, p99 {sorted[sorted.Length * 99 / 100]:F0} µs"));
    }
}
