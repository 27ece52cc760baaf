using CsCheck;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>The running sums of what is on its way say what adding all of it up says.</summary>
public sealed class ReservedEntriesTests
{
    private static readonly string[] Symbols = ["BTCUSD", "ETHUSD", "EURUSD"];

    [Fact]
    public void Worst_case_is_that_of_adding_up_all_entries()
    {
        var book = ExposureBook.Of(new Dictionary<string, long>
        {
            ["long/BTCUSD"] = 300_000_000, ["short/ETHUSD"] = 500_000_000, ["buying/ETHUSD"] = 100_000_000,
        });
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Bool);
        step.List[0, 60].Sample(steps =>
        {
            var reserved = new ReservedEntries();
            var model = new Dictionary<string, EntryRequest>(StringComparer.Ordinal);
            foreach (var (id, symbol, buy, sell, adds) in steps)
            {
                var key = $"p{id}";
                if (adds)
                {
                    model[key] = Entry(Symbols[symbol], buy, sell);
                    reserved.Add(key, model[key]);
                }
                else
                {
                    model.Remove(key);
                    reserved.Remove(key);
                }

                foreach (var asked in Symbols.Append(""))
                {
                    Assert.Equal(book.Worst(asked, model.Values), reserved.Worst(book, asked));
                }
            }

            Assert.Equal(model.Count, reserved.Count);
        });
    }

    private static EntryRequest Entry(string symbol, int buy, int sell) => new()
    {
        Signal = Given.Signal() with { Symbol = symbol },
        Instrument = null,
        Price = PriceView.None,
        IsSessionOpen = true,
        BuyNotional = buy,
        SellNotional = sell,
    };
}
