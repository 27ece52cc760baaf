using System.Globalization;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Sqlite;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>A file of bars, replayed by the real process at full speed.</summary>
[Collection(Alone.Name)]
public sealed class ReplayTests
{
    private const int Minutes = 700;
    private static readonly string[] Symbols = ["BTCUSD", "ETHUSD"];
    private static readonly DateTimeOffset Start = new(2024, 3, 4, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_twice_with_one_seed_gives_the_same_orders_field_by_field()
    {
        using var place = new SiloPlace();
        var bars = Walk();
        var file = WriteBars(place, bars);

        var first = await ReplayAsync(place, file, seed: 7);
        var second = await ReplayAsync(place, file, seed: 7);

        var orders = await File.ReadAllLinesAsync(Path.Combine(first, "orders.jsonl"), Stop);
        Assert.NotEqual(first, second);
        Assert.True(orders.Length > 20, $"only {orders.Length} orders");
        Assert.Equal(orders, await File.ReadAllLinesAsync(Path.Combine(second, "orders.jsonl"), Stop));

        // What the tiers decided is told for people, the same both times.
        var report = await File.ReadAllTextAsync(Path.Combine(first, "decisions.txt"), Stop);
        Assert.Matches(@"tier 2 fast +\d+ cycles, [1-9]\d* signals: [1-9]\d* followed", report);
        Assert.Matches("positions closed by: .*stop_loss [1-9]", report);
        Assert.Matches(@"tactical   regime unknown -> \w+, .* because: own measure, [12] of 2 markets: BTCUSD trend [+-]?\d", report);
        Assert.Equal(report, await File.ReadAllTextAsync(Path.Combine(second, "decisions.txt"), Stop));
    }

    [Fact]
    public async Task Replayed_positions_hold_the_sum_of_their_fills_at_prices_that_occurred()
    {
        using var place = new SiloPlace();
        var bars = Walk();
        var directory = await ReplayAsync(place, WriteBars(place, bars), seed: 7);

        var positions = await ReadPositionsAsync(directory);

        Assert.Contains(positions, position => position.CloseReason == "stop_loss");
        Assert.Contains(positions, position => position.CloseReason == "take_profit");
        Assert.All(positions, position =>
        {
            var filled = position.Orders.Sum(order =>
                order.Order.Side == Side.Buy ? order.CumulativeQuantity : -order.CumulativeQuantity);
            Assert.Equal(filled, position.Legs[0].Ledger.Quantity);
            Assert.Equal(position.Phase == PositionPhase.Closed, filled == 0m);
            AssertOccurred(bars, position.Symbol, position.OpenedAt, position.Orders[0].AveragePrice);
            if (position.Phase == PositionPhase.Closed)
            {
                AssertOccurred(bars, position.Symbol, position.ClosedAt, position.Orders[^1].AveragePrice);
            }
        });
    }

    private static void AssertOccurred(List<TestBar> bars, string symbol, DateTimeOffset? time, decimal price)
    {
        // A bar is published at its end.
        var bar = Assert.Single(bars, bar => bar.Symbol == symbol && bar.Start.AddMinutes(1) == time);
        Assert.InRange(price, bar.Low, bar.High);
    }

    private static async Task<List<PositionState>> ReadPositionsAsync(string directory)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(directory, "orders.jsonl"), Stop);
        var ids = lines.Select(PositionOf).Distinct().ToList();
        await using var store = new SqliteTradingStore(
            new SqliteStoreOptions { Directory = directory, Queues = [] }, TimeProvider.System);
        await store.OpenAsync(Stop);
        var records = await store.Partition("0").ReadManyAsync([.. ids.Select(id => "position/" + id)], Stop);
        return [.. records.Select(record => DomainJson.ReadPosition(record!.Data.Span))];
    }

    private static string PositionOf(string order)
    {
        using var json = JsonDocument.Parse(order);
        return json.RootElement.GetProperty("position_id").GetString()!;
    }

    private static async Task<string> ReplayAsync(SiloPlace place, string file, int seed)
    {
        await using var silo = SiloProcess.Start(
            [.. place.Arguments, "--feed", "replay:" + file, "--speed", "max", "--seed", $"{seed}"]);
        Assert.Equal(0, await silo.EndsAsync());
        Assert.Empty(silo.Errors);
        const string beginning = "Orders, a line each: ";
        var said = Assert.Single(silo.Lines, line => line.Text.StartsWith(beginning, StringComparison.Ordinal));
        return Path.GetDirectoryName(said.Text[beginning.Length..])!;
    }

    private static string WriteBars(SiloPlace place, List<TestBar> bars)
    {
        var file = Path.Combine(place.Directory, "bars.csv");
        File.WriteAllLines(file, bars.Select(bar => string.Create(CultureInfo.InvariantCulture,
            $"{bar.Start:yyyy-MM-ddTHH:mm:ss.fffZ},{bar.Symbol},crypto,{bar.Open},{bar.High},{bar.Low},{bar.Close},1"))
            .Prepend("timestamp,symbol,asset_class,open,high,low,close,volume"));
        return file;
    }

    /// <summary>A walk with swings, so that strategies find something to trade and both kinds of exit are reached.</summary>
    private static List<TestBar> Walk()
    {
        var random = new Random(20240304);
        var bars = new List<TestBar>(Minutes * Symbols.Length);
        var prices = Symbols.ToDictionary(symbol => symbol, _ => 1000m, StringComparer.Ordinal);
        for (var minute = 0; minute < Minutes; minute++)
        {
            foreach (var symbol in Symbols)
            {
                var open = prices[symbol];
                var drift = Math.Sin(minute / 40.0) * 0.8;
                var close = Math.Round(open + (decimal)(drift + ((random.NextDouble() - 0.5) * 4)), 2);
                var reach = Math.Round((decimal)random.NextDouble() * 1.5m, 2);
                bars.Add(new TestBar(
                    symbol, Start.AddMinutes(minute), open, Math.Max(open, close) + reach, Math.Min(open, close) - reach, close));
                prices[symbol] = close;
            }
        }

        return bars;
    }

    private sealed record TestBar(
        string Symbol, DateTimeOffset Start, decimal Open, decimal High, decimal Low, decimal Close);
}
