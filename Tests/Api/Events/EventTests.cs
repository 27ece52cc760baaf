using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Events;

/// <summary>Events that are recorded are told once, in order, and again to who asks from where it was; on a restarted silo too.</summary>
public sealed class EventTests
{
    private const string Signal =
        """{"signal_id":"{0}","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"quantity":0.1,"strategy":"momentum"}""";

    [Fact]
    public async Task Who_comes_back_with_its_last_id_misses_nothing_and_hears_nothing_twice()
    {
        await using var silo = await OwnSilo.StartAsync(ApiSilo.OverHttp);
        using var trader = silo.As(Role.Trader);
        using var viewer = silo.As(Role.Viewer);
        await SignalAsync(trader, "before");
        await Eventually.HoldsAsync("the order of the signal before", async () =>
            (await viewer.GetAsync("/v1/audit")).Body.Contains("order_sent", StringComparison.Ordinal));
        await using var live = new EventReader(await viewer.StreamAsync("/v1/events?events=fact"));
        await SignalAsync(trader, "one");
        var first = await live.UntilAsync("an order", next => next.Data["kind"]!.ToString() == "order_sent");
        Assert.Equal("momentum", (string)first.Data["strategy"]!);

        // What came before somebody listened is not news.
        var recorded = (await viewer.GetAsync("/v1/audit")).Json["items"]!.AsArray().Select(item => (long)item!["sequence"]!).ToList();
        Assert.True((long)first.Data["sequence"]! > recorded.Min());

        await SignalAsync(trader, "two");
        var second = await live.UntilAsync("the second order", next => next.Data["kind"]!.ToString() == "order_sent");
        await silo.Process.KillAsync();
        await silo.StartAsync();
        await SignalAsync(trader, "three");
        await using var again = new EventReader(await viewer.StreamAsync("/v1/events?events=fact", (string)first.Data["cursor"]!));
        var heard = new List<long>();
        var orders = new List<long>();
        while (orders.Count < 2)
        {
            var next = await again.UntilAsync("a fact", next => next.Kind is "fact" or "gap");
            Assert.Equal("fact", next.Kind);
            heard.Add((long)next.Data["sequence"]!);
            if (next.Data["kind"]!.ToString() == "order_sent")
            {
                orders.Add((long)next.Data["sequence"]!);
            }
        }

        Assert.Equal((long)second.Data["sequence"]!, orders[0]);
        Assert.All(heard, sequence => Assert.True(sequence > (long)first.Data["sequence"]!));
        Assert.Equal(heard.Order(), heard);

        // In one piece: a stream from the start holds the same facts, in the same order.
        await SignalAsync(trader, "four");
        await using var whole = new EventReader(await viewer.StreamAsync("/v1/events?events=fact&after=0~0~"));
        var all = new List<(long, string)>();
        var count = (await viewer.GetAsync("/v1/audit?limit=1000&after=0~0~")).Json["items"]!.AsArray();
        while (all.Count < count.Count)
        {
            var next = await whole.UntilAsync("a fact", _ => true);
            all.Add(((long)next.Data["sequence"]!, (string)next.Data["kind"]!));
        }

        Assert.Equal(count.Select(item => ((long)item!["sequence"]!, (string)item["kind"]!)), all);
    }

    [Fact]
    public async Task What_can_no_longer_be_told_is_told_as_a_gap()
    {
        await using var silo = await OwnSilo.StartAsync([.. ApiSilo.OverHttp, "--keep", "00:00:10"]);
        using var trader = silo.As(Role.Trader);
        using var viewer = silo.As(Role.Viewer);
        await SignalAsync(trader, "one");
        await Eventually.HoldsAsync("the audit to be moved to files", async () =>
            (await viewer.GetAsync("/v1/audit/head")).Json["moved"] is not null, TimeSpan.FromMinutes(1));
        Directory.Delete(Path.Combine(silo.Directory, "archive"), recursive: true);
        await SignalAsync(trader, "two");
        await using var reader = new EventReader(await viewer.StreamAsync("/v1/events?events=fact&after=0~0~"));
        var gap = await reader.UntilAsync("a gap", _ => true);
        Assert.Equal("gap", gap.Kind);

        // From there on nothing is missing.
        await using var again = new EventReader(await viewer.StreamAsync($"/v1/events?events=fact&after={(string)gap.Data["cursor"]!}"));
        Assert.Equal("fact", (await again.UntilAsync("a fact", _ => true)).Kind);
    }

    [Fact]
    public async Task Kinds_are_chosen_and_figures_come_by_themselves()
    {
        await using var silo = await OwnSilo.StartAsync(["--risk", "open"]);
        using var viewer = silo.As(Role.Viewer);
        await using var some = new EventReader(await viewer.StreamAsync("/v1/events?events=status,prices"));
        var kinds = new HashSet<string>();
        while (kinds.Count < 2)
        {
            kinds.Add((await some.UntilAsync("an event", _ => true)).Kind);
        }

        Assert.Equal(["prices", "status"], kinds.Order());
        await using var every = new EventReader(await viewer.StreamAsync("/v1/events"));
        foreach (var kind in new[] { "status", "tiers", "prices", "agents" })
        {
            await every.UntilAsync(kind, next => next.Kind == kind);
        }
    }

    [Fact]
    public async Task Position_over_two_symbols_is_told_of_for_each()
    {
        await using var silo = await OwnSilo.StartAsync(ApiSilo.OverHttp);
        using var trader = silo.As(Role.Trader);
        using var viewer = silo.As(Role.Viewer);
        await using var live = new EventReader(await viewer.StreamAsync("/v1/events?events=positions,status"));
        foreach (var symbol in new[] { "BTCUSD", "ETHUSD" })
        {
            await trader.PostAsync(
                "/v1/queues/strategy_engine:market_data", $$"""{"symbol":"{{symbol}}","category":"crypto","bid":99,"ask":101}""");
        }

        (await trader.PostAsync("/v1/queues/hft_signals", """
            {"signal_id":"pair","action":"arbitrage","legs":[
              {"symbol":"BTCUSD","side":"buy","quantity":0.1,"price":100},{"symbol":"ETHUSD","side":"sell","quantity":0.1,"price":100}]}
            """)).IsDone();

        var told = new HashSet<(string, string)>();
        while (told.Count < 2)
        {
            var next = await live.UntilAsync("positions", next => next.Kind == "positions");
            told.UnionWith(next.Data["items"]!.AsArray().Select(item => ((string)item!["positionId"]!, (string)item["symbol"]!)));
        }

        Assert.Equal(["BTCUSD", "ETHUSD"], told.Select(position => position.Item2).Order());
        Assert.Single(told.Select(position => position.Item1).Distinct());

        // The stream goes on behind it.
        await live.UntilAsync("the status", next => next.Kind == "status");
    }

    private static async Task SignalAsync(ApiClient trader, string id)
    {
        await trader.PostAsync("/v1/queues/strategy_engine:market_data", """{"symbol":"BTCUSD","category":"crypto","bid":49990,"ask":50010}""");
        (await trader.PostAsync("/v1/queues/strategy_signals", Signal.Replace("{0}", id, StringComparison.Ordinal))).IsDone();
    }
}
