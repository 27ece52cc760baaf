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
                    model[key] = new ReservedEntry(Symbols[symbol], buy, sell, tier, Groups[symbol], buy / 2m, id, buy % 2 == 0);
                    reserved.Add(key, model[key]);
                }
                else
                {
                    Assert.Equal(model.Remove(key), reserved.Remove(key));
                }

                AssertSame(model.Values, reserved);
            }
        });
    }

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
