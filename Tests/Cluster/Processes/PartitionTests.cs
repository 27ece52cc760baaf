using TradingEngine.Client;
using TradingEngine.Silo.Hosting;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>Accounts spread over two partitions of one Redis, each with a silo of its own.</summary>
[Collection(Alone.Name)]
public sealed class PartitionTests
{
    private const string Second = "te:{1}:";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_partition_trades_its_own_accounts_refuses_the_others_and_outlives_them()
    {
        await using var redis = await RedisServer.StartNewAsync();
        using var place = new SiloPlace();
        using var other = new SiloPlace();
        await using var zero = SiloProcess.Start([.. place.OnRedis(redis.Address), "--partitions", "2"]);
        await using var one = SiloProcess.Start([.. other.OnRedis(redis.Address), "--partitions", "2", "--partition", "1"]);
        await zero.PrintsAsync("Ready");
        await one.PrintsAsync("Ready");
        await using var agents = await RedisAgents.ConnectAsync(redis);
        await using var others = await RedisAgents.ConnectAsync(redis, Second);
        var (mine, theirs) = (AccountOf("0"), AccountOf("1"));

        await agents.SignalAsync([SentSignal.Buy("wrong") with { Account = theirs }, SentSignal.Buy("a") with { Account = mine }]);
        await others.SignalAsync([SentSignal.Buy("b") with { Account = theirs }]);
        await agents.TakeAsync(1);
        await others.TakeAsync(1);

        await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
        await using (var second = await TradingEngineClient.ConnectAsync(other.ClientOptions with { Partition = "1" }, Stop))
        {
            await HoldsAsync(client, mine);
            await HoldsAsync(second, theirs);
            Assert.Empty((await second.GetDeadLettersAsync(cancellationToken: Stop)).Letters);
        }

        var letter = Assert.Single((await client.GetDeadLettersAsync(cancellationToken: Stop)).Letters);
        Assert.Equal("WRONG_PARTITION", letter.Reason);
        Assert.Contains($"account '{theirs}' belongs to partition 1 of 2", letter.Detail, StringComparison.Ordinal);
        Assert.Equal("true", await others.ReadAsync("trading_engine_ready"));

        // A halt that would hold nothing back must not look like one that does.
        var halt = await client.CommandAsync(new("halt", "test") { Scope = HaltScopes.Account(theirs), Reason = "drill" }, Stop);
        Assert.Equal(("rejected", true), (halt.Status, halt.Reason.Contains("partition 1", StringComparison.Ordinal)));

        // Each is killed and lives by itself; through the store all are killed at once.
        await one.KillAsync();
        await agents.SignalAsync([SentSignal.Buy("c") with { Account = mine }]);
        await agents.TakeAsync(2);
        var (code, said, _) = await ClientProcess.RunAsync("kill", "--redis", redis.Address, "--yes");
        Assert.True(code == 0, said);
        await Eventually.HoldsAsync("the first partition to be killed", async () =>
            (await client.GetEngineStatusAsync(Stop)).Mode == EngineMode.Killed);
        await using var again = SiloProcess.Start([.. other.OnRedis(redis.Address), "--partitions", "2", "--partition", "1"]);
        await again.PrintsAsync("WARNING the engine is killed");
    }

    [Fact]
    public async Task Client_of_another_partition_is_told_and_a_silo_that_counts_otherwise_is_refused()
    {
        await using var redis = await RedisServer.StartNewAsync();
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start([.. place.OnRedis(redis.Address), "--partitions", "2", "--partition", "1"]);
        await silo.PrintsAsync("Ready");
        Assert.Contains(silo.Lines, line => line.Text.Contains("partition 1 of 2", StringComparison.Ordinal));

        var (code, _, error) = await ClientProcess.RunAsync("status", "--gateway", $"127.0.0.1:{place.GatewayPort}", "--partition", "0");
        Assert.NotEqual(0, code);
        Assert.Contains("No engine answers", error, StringComparison.Ordinal);
        (code, var output, error) = await ClientProcess.RunAsync("status", "--gateway", $"127.0.0.1:{place.GatewayPort}", "--partition", "1");
        Assert.True(code == 0, output + error);

        using var elsewhere = new SiloPlace();
        await using var wrong = SiloProcess.Start([.. elsewhere.OnRedis(redis.Address), "--partitions", "3"]);
        Assert.Equal(2, await wrong.EndsAsync());
        Assert.Contains("start it with --partitions 2", Assert.Single(wrong.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--partitions 2", "--partitions is 2, but the embedded store has one; add --store redis, or leave it out")]
    [InlineData("--partitions 0", "--partitions is 0; use a whole number, 1 to 64")]
    [InlineData("--partitions 65 --store redis", "--partitions is 65; use a whole number, 1 to 64")]
    [InlineData("--partition 1 --store redis", "--partition is 1; use a whole number from 0, below --partitions, which is 1")]
    [InlineData("--partition -1 --store redis", "--partition is -1; use a whole number from 0, below --partitions, which is 1")]
    [InlineData(
        "--partitions 2 --store redis",
        "--feed is simulated, whose prices each partition would make of its own, but --partitions is 2 and prices are common to all; use --feed redis or http")]
    public async Task Settings_that_make_no_sense_are_refused_with_the_fix(string options, string refusal)
    {
        var exception = await Assert.ThrowsAsync<SettingsException>(() => ReachTests.ParseAsync(options));

        Assert.Equal(refusal, exception.Message);
    }

    private static Task HoldsAsync(TradingEngineClient client, string account) => Eventually.HoldsAsync(
        $"one open position of {account}", async () => await client.GetPositionsAsync(Stop) is [var held] && held.Entry.Account == account);

    private static string AccountOf(string partition) =>
        Enumerable.Range(0, 100).Select(number => $"desk-{number}").First(account => AccountPartitions.Of(account, 2) == partition);
}
