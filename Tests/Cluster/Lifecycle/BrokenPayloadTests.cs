using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Corpus;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Broken messages over real Redis keys: each is set aside, and the good signal behind it becomes one order.</summary>
[Collection(Alone.Name)]
public sealed class BrokenPayloadTests
{
    private const int MaxKept = 64 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Keys() => [.. BrokenPayloads.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Good_signal_behind_each_kind_of_broken_message_is_one_order_and_the_broken_one_a_letter(string key)
    {
        var kinds = BrokenPayloads.For(key);
        await using var engine = await RedisEngine.StartAsync();

        for (var i = 0; i < kinds.Count; i++)
        {
            await engine.SendAsync(key, kinds[i].Bytes);
            await engine.SendAsync(
                key == "fast_signals" ? key : "strategy_signals",
                Encoding.UTF8.GetBytes((SentSignal.Buy($"g-{i}") with { Strategy = $"trend-{i % 4}" }).Json));
        }

        var orders = await engine.TakeAsync(kinds.Count);
        Assert.Equal(
            Enumerable.Range(0, kinds.Count).Select(i => $"g-{i}").Order(StringComparer.Ordinal),
            orders.Select(order => order.SignalId).Order(StringComparer.Ordinal));
        var letters = await engine.LettersAsync(kinds.Count);
        Assert.All(letters, letter => Assert.Equal(QueueOf(key), letter.Queue));
        Assert.Equal(
            kinds.Select(broken => Convert.ToHexString(broken.Bytes.AsSpan(0, Math.Min(broken.Bytes.Length, MaxKept)))).Order(StringComparer.Ordinal),
            letters.Select(letter => Convert.ToHexString(letter.Payload.Span)).Order(StringComparer.Ordinal));
        Assert.Equal(kinds.Sum(broken => (long)broken.Bytes.Length), letters.Sum(letter => letter.Size));
        Assert.Empty(await engine.TakeRestAsync());
    }

    [Fact]
    public async Task Key_of_another_type_stalls_no_other_queue_and_serves_again_when_it_is_a_list()
    {
        await using var engine = await RedisEngine.StartAsync();
        await engine.Redis.StringSetAsync("strategy_signals", "not a list");
        await engine.Redis.HashSetAsync("tactical_signals", "not", "a list");

        await engine.SendAsync("fast_signals", Encoding.UTF8.GetBytes(SentSignal.Buy("a").Json));
        await engine.SendAsync("hft_signals", Encoding.UTF8.GetBytes(BrokenPayloads.Good("hft_signals")));
        Assert.Equal(["a", "g"], (await engine.TakeAsync(2)).Select(order => order.SignalId).Order(StringComparer.Ordinal));

        await engine.Redis.KeyDeleteAsync("strategy_signals");
        await engine.SendAsync("strategy_signals", Encoding.UTF8.GetBytes(SentSignal.Buy("b").Json));
        Assert.Equal("b", Assert.Single(await engine.TakeAsync(1)).SignalId);
    }

    [Fact]
    public async Task Requeued_letter_is_handled_once_however_many_ask_for_it()
    {
        await using var engine = await RedisEngine.StartAsync();
        await engine.SendAsync("strategy_signals", "not yet"u8.ToArray());
        var letter = Assert.Single(await engine.LettersAsync(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => engine.Client.RequeueDeadLetterAsync(letter.Id, Stop)));

        Assert.Single(answers, answer => answer.IsCompleted);
        var again = Assert.Single(await engine.LettersAsync(1, ever: 2));
        Assert.NotEqual(letter.Id, again.Id);
        Assert.Equal("not yet"u8.ToArray(), again.Payload.ToArray());
    }

    private static string QueueOf(string key) => key switch
    {
        "hft_signals" => StreamNames.HftSignals,
        "strategy_signals" or "fast_signals" => StreamNames.FastSignals,
        "tactical_signals" => StreamNames.TacticalSignals,
        "position_updates" => StreamNames.Updates,
        "trading_commands" => StreamNames.Commands,
        "strategy_engine:market_data" => StreamNames.Market,
        "market_warnings" => StreamNames.Warnings,
        "reconcile_requests:replies" => StreamNames.Reconciled,
        "market_analysis_requests:replies" => StreamNames.TacticalAnswers,
        "optimization_requests:replies" => StreamNames.StrategicAnswers,
        _ => StreamNames.Alerts,
    };

    /// <summary>One silo over a Redis of its own, with nobody to execute its orders.</summary>
    private sealed class RedisEngine : IAsyncDisposable
    {
        private readonly Stack<IAsyncDisposable> _parts = new();
        private IConnectionMultiplexer _connection = null!;

        public TradingEngineClient Client { get; private set; } = null!;

        public IDatabase Redis => _connection.GetDatabase();

        public static async Task<RedisEngine> StartAsync()
        {
            var engine = new RedisEngine();
            var server = engine.Own(await RedisServer.StartNewAsync());
            engine._connection = engine.Own(await ConnectionMultiplexer.ConnectAsync(server.Address));
            var store = engine.Own(new RedisTradingStore(
                new RedisStoreOptions { ConnectionString = server.Address, Queues = QueueCatalog.Create(ExecutionKind.Redis) },
                TimeProvider.System, NullLogger<RedisTradingStore>.Instance));
            await store.OpenAsync(Stop);
            var cluster = engine.Own(await ClusterSetup.StartAsync([store], TestOptions.Create(RiskLimits.Open), TimeProvider.System));
            engine.Client = engine.Own(new TradingEngineClient(cluster.Client));
            await engine.HearsAsync();
            return engine;
        }

        public async Task SendAsync(string key, byte[] message)
        {
            if (key is "strategy_engine:market_data" or "market_warnings" or "immediate_alerts")
            {
                await _connection.GetSubscriber().PublishAsync(RedisChannel.Literal(key), message);
            }
            else
            {
                await Redis.ListLeftPushAsync(key, message);
            }
        }

        public async Task<List<SentOrder>> TakeAsync(int count)
        {
            var orders = new List<SentOrder>();
            await Eventually.HoldsAsync($"{count} orders", async () =>
            {
                orders.AddRange(await TakeRestAsync());
                return orders.Count >= count;
            });
            return orders;
        }

        public async Task<List<SentOrder>> TakeRestAsync()
        {
            var orders = new List<SentOrder>();
            while ((string?)await Redis.ListRightPopAsync("execution_orders") is { } json)
            {
                orders.Add(new SentOrder(json));
            }

            return orders;
        }

        /// <summary>Waits until so many are kept, of so many that there ever were, and reads them whole.</summary>
        public async Task<List<DeadLetter>> LettersAsync(int count, int? ever = null)
        {
            DeadLetterPage? page = null;
            await Eventually.HoldsAsync($"{count} dead letters of {ever ?? count}", async () =>
            {
                page = await Client.GetDeadLettersAsync(count + 1, Stop);
                return page.Kept == count && page.Counts.Values.Sum() == (ever ?? count);
            });
            var letters = new List<DeadLetter>();
            foreach (var line in await Redis.ListRangeAsync(BoardKeys.DeadLetters))
            {
                letters.Add(Grains.Interfaces.Wire.DeadLetterJson.Read(line.ToString())!);
            }

            return letters;
        }

        public async ValueTask DisposeAsync()
        {
            while (_parts.TryPop(out var part))
            {
                await part.DisposeAsync();
            }
        }

        /// <summary>What is published before anybody listens is lost.</summary>
        private Task HearsAsync() => Eventually.HoldsAsync("the channels to be heard", async () =>
        {
            foreach (var channel in new[] { "strategy_engine:market_data", "market_warnings", "immediate_alerts" })
            {
                var heard = (RedisResult[])(await Redis.ExecuteAsync("PUBSUB", "NUMSUB", channel))!;
                if ((long)heard[1] == 0)
                {
                    return false;
                }
            }

            return true;
        });

        private T Own<T>(T part) where T : IAsyncDisposable
        {
            _parts.Push(part);
            return part;
        }
    }
}
