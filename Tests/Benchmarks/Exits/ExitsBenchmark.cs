using System.Diagnostics;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Tests.Benchmarks.Exits;

/// <summary>Measures the exit book alone: quiet prices, new extremes, a gap through 1,000 stops, and memory.</summary>
internal static class ExitsBenchmark
{
    private const int Rounds = 5;
    private const int Triggered = 1_000;

    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(ExitsOptions options, CancellationToken cancellation)
    {
        var (ticks, markdown) = (options.Ticks, options.Markdown);
        Console.Out.WriteLine(await Machine.DescribeAsync(markdown, cancellation));
        var table = new Table(
            "Exit book of one symbol", "armed", "quiet ns/tick", "ratio", "rising ns/tick", "ratio", "bytes/position",
            "with trailing", "1,000 triggered µs");
        (double Quiet, double Rising)? least = null;
        foreach (var size in Sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            var plain = Bytes(size, isTrailing: false);
            var trailing = Bytes(size, isTrailing: true);
            var book = Fill(size, isTrailing: true);
            var quiet = NanosecondsPerTick(book, ticks, step: 0m);
            var rising = NanosecondsPerTick(book, ticks, step: 0.000_001m);
            least ??= (quiet, rising);
            table.Add(
                $"{size:N0}", $"{quiet:F0}", $"{quiet / least.Value.Quiet:F2}", $"{rising:F0}",
                $"{rising / least.Value.Rising:F2}", $"{plain:F0}", $"{trailing:F0}", $"{Gap(size):F0}");
        }

        Console.Out.WriteLine(table.Render(markdown));
        Console.Out.WriteLine("""
            Half long, half short, all with stop and target; every other one trails as well, by distance or percent. Quiet
            prices reach nothing and are no new best; rising ones are each a new best of the longs. Bytes are the book's
            growth of the managed heap, without position ids and plans, which the positions' index entries hold anyway.
            """);
        if (options.Rebuild > 0)
        {
            await RebuildBenchmark.RunAsync(options, cancellation);
        }

        return BenchmarkRun.Measured;
    }

    private static ExitBook Fill(int size, bool isTrailing, bool willGap = false)
    {
        var book = new ExitBook();
        foreach (var exit in Exits(size, isTrailing, willGap))
        {
            book.Arm(exit);
        }

        return book;
    }

    private static List<ArmedExit> Exits(int size, bool isTrailing, bool willGap = false)
    {
        var random = new Random(1);
        var exits = new List<ArmedExit>(size);
        for (var i = 0; i < size; i++)
        {
            var side = i % 2 == 0 ? Side.Buy : Side.Sell;
            var sign = side == Side.Buy ? 1m : -1m;
            var away = 20m + (random.Next(2_000_000) / 100_000m);
            var stop = willGap && i < 2 * Triggered && side == Side.Buy ? 95m - (i / 1000m) : 100m - (sign * away);
            var plan = new ExitPlan(stop, 100m + (sign * away))
            {
                Trailing = !isTrailing || i % 4 < 2 ? null
                    : new TrailingStop(i % 8 < 4 ? TrailingUnit.Price : TrailingUnit.Percent, away),
            };
            exits.Add(new ArmedExit($"position-{i:D12}", side, plan, 100m + (random.Next(1_000) / 1_000m), Start));
        }

        return exits;
    }

    private static double Bytes(int size, bool isTrailing)
    {
        var exits = Exits(size, isTrailing);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var book = new ExitBook();
        foreach (var exit in exits)
        {
            book.Arm(exit);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(exits);
        return (double)bytes / book.Count;
    }

    private static double NanosecondsPerTick(ExitBook book, int ticks, decimal step)
    {
        var least = double.MaxValue;
        var price = step == 0m ? 100m : 101m;
        var armed = book.Count;
        for (var round = 0; round < Rounds; round++)
        {
            // Quiet prices go to and fro below the best one, rising ones up; made before the clock starts.
            var updates = new MarketUpdate[1_000];
            var spent = 0L;
            for (var done = 0; done < ticks; done += updates.Length)
            {
                for (var i = 0; i < updates.Length; i++)
                {
                    price += step;
                    var bid = price - (step == 0m ? i % 100 / 1_000m : 0m);
                    updates[i] = new MarketUpdate(
                        "BTCUSD", AssetClass.Crypto, Start, bid, bid + 0.01m, null, "benchmark");
                }

                var began = Stopwatch.GetTimestamp();
                foreach (var update in updates)
                {
                    book.Reach(update, Start);
                }

                spent += Stopwatch.GetTimestamp() - began;
            }

            var rounded = (ticks + updates.Length - 1) / updates.Length * updates.Length;
            least = Math.Min(least, Stopwatch.GetElapsedTime(0, spent).TotalNanoseconds / rounded);
        }

        return book.Count == armed ? least : throw new BenchmarkException("A price that was to reach nothing reached an exit.");
    }

    private static double Gap(int size)
    {
        var least = double.MaxValue;
        for (var round = 0; round < (size > 100_000 ? 1 : Rounds); round++)
        {
            var book = Fill(size, isTrailing: true, willGap: true);

            // The first price of a new book melds the groups of all shorts it is a best price for: not what is measured.
            book.Reach(new MarketUpdate("BTCUSD", AssetClass.Crypto, Start, 100m, 100.01m, null, "benchmark"), Start);
            var gap = new MarketUpdate("BTCUSD", AssetClass.Crypto, Start, 90m, 90.01m, null, "benchmark");
            var began = Stopwatch.GetTimestamp();
            var reached = book.Reach(gap, Start);
            least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            if (reached.Count != Math.Min(Triggered, size / 2) || reached.Any(exit => exit.Price != 90m))
            {
                throw new BenchmarkException($"The gap reached {reached.Count} exits, not {Triggered} at the gap price.");
            }
        }

        return least;
    }
}
