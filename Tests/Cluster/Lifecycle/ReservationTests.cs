using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Core.Internal;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Streaming.Commits;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>
/// An account that is lost or doubled between reservation and commit: what it counts is what was ordered and is held, no
/// more and no less. <c>TRADING_ENGINE_RESERVATIONS</c> sets how often, 100 by default.
/// </summary>
public sealed class ReservationTests
{
    private const int Accounts = 25;
    private const int Faults = 100;
    private const int Seed = 20_261_123;
    private const decimal Lots = 0.01m;
    private const decimal Price = 50_000m;

    /// <summary>So many entries of 500 make the conservative limit of a symbol, a tenth of 100,000.</summary>
    private const int MostOpen = 20;

    [Fact]
    public async Task Exposure_is_the_sum_over_positions_and_orders_whatever_the_account_went_through()
    {
        var waves = Math.Max(1, Count() / Accounts);
        await using var engine = await PricedAsync();
        var random = new Random(Seed);
        var harm = new Harm(engine, random);
        engine.Faults.Between = harm.StrikeAsync;
        for (var wave = 0; wave < waves; wave++)
        {
            SentSignal[] signals = [.. Enumerable.Range(0, Accounts).Select(account => Entry(account, $"w{wave}"))];
            await engine.SignalAsync(signals);
            foreach (var signal in signals)
            {
                Assert.Equal((signal.SignalId, RejectReason.None), (signal.SignalId, (await engine.PositionAsync(signal.OpensPosition)).Reject));
            }

            await MoveOnAsync(engine, random);
            await CompareAsync(engine);
        }

        Assert.Equal(waves * Accounts, engine.Orders.Count(order => order.Type == "open"));
        Assert.Equal(waves * Accounts, harm.Struck);

        // Nothing of a reservation was left behind and nothing that is held was forgotten: what is free is free to the last entry.
        engine.Faults.Between = null;
        await engine.SignalAsync([.. (await OpenAsync(engine)).SelectMany(item =>
            Enumerable.Range(0, MostOpen - item.Open + 1).Select(i => Entry(item.Account, $"last-{i}")))]);
        Assert.All(await OpenAsync(engine), item => Assert.Equal((item.Account, MostOpen), item));
    }

    [Fact]
    public async Task Reservation_that_nobody_settles_is_gone_after_a_minute()
    {
        await using var engine = await PricedAsync();
        var account = engine.Cluster.GetGrain<IAccountGrain>("a");
        var answer = await account.ReserveAsync([Request("forsaken")]);
        Assert.Equal(RejectReason.None, Assert.Single(answer.Decisions));
        Assert.Equal(Lots * Price, (await account.GetSummaryAsync()).Long);

        engine.Clock.Advance(TimeSpan.FromSeconds(61));

        await Eventually.HoldsAsync("the account to forget it", async () => (await account.GetSummaryAsync()).Long == 0m);
    }

    [Fact]
    public async Task Doubt_ends_the_activation_whose_fence_it_was_and_no_later_one()
    {
        await using var engine = await PricedAsync();
        var account = engine.Cluster.GetGrain<IAccountGrain>("a");
        var first = await account.ReserveAsync([Request("one")]);

        await account.SettleInDoubtAsync(["one"], first.Fence);
        var second = await account.ReserveAsync([Request("two")]);
        await account.SettleInDoubtAsync(["one", "two"], first.Fence);
        var third = await account.ReserveAsync([Request("three")]);

        Assert.Equal((first.Fence + 1, first.Fence + 1), (second.Fence, third.Fence));
        Assert.Equal(2 * Lots * Price, (await account.GetSummaryAsync()).Long);
    }

    private static async Task<TestEngine> PricedAsync()
    {
        var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        return engine;
    }

    private static ReservationRequest Request(string id) => new(id, new EntryRequest
    {
        Signal = new Signal
        {
            Id = id, Tier = 2, Strategy = SentSignal.DefaultStrategy, Kind = StrategyKind.Trend, Action = SignalAction.Buy, Symbol = "BTCUSD",
            Quantity = Lots, EntryPrice = Price, StopLoss = 49_000m, Account = "a", Time = TestEngine.Started,
        },
        Instrument = new Instrument("BTCUSD", AssetClass.Crypto, 1m, 0.01m, 0.01m, 0.01m, "USD", "BTC"),
        Price = new PriceView(49_999m, 50_001m, TestEngine.Started, TimeSpan.Zero, AssetClass.Crypto),
        IsSessionOpen = true,
        BuyNotional = Lots * Price,
        Orders = [new PlannedOrder(0, Side.Buy, Lots, Price, OrderType.Market, OrderIntent.Open)],
        StopLoss = 49_000m,
        ParentQuantity = Lots,
    });

