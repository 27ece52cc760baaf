using CsCheck;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

public sealed class OpenPositionsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<PositionIndexEntry> s_entries = Gen.Select(
        Gen.Int[0, 20], Gen.Int[0, 2], Gen.Int[-5, 5], Gen.Int[1, 500], Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 9])
        .Select((id, account, quantity, open, isInverse, version, unknown, created) => new PositionIndexEntry
        {
            Id = $"p{id}",
            Account = $"account{account}",
            Strategy = "trend",
            Kind = StrategyKind.Trend,
            Symbol = "BTCUSD",
            Side = quantity < 0 ? Side.Sell : Side.Buy,
            Phase = PositionPhase.Open,
            Quantity = quantity / 10m,
            AverageOpen = open / 7m,
            ContractSize = isInverse ? 100m : 1m,
            IsInverse = isInverse,
            SettlementCurrency = isInverse ? "BTC" : "USD",
            CreatedAt = s_now.AddSeconds(-created),
            Version = version,
            UnknownOrders = unknown,
        });

    [Fact]
    public void Report_after_any_changes_equals_a_count_of_each_position() =>
        Gen.Select(Gen.Select(s_entries, Gen.Int[0, 3]).List[0, 60], Gen.Int[1, 500]).Sample((changes, bid) =>
        {
            var open = new OpenPositions();
            var model = new Dictionary<string, PositionIndexEntry>();
            var over = new HashSet<string>();
            foreach (var (entry, kind) in changes)
            {
                if (kind == 0)
                {
                    Assert.Equal(model.Remove(entry.Id), open.Remove(entry.Id, s_now));
                    over.Add(entry.Id);
                    continue;
                }

                var isNew = !over.Contains(entry.Id)
                    && (!model.TryGetValue(entry.Id, out var known) || known.Version < entry.Version);
                Assert.Equal(isNew, open.Set(entry));
                if (isNew)
                {
                    model[entry.Id] = entry;
                }
            }

            Agree(model.Values, open, bid / 3m, (bid / 3m) + 0.1m);
        });

    [Fact]
    public void Change_of_a_position_that_is_over_is_ignored_while_it_may_still_be_on_its_way()
    {
        var open = new OpenPositions();
        var entry = s_entries.Single() with { Id = "late", Version = 3 };
        Assert.True(open.Set(entry));
        Assert.True(open.Remove("late", s_now));
        Assert.False(open.Set(entry with { Version = 4 }));

        open.Remove("other", s_now + OpenPositions.LatestChange + TimeSpan.FromTicks(1));
        Assert.True(open.Set(entry));
    }

    [Fact]
    public void Position_that_a_late_fill_opens_again_is_taken_from_the_store_and_from_nobody_else()
    {
        var open = new OpenPositions();
        var entry = s_entries.Single() with { Id = "late", Version = 3 };
        open.Set(entry);
        open.Remove("late", s_now);

        Assert.True(open.Set(entry with { Version = 5 }, isCurrent: true));
        Assert.False(open.Set(entry with { Version = 4 }));
        Assert.True(open.Remove("late", s_now + TimeSpan.FromSeconds(50)));

        // It is over since then, and not since the first time.
        open.Remove("other", s_now + TimeSpan.FromSeconds(70));
        Assert.False(open.Set(entry with { Version = 5 }));
    }

    [Theory]
    [InlineData(0, 5, 0, true)]
    [InlineData(5, 5, 0, false)]
    [InlineData(6, 5, 0, true)]
    [InlineData(90, 5, 60, false)]
    [InlineData(91, 5, 60, true)]
    public void Price_is_stale_when_older_than_the_limit_and_its_feeds_interval(int age, int limit, int interval, bool isStale)
    {
        var price = age == 0
            ? PriceView.None
            : new PriceView(1m, 2m, s_now.AddSeconds(-age), TimeSpan.FromSeconds(interval), Trading.Market.AssetClass.Crypto);
        Assert.Equal(isStale, new OpenPositions().Report(price, TimeSpan.FromSeconds(limit), s_now).IsPriceStale);
    }

    private static void Agree(IReadOnlyCollection<PositionIndexEntry> model, OpenPositions open, decimal bid, decimal ask)
    {
        var price = new PriceView(bid, ask, s_now, TimeSpan.Zero, Trading.Market.AssetClass.Crypto);
        var report = open.Report(price, TimeSpan.FromSeconds(5), s_now);
        Assert.Equal(model.Count, report.Positions);
        Assert.Equal(model.Count(entry => entry.Quantity > 0m), report.Longs);
        Assert.Equal(model.Count(entry => entry.Quantity < 0m), report.Shorts);
        Assert.Equal(model.Count(entry => entry.UnknownOrders > 0), report.InDoubt);
        Assert.Equal(model.Select(entry => (DateTimeOffset?)entry.CreatedAt).Min(), report.OldestSince);
        Assert.Equal(
            model.OrderBy(entry => entry.CreatedAt).ThenBy(entry => entry.Id, StringComparer.Ordinal).Select(entry => entry.Id),
            open.ByOldest.Select(entry => entry.Id));

        var held = model.Where(entry => entry.Quantity != 0m)
            .GroupBy(entry => (entry.Account, entry.SettlementCurrency)).OrderBy(group => group.Key).ToList();
        Assert.Equal(held.Select(group => group.Key), report.Marks.Select(mark => (mark.Account, mark.Currency)));
        foreach (var (group, mark) in held.Zip(report.Marks))
        {
            decimal Mark(PositionIndexEntry entry) => entry.Quantity > 0m ? bid : ask;
            Close(group.Sum(entry => LegLedger.Profit(
                new ContractTerms(entry.ContractSize, entry.IsInverse), entry.Quantity, entry.AverageOpen, Mark(entry))), mark.Unrealized);
            Close(group.Where(entry => entry.Quantity > 0m).Sum(entry => Exposure(entry, bid)), mark.Long);
            Close(group.Where(entry => entry.Quantity < 0m).Sum(entry => Exposure(entry, ask)), mark.Short);
        }
    }

    private static decimal Exposure(PositionIndexEntry entry, decimal price)
    {
        var units = Math.Abs(entry.Quantity) * entry.ContractSize;
        return entry.IsInverse ? units / price : units * price;
    }

    private static void Close(decimal expected, decimal actual) => Assert.InRange(actual, expected - 1e-9m, expected + 1e-9m);
}
