using TradingEngine.Client.Commands;
using TradingEngine.Client.Embedded;
using TradingEngine.Client.Redis;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Trading.Risk;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>The kill switch through the store alone, whether a silo has it open or not.</summary>
public sealed class KillSwitchTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private static readonly Commit Entry = new() { AllowedModes = ModeTable.Mask(OrderClass.Entry), Counters = [new("group", "n", 1)] };

    private static readonly Commit Exit = Entry with { AllowedModes = ModeTable.Mask(OrderClass.Exit) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Kill_through_redis_lets_no_commit_take_risk(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        await using var place = await RedisOption.ConnectAsync(server.ConnectionString, "test");
        Assert.True((await store.CommitAsync(Entry)).IsCommitted);

        Assert.Equal([EngineMode.Running], await StoreKill.RunAsync(place, EngineMode.Killed, "drill", "{}"u8.ToArray()));
        Assert.Equal([], await StoreKill.RunAsync(place, EngineMode.Killed, "again", "{}"u8.ToArray()));

        await RefusesAsync(store, EngineMode.Killed, "drill");
        Assert.Equal([EngineMode.Killed], await StoreKill.RunAsync(place, EngineMode.KilledFlattening, "all", "{}"u8.ToArray()));
        Assert.True((await store.CommitAsync(Exit)).IsCommitted);
        Assert.Equal(2, (await server.ExecuteAsync("LLEN", "command_history")).Integer);
    }

    [Fact]
    public async Task Redis_without_a_store_is_left_as_it_is()
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var place = await RedisOption.ConnectAsync(server.ConnectionString, "test");

        Assert.Null(await StoreKill.RunAsync(place, EngineMode.Killed, "drill", "{}"u8.ToArray()));

        Assert.Equal(0, (await server.ExecuteAsync("DBSIZE")).Integer);
    }

    [Fact]
    public async Task Kill_through_the_embedded_file_holds_for_the_silo_that_has_it_open_and_for_the_next()
    {
        using var directory = new SqliteDirectory();
        await using (var store = await directory.OpenAsync(TimeProvider.System))
        {
            Assert.True((await store.CommitAsync(Entry)).IsCommitted);
            Assert.Equal([EngineMode.Running], await EmbeddedKill.RunAsync(directory.Path, EngineMode.Killed, "drill"));
            await RefusesAsync(store, EngineMode.Killed, "drill");
        }

        Assert.Equal([], await EmbeddedKill.RunAsync(directory.Path, EngineMode.Killed, "again"));
        await using var next = await directory.OpenAsync(TimeProvider.System);
        await RefusesAsync(next, EngineMode.Killed, "drill");
    }

    [Fact]
    public async Task Directory_without_a_store_is_named()
    {
        using var directory = new SqliteDirectory();

        var refused = await Assert.ThrowsAsync<UsageException>(
            () => EmbeddedKill.RunAsync(directory.Path, EngineMode.Killed, "drill"));

        Assert.Contains(directory.Path, refused.Message, StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(ITradingStore store, EngineMode mode, string reason)
    {
        foreach (var commit in new[] { Entry, Exit })
        {
            var result = await store.CommitAsync(commit);
            Assert.Equal((CommitOutcome.ModeRefused, (int)mode), (result.Outcome, result.Mode));
        }

        Assert.Equal(reason, (await store.Partition("0").ReadControlAsync(Stop)).Reason);
    }
}
