using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradingEngine.Client;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What the engine trades by changes while it runs: whole or not at all, once, and for good.</summary>
public sealed class ConfigurationTests
{
    private const int Many = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limit_applied_under_load_is_the_next_decisions_and_outlives_a_restart()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.SignalAsync(Small("first"));
        Assert.Equal("first", Assert.Single(engine.Orders).SignalId);
        var stamp = (await engine.PositionAsync(Small("first").OpensPosition)).Orders[0].Order.Risk;

        // Nobody waits for these: the change comes between them.
        await engine.Store.Queues.PushAsync(
            StreamNames.FastSignals, [.. Enumerable.Range(0, Many).Select(i => Bytes(Small($"load-{i}")))], TestContext.Current.CancellationToken);
        var applied = await ApplyAsync(engine.Engine, tree => tree["risk"]!["maxNotional"] = 40);
        Assert.True(applied.Answer.IsCompleted, applied.Answer.Reason);
        Assert.Equal(1, applied.Version);
        Assert.Equal("risk.maxNotional 50000 -> 40", Assert.Single(applied.Changes).ToString());
        await engine.SignalAsync([.. Enumerable.Range(0, Many).Select(i => Small($"after-{i}"))]);

        for (var i = 0; i < Many; i++)
        {
            await RefusedAsync(engine, Small($"after-{i}"), RejectReason.MaxNotional);
        }

        var less = Small("less") with { Quantity = 0.0005m };
        await engine.SignalAsync(less);
        Assert.Equal("less", engine.Orders[^1].SignalId);
        Assert.NotEqual(stamp, (await engine.PositionAsync(less.OpensPosition)).Orders[0].Order.Risk);

