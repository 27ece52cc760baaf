using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>What the store does when Redis is lost, emptied, wrong or away.</summary>
public sealed class RedisFailureTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Restarted_redis_is_used_again_and_nothing_is_lost()
    {
        await using var store = await OpenAsync(server);
        await using var reader = store.Queues.OpenReader("signals");
        await store.Queues.PushAsync("signals", [Bytes("a"), Bytes("b")]);
        await reader.TakeAsync(2);
        // Written but for a second's luck: the file is synchronised each second, and kill -9 keeps what was written.
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(new Commit()));
        var status = await store.GetStatusAsync();
        Assert.False(status.Connected);
        Assert.NotNull(status.Error);
        await Assert.ThrowsAsync<StoreException>(async () =>
        {
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < Limit)
            {
                await reader.ReadAsync(10, TimeSpan.FromMilliseconds(50));
            }
        });

        await server.StartAsync();
        var back = Stopwatch.GetTimestamp();
        var again = await reader.TakeAsync(2);
        Assert.InRange(Stopwatch.GetElapsedTime(back), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Assert.Equal(["a", "b"], again.Select(Text));
        Assert.All(again, entry => Assert.Equal(2, entry.Deliveries));
        await UntilAsync("a commit to pass", async () =>
        {
            try
            {
                return (await store.CommitAsync(new Commit { Acks = [new QueueAck("signals", again[0].Id)] })).IsCommitted;
            }
            catch (StoreException)
            {
                return false;
            }
        });
        await UntilAsync("the board to be back", async () =>
        {
            try
            {
                await store.Board.SetStringAsync("k", "v", TimeSpan.FromMinutes(1));
                return await store.Board.ReadStringAsync("k") == "v";
            }
            catch (StoreException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Channel_that_is_opened_while_redis_is_away_is_heard_when_it_is_back()
    {
        await using var store = await OpenAsync(server);
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(new Commit()));

        await using var reader = store.Queues.OpenReader("prices");
        var refused = 0;
        await UntilAsync("the reader to say that it hears nothing", async () =>
        {
            try
            {
                await reader.ReadAsync(1, TimeSpan.FromMilliseconds(10));
            }
            catch (StoreException)
            {
                refused++;
            }

            return refused > 0;
        });
        await server.StartAsync();

        IReadOnlyList<QueueEntry> heard = [];
        await UntilAsync("a message to be heard", async () =>
        {
            await server.ExecuteAsync("PUBLISH", "price_channel", "p");
            try
            {
                heard = await reader.ReadAsync(1, TimeSpan.FromMilliseconds(50));
            }
            catch (StoreException)
            {
                // Not yet.
            }

            return heard.Count > 0;
        });
        Assert.Equal("p", Text(heard[0]));
    }

    [Fact]
    public async Task Emptied_redis_refuses_every_write_and_every_start()
    {
        await using var store = await OpenAsync(server);
        await store.CommitAsync(new Commit { Records = [new RecordWrite("a", 0, Bytes("x"))] });
        await server.ExecuteAsync("FLUSHALL");
        var result = await store.CommitAsync(new Commit { Records = [new RecordWrite("a", 1, Bytes("x"))] });
        Assert.Equal(CommitOutcome.EpochLost, result.Outcome);
        await Assert.ThrowsAsync<StoreException>(async () => await store.Partition("0").RaiseFenceAsync("g"));
        await Assert.ThrowsAsync<StoreException>(async () => await store.Partition("0").ReplaceHaltAsync("s", null, "r"));
        await using var reader = store.Queues.OpenReader("signals");
        await server.ExecuteAsync("LPUSH", "strategy_signals", "x");
        Assert.Empty(await ReadQuietlyAsync(reader));
        Assert.Equal(1, (await server.ExecuteAsync("LLEN", "strategy_signals")).Integer);
        var status = await store.GetStatusAsync();
        Assert.False(status.Connected);
        Assert.Contains("emptied or replaced", status.Error, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(async () => await store.Partition("0").ReadControlAsync());
        await using var next = Make(server, known: store.Epoch);
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => next.OpenAsync());
        Assert.Contains(store.Epoch, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_opens_again_by_its_epoch_only()
    {
        await using var store = await OpenAsync(server);
        await using var same = Make(server, known: store.Epoch, init: RedisInitMode.Never);
        await same.OpenAsync();
        Assert.Equal(store.Epoch, same.Epoch);
        await using var other = Make(server, known: "somewhere else");
        await Assert.ThrowsAsync<StoreRefusedException>(() => other.OpenAsync());
        await server.ExecuteAsync("FLUSHALL");
        await using var never = Make(server, init: RedisInitMode.Never);
        await Assert.ThrowsAsync<StoreRefusedException>(() => never.OpenAsync());
    }

    [Fact]
    public async Task Store_initialised_by_hand_takes_the_place_of_the_first_lost_one_that_comes_and_of_no_other()
    {
        await server.ExecuteAsync("FLUSHALL");
        await server.ExecuteAsync("HSET", "te:{0}:control", "epoch", "new", "replaces", "*");
        await using var lost = Make(server, known: "lost", init: RedisInitMode.Never);
        await lost.OpenAsync();
        Assert.Equal("new", lost.Epoch);
        await using var again = Make(server, known: "lost");
        await again.OpenAsync();
        await using var moved = Make(server, known: "new");
        await moved.OpenAsync();
        await using var stranger = Make(server, known: "another");
        await Assert.ThrowsAsync<StoreRefusedException>(() => stranger.OpenAsync());
    }

    [Fact]
    public async Task Store_initialised_by_hand_and_opened_by_a_new_silo_takes_the_place_of_none()
    {
        await server.ExecuteAsync("FLUSHALL");
        await server.ExecuteAsync("HSET", "te:{0}:control", "epoch", "new", "replaces", "*");
        await using var fresh = Make(server, init: RedisInitMode.Never);
        await fresh.OpenAsync();
        await using var stranger = Make(server, known: "another");
        await Assert.ThrowsAsync<StoreRefusedException>(() => stranger.OpenAsync());
    }

    [Fact]
    public async Task Lost_control_key_beside_state_is_no_new_store()
    {
        await using var store = await OpenAsync(server);
        await store.CommitAsync(new Commit { Audit = [Bytes("line")] });
        await server.ExecuteAsync("DEL", "te:{0}:control");
        await using var next = Make(server);
        await Assert.ThrowsAsync<StoreRefusedException>(() => next.OpenAsync());
    }

    [Fact]
    public async Task Evicting_redis_is_refused_with_the_fix()
    {
        await server.ExecuteAsync("FLUSHALL");
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru");
        try
        {
            await using var store = Make(server);
            var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync());
            Assert.Contains("config set maxmemory-policy noeviction", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0", "maxmemory-policy", "noeviction");
        }
    }

    [Fact]
    public async Task Password_of_the_connection_string_is_used()
    {
        await server.ExecuteAsync("FLUSHALL");
        await server.ExecuteAsync("CONFIG", "SET", "requirepass", "secret");
        try
        {
            await using var wrong = Make(server);
            await Assert.ThrowsAsync<StoreRefusedException>(() => wrong.OpenAsync());
        }
        finally
        {
            await using var right = new RedisTradingStore(
                new RedisStoreOptions { ConnectionString = server.ConnectionString + ",password=secret,defaultDatabase=3" },
                TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
            await right.OpenAsync();
            Assert.True((await right.CommitAsync(new Commit { Audit = [Bytes("x")] })).IsCommitted);
            await using var client = new RespClient(RedisAddress.Parse(server.ConnectionString + ",password=secret"), "test");
            using var command = new RespBuffer();
            await client.CallAsync(command.Command("CONFIG", "SET", "requirepass", ""), CancellationToken.None);
        }

        Assert.Equal(0, (await server.ExecuteAsync("DBSIZE")).Integer);
    }

    [Fact]
    public async Task Absent_redis_fails_fast()
    {
        await using var store = new RedisTradingStore(new RedisStoreOptions { ConnectionString = "127.0.0.1:1" },
            TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
        var started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.False((await store.GetStatusAsync()).Connected);
    }

    [Fact]
    public async Task Status_tells_persistence_and_depths()
    {
        await using var store = await OpenAsync(server);
        await store.Queues.PushAsync("signals", [Bytes("a"), Bytes("b")]);
        await server.ExecuteAsync("LPUSH", "fast_signals", "c");
        await server.ExecuteAsync("SET", "quick_signals", "foreign");
        var status = await store.GetStatusAsync();
        Assert.True(status.Connected);
        Assert.NotNull(status.Latency);
        Assert.Equal("AOF everysec", status.Persistence);
        Assert.Equal(3, status.QueueDepths["signals"]);
        Assert.Equal(0, status.QueueDepths["quick"]);
        Assert.EndsWith($" at {server.ConnectionString} (lists)", store.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_writes_and_reads()
    {
        await using var store = await OpenAsync(server);
        await store.Board.SetHashAsync("h", new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        await store.Board.SetHashAsync("h", new Dictionary<string, string> { ["b"] = "3" });
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "3" }, await store.Board.ReadHashAsync("h"));
        await store.Board.SetListAsync("l", ["x", "y", "z"]);
        await store.Board.SetListAsync("l", ["1", "2", "3"]);
        Assert.Equal(["1", "2"], await store.Board.ReadListAsync("l", 2));
        await store.Board.SetStringAsync("s", "v", null);
        Assert.Equal("v", await store.Board.ReadStringAsync("s"));
        await store.Board.SetStringAsync("s", null, null);
        Assert.Null(await store.Board.ReadStringAsync("s"));
        await store.Board.PublishAsync("c", "m");
        await Assert.ThrowsAsync<StoreException>(async () => await store.Board.ReadHashAsync("l"));
    }

    [Fact]
    public async Task Launched_server_keeps_its_data_and_ends_with_its_owner()
    {
        var directory = Directory.CreateTempSubdirectory("te-launch-").FullName;
        string epoch;
        string connection;
        await using (var first = await RedisServerLauncher.StartAsync(directory))
        {
            connection = first!.ConnectionString;
            await using var adopted = await RedisServerLauncher.StartAsync(directory);
            Assert.Equal(first.Port, adopted!.Port);
            epoch = await OpenAsync(connection, null);
        }

        await Assert.ThrowsAsync<StoreException>(() => OpenAsync(connection, epoch));
        await using (var second = await RedisServerLauncher.StartAsync(directory))
        {
            Assert.Equal(epoch, await OpenAsync(second!.ConnectionString, epoch));
        }

        Directory.Delete(directory, recursive: true);

        static async Task<string> OpenAsync(string connection, string? known)
        {
            await using var store = new RedisTradingStore(
                new RedisStoreOptions { ConnectionString = connection, KnownEpoch = known },
                TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
            await store.OpenAsync();
            return store.Epoch;
        }
    }

    private static async Task<IReadOnlyList<Streaming.Queues.QueueEntry>> ReadQuietlyAsync(Streaming.Queues.IQueueReader reader)
    {
        try
        {
            return await reader.ReadAsync(10, TimeSpan.FromMilliseconds(300));
        }
        catch (StoreException)
        {
            return [];
        }
    }
}