    private static int Count() =>
        int.TryParse(Environment.GetEnvironmentVariable("TRADING_ENGINE_RESERVATIONS"), CultureInfo.InvariantCulture, out var count)
            ? count
            : Faults;

    private static SentSignal Entry(int account, string id) =>
        SentSignal.Buy($"a{account}-{id}") with { Account = $"a{account}", Quantity = Lots };

    /// <summary>Half of the orders that wait are filled, some of these in two parts; some positions are closed.</summary>
    private static async Task MoveOnAsync(TestEngine engine, Random random)
    {
        var held = (await engine.IndexAsync()).ToDictionary(entry => entry.Id, entry => entry.Quantity, StringComparer.Ordinal);
        await engine.PushAsync("updates",
        [
            .. engine.Orders.Where(order => order.Type == "open" && random.Next(2) == 0)
                .Select(order => held.TryGetValue(order.PositionId, out var lots) ? Fill(order, lots, random) : null).OfType<string>(),
        ]);

        // Those with most open give up two each, so that the limit never stands in the way of a wave.
        var full = (await OpenAsync(engine)).Where(item => item.Open > MostOpen / 2).Select(item => $"a{item.Account}").ToHashSet();
        foreach (var group in (await engine.IndexAsync()).Where(entry => entry.Quantity == Lots && full.Contains(entry.Account))
            .GroupBy(entry => entry.Account).ToList())
        {
            foreach (var entry in group.Take(2))
            {
                await engine.Engine.ClosePositionAsync(entry.Id, "test");
                await engine.IdleAsync();
                await engine.FillAsync(engine.Orders[^1], Price);
            }
        }
    }

    private static string? Fill(SentOrder order, decimal held, Random random) => held switch
    {
        0m when random.Next(4) == 0 => order.Part("half", Lots / 2, Price, "partially_filled"),
        0m => order.Filled(Price),
        Lots / 2 => order.Part("rest", Lots / 2, Price, "filled"),
        _ => null,
    };

    private static async Task<IReadOnlyList<(int Account, int Open)>> OpenAsync(TestEngine engine)
    {
        var entries = await engine.IndexAsync();
        return [.. Enumerable.Range(0, Accounts).Select(account => (account, entries.Count(entry => entry.Account == $"a{account}")))];
    }

    /// <summary>Counters, account and positions say the same.</summary>
    private static async Task CompareAsync(TestEngine engine)
    {
        var orders = engine.Orders.ToLookup(order => order.PositionId, StringComparer.Ordinal);
        var entries = (await engine.IndexAsync()).ToLookup(entry => entry.Account, StringComparer.Ordinal);
        for (var account = 0; account < Accounts; account++)
        {
            var open = entries[$"a{account}"].ToList();
            Assert.All(open, entry => Assert.Single(orders[entry.Id], order => order.Type == "open"));

            // Held or working, each position is worth its order.
            var expected = open.Count * Lots * Price;
            var counters = await engine.Partition.ReadCountersAsync(Contributions.AccountGroup($"a{account}"));
            var book = ExposureBook.Of(counters!.Fields);
            var summary = await engine.Cluster.GetGrain<IAccountGrain>($"a{account}").GetSummaryAsync();
            Assert.Equal((expected, 0m, (long)open.Count), (book.Symbols.Values.Sum(held => held.Long), book.Symbols.Values.Sum(held => held.Short), book.OpenPositions));
            Assert.Equal((expected, 0m), (summary.Long, summary.Short));
            Assert.Equal(open.Count(entry => entry.WorkingOrders > 0), book.WorkingOrders);
        }
    }

    /// <summary>Harms the account of every opening once, between its reservation and its commit.</summary>
    private sealed class Harm(TestEngine engine, Random random)
    {
        private readonly ConcurrentDictionary<string, bool> _struck = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public int Struck => _struck.Count;

        public async Task<FaultPoint?> StrikeAsync(IReadOnlyList<Commit> commits)
        {
            var openings = commits.Where(commit => commit.Fence is not null && _struck.TryAdd(commit.Records[0].Key, true)).ToList();
            if (openings.Count == 0)
            {
                return null;
            }

            int kind;
            lock (_gate)
            {
                kind = random.Next(4);
            }

            var group = openings[0].Fence!.Value.Group;
            if (kind == 0)
            {
                // Another activation elsewhere: this one does not know.
                await engine.Partition.RaiseFenceAsync(group);
            }
            else
            {
                // Lost, and awake again before the commit is written.
                var account = engine.Cluster.GetGrain<IAccountGrain>(group[group.IndexOf('/', StringComparison.Ordinal)..][1..]);
                await account.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
                await account.GetSummaryAsync();
            }

            return kind switch
            {
                2 => FaultPoint.BeforeWriting,
                3 => FaultPoint.AfterWriting,
                _ => null,
            };
        }
    }
}