        await engine.RestartAsync();
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.SignalAsync(Small("again"));
        await RefusedAsync(engine, Small("again"), RejectReason.MaxNotional);
        var view = await engine.Engine.GetConfigurationAsync();
        Assert.Equal((1L, true, "test", "drill"), (view.Version, view.IsApplied, view.By, view.Reason));
        Assert.Equal("version 1 by test: drill", view.Values.Single(value => value.Path == "risk.maxNotional").Origin);
        Assert.Equal("default", view.Values.Single(value => value.Path == "risk.maxDailyLoss").Origin);
    }

    [Fact]
    public async Task Change_of_what_somebody_else_changed_meanwhile_is_refused()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        var view = await engine.Engine.GetConfigurationAsync();
        string With(int limit)
        {
            var tree = JsonNode.Parse(view.Json)!;
            tree["risk"]!["maxOpenPositions"] = limit;
            return tree.ToJsonString();
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            engine.Engine.ApplyConfigurationAsync(new ConfigurationChange(With(10 + i), $"user-{i}"))));

        var done = Assert.Single(answers, answer => answer.Answer.IsCompleted);
        Assert.All(answers.Where(answer => answer != done), answer => Assert.StartsWith(
            "it is based on version 0, but version 1 stands, by user-", Assert.Single(answer.Errors), StringComparison.Ordinal));
        Assert.Equal(1, (await engine.Engine.GetConfigurationAsync()).Version);

        // Another activation writes between this one's decision and its commit.
        engine.Faults.Between = async commits =>
        {
            if (commits.Any(commit => commit.Records.Any(record => record.Key == StoredConfiguration.Key)))
            {
                engine.Faults.Between = null;
                var stored = (await StoredConfiguration.ReadAsync(engine.Partition))!;
                Assert.True((await engine.Partition.CommitAsync([new Commit { Records = [stored.ToRecord()] }]))[0].IsCommitted);
            }

            return null;
        };
        var late = await ApplyAsync(engine.Engine, tree => tree["risk"]!["maxOpenPositions"] = 99);
        Assert.StartsWith("somebody else applied another", Assert.Single(late.Errors), StringComparison.Ordinal);
        var stands = await engine.Engine.GetConfigurationAsync();
        Assert.Equal(2, stands.Version);
        Assert.NotEqual("99", stands.Values.Single(value => value.Path == "risk.maxOpenPositions").Value);
    }

    [Fact]
    public async Task Refusal_names_every_error_changes_nothing_and_is_on_record()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.OpenAsync(Small("held"));

        var wrong = await ApplyAsync(engine.Engine, tree =>
        {
            tree["risk"]!["maxGrosShare"] = 1;
            tree["weights"]!["damping"] = 2;
            tree["colour"] = "red";
        });
        Assert.Equal(("rejected", 3), (wrong.Answer.Status, wrong.Errors.Length));

        var unfit = await ApplyAsync(engine.Engine, tree =>
        {
            tree["account"]!["currency"] = "EUR";
            tree["risk"]!["killDrawdown"] = null;
            tree["instruments"]!["BTCUSD"] = new JsonObject { ["contractSize"] = 10 };
        });
        Assert.Equal(["account.currency is EUR", "instruments.BTCUSD.contractSize differs from 1", "risk.killDrawdown is missing"],
            unfit.Errors.Select(error => error[..error.IndexOf(';', StringComparison.Ordinal)]));

        var tried = await ApplyAsync(engine.Engine, tree => tree["risk"]!["maxNotional"] = 40, isTrial: true);
        Assert.True(tried.Answer.IsCompleted);
        Assert.Single(tried.Changes);
        Assert.Equal(0, (await engine.Engine.GetConfigurationAsync()).Version);
        await engine.SignalAsync(Small("next"));
        Assert.Equal("next", engine.Orders[^1].SignalId);

        var history = await engine.ListAsync(BoardKeys.CommandHistory);
        Assert.Equal(2, history.Count(entry => (string?)entry["command"] == EngineCommands.ApplyConfiguration));
        Assert.Contains("by test: account.currency is EUR; ", (string?)history[0]["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawal_is_no_loss()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.SignalAsync(Small("first"));

        Assert.True((await ApplyAsync(engine.Engine, tree => tree["account"]!["equity"] = 50_000)).Answer.IsCompleted);

        var account = engine.Cluster.GetGrain<IAccountGrain>("default");
        Assert.Empty(await account.WatchAsync());
        var summary = await account.GetSummaryAsync();
        Assert.Equal((50_000m, 50_000m, 50_000m), (summary.Equity, summary.DayStart, summary.Peak));
        Assert.Equal(EngineMode.Running, (await engine.Engine.GetStatusAsync()).Mode);
    }

    [Fact]
    public async Task Silo_that_cannot_read_what_stands_lets_nothing_in_until_it_can()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        var unread = Encoding.UTF8.GetBytes(
            """{"applied":true,"by":"a newer version","reason":"","time":"2026-01-01T00:00:00Z","origins":{},"configuration":{"future":1}}""");
        Assert.True((await engine.Partition.CommitAsync(
            [new Commit { Records = [new RecordWrite(StoredConfiguration.Key, 0, unread)] }], TestContext.Current.CancellationToken))[0].IsCommitted);

        var i = 0;
        await Eventually.HoldsAsync("entries to be refused", async () =>
        {
            await engine.PriceAsync(49_999m, 50_001m);
            var signal = Small($"s-{i++}");
            await engine.SignalAsync(signal);
            return (await engine.PositionAsync(signal.OpensPosition)).Reject == RejectReason.Restricted;
        });
        Assert.StartsWith("cannot be read: future is 1; use one of", (await engine.Engine.GetConfigurationAsync()).Reason, StringComparison.Ordinal);

        // What is shown is what this silo makes of it: the limits of before, with nothing let in.
        var healed = await ApplyAsync(engine.Engine, tree => tree["risk"]!["isRestricted"] = false);
        Assert.True(healed.Answer.IsCompleted, string.Join("; ", healed.Errors));
        await engine.SignalAsync(Small("again"));
        Assert.Equal("again", engine.Orders[^1].SignalId);
    }

    [Fact]
    public async Task Every_silo_follows()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var first = await OpenAsync(server);
        await using var second = await OpenAsync(server);
        await using var cluster = await ClusterSetup.StartAsync([first, second], TestOptions.Create(TestOptions.Roomy), TimeProvider.System);
        await using var client = new TradingEngineClient(cluster.Client);
        var tree = JsonNode.Parse((await client.GetConfigurationAsync(Stop)).Json)!;
        tree["logLevel"] = "debug";
        tree["risk"]!["maxGrossShare"] = 0.5;

        var result = await client.ApplyConfigurationAsync(new ConfigurationChange(tree.ToJsonString(), "test"), Stop);

        Assert.True(result.Answer.IsCompleted, result.Answer.Reason);
        await Eventually.HoldsAsync("both silos to follow", () => cluster.Silos.All(silo =>
        {
            var trading = silo.ServiceProvider.GetRequiredService<IOptions<EngineOptions>>().Value.Trading;
            return trading.Version == 1 && trading.Current.Risk.General.MaxGrossShare == 0.5m
                && silo.ServiceProvider.GetRequiredService<LogLevelSwitch>().Level == LogLevel.Debug;
        }));
    }

    private static SentSignal Small(string id) => SentSignal.Buy(id) with { Quantity = 0.001m };

    private static ReadOnlyMemory<byte> Bytes(SentSignal signal) => Encoding.UTF8.GetBytes(signal.Json);

    private static async Task<ConfigurationResult> ApplyAsync(IEngineGrain engine, Action<JsonNode> change, bool isTrial = false)
    {
        var tree = JsonNode.Parse((await engine.GetConfigurationAsync()).Json)!;
        change(tree);
        return await engine.ApplyConfigurationAsync(
            new ConfigurationChange(tree.ToJsonString(), "test") { Reason = "drill", IsTrial = isTrial });
    }

    private static async Task RefusedAsync(TestEngine engine, SentSignal signal, RejectReason reason)
    {
        var position = await engine.PositionAsync(signal.OpensPosition);
        Assert.Equal((PositionPhase.Rejected, reason), (position.Phase, position.Reject));
    }

    private static async Task<RedisTradingStore> OpenAsync(RedisServer server)
    {
        var store = new RedisTradingStore(
            new RedisStoreOptions { ConnectionString = server.Address, Queues = QueueCatalog.Create(ExecutionKind.Redis) },
            TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
        await store.OpenAsync(Stop);
        return store;
    }
}
