using CsCheck;
using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>The running sums of what is on its way say what adding all of it up says.</summary>
public sealed class ReservedEntriesTests
{
    private static readonly string[] Symbols = ["BTCUSD", "ETHUSD", "EURUSD"];
    private static readonly string?[] Groups = ["btc", "eth", null];

    [Fact]
    public void Sums_are_those_of_adding_up_all_entries()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 12], Gen.Bool);
        step.List[0, 60].Sample(steps =>
        {
            var reserved = new ReservedEntries();
            var model = new Dictionary<string, ReservedEntry>(StringComparer.Ordinal);
            foreach (var (id, symbol, buy, sell, tier, adds) in steps)
            {
                var key = $"p{id}";
                if (adds)
                {
                    model[key] = new ReservedEntry(Symbols[symbol], buy, sell, tier, Groups[symbol], buy / 2m, id, buy % 2 == 0, At(buy));
                    reserved.Add(key, model[key]);
                }
                else
                {
                    Assert.Equal(model.Remove(key), reserved.Remove(key));
                }

                AssertSame(model.Values, reserved);
                Assert.Equal(model.Values.Any(entry => entry.At < At(sell)), reserved.HasOlderThan(At(sell)));
            }
        });
    }

    [Fact]
    public void What_further_legs_bind_comes_and_goes_with_the_entry()
    {
        var reserved = new ReservedEntries();
        var further = new ReservedEntry("ETHUSD", 0m, 40m, 1, "eth", 20m, Orders: 0, OpensPosition: false);
        reserved.Add("a", new ReservedEntry("BTCUSD", 100m, 0m, 1, "btc", 100m, Orders: 2), further);

        Assert.Equal(((0m, 40m), 40m, 140m), (reserved.Of("ETHUSD"), reserved.OfGroup("eth"), reserved.OfTier(1)));
        Assert.Equal((100m, 40m, 120m, 2, 1), (reserved.Buys, reserved.Sells, reserved.Margin, reserved.Orders, reserved.Opens));
        Assert.True(reserved.Remove("a"));
        Assert.Equal((0m, 0m, 0m, 0, 0), (reserved.Buys, reserved.Sells, reserved.Margin, reserved.Orders, reserved.Opens));
        Assert.Equal((0m, 0m), reserved.Of("ETHUSD"));
    }

    private static DateTimeOffset At(int seconds) => Given.Now.AddSeconds(seconds);

    private static void AssertSame(ICollection<ReservedEntry> model, ReservedEntries reserved)
    {
        foreach (var symbol in Symbols.Append(""))
        {
            var own = model.Where(entry => entry.Symbol == symbol).ToList();
            Assert.Equal((own.Sum(entry => entry.Buys), own.Sum(entry => entry.Sells)), reserved.Of(symbol));
        }

        foreach (var group in Groups.OfType<string>())
        {
            Assert.Equal(model.Where(entry => entry.Group == group).Sum(entry => entry.Buys + entry.Sells), reserved.OfGroup(group));
        }

        for (var tier = 0; tier <= 8; tier++)
        {
            Assert.Equal(model.Where(entry => entry.Tier == tier).Sum(entry => entry.Buys + entry.Sells), reserved.OfTier(tier));
        }

        Assert.Equal(
            (model.Count, model.Sum(entry => entry.Buys), model.Sum(entry => entry.Sells), model.Sum(entry => entry.Margin),
                model.Sum(entry => entry.Orders), model.Count(entry => entry.OpensPosition)),
            (reserved.Count, reserved.Buys, reserved.Sells, reserved.Margin, reserved.Orders, reserved.Opens));
    }
}
