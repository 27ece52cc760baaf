using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Tests.Benchmarks.Risk;

/// <summary>Measures the chain of risk checks alone: nanoseconds and bytes of a decision that passes, and many accounts.</summary>
internal static class RiskBenchmark
{
    private const int Rounds = 5;
    private const int Strategies = 10;
    private const double GoalNanoseconds = 2_000;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names = [.. Enumerable.Range(0, Strategies).Select(i => $"strategy-{i}")];

    // Decisions follow one another faster than limits let orders: the checks are made, and none of them refuses.
    private static readonly RiskLimits Limits = RiskLimits.Conservative with
    {
        MaxSignalAge = RiskChain.SignalWindow,
        MaxStrategyRate = 1_000_000m,
        MaxAccountRate = 1_000_000m,
        MaxRepeatedEntries = int.MaxValue,
        MaxOrdersPerFill = int.MaxValue,
    };

    public static async Task<int> RunAsync(RiskOptions options, CancellationToken cancellation)
    {
        Console.Out.WriteLine(await Machine.DescribeAsync(options.Markdown, cancellation));
        var memory = new RiskMemory();
        var floor = Measure(options.Decisions, (in RiskOrder order, in RiskFacts facts, DateTimeOffset now) => Floor(order, facts, memory, now));
        var judged = Measure(options.Decisions, (in RiskOrder order, in RiskFacts facts, DateTimeOffset now) => RiskChain.Judge(order, facts, Limits, memory, now));
        var noted = Measure(options.Decisions, (in RiskOrder order, in RiskFacts facts, DateTimeOffset now) =>
        {
            var decision = RiskChain.Judge(order, facts, Limits, memory, now);
            memory.Note(order, decision, Limits, now);
            return decision;
        });
        var table = new Table("A decision that passes", "what", "ns", "times the floor", "bytes");
        Add(table, "floor: the same call, and it returns", floor, floor);
        Add(table, "full chain, 33 checks", judged, floor);
        Add(table, "full chain, a hundred orders in the last second, and taking note of it", noted, floor);
        Console.Out.WriteLine(table.Render(options.Markdown));
        cancellation.ThrowIfCancellationRequested();
        Console.Out.WriteLine(Accounts(options));
        var isMet = judged.Nanoseconds <= GoalNanoseconds && noted.Nanoseconds <= GoalNanoseconds && judged.Bytes == 0 && noted.Bytes < 1;
        Console.Out.WriteLine(isMet
            ? "Within the goal of 2 µs and no allocation."
            : "NOT within the goal of 2 µs and no allocation.");
        return BenchmarkRun.Measured;
    }

    private static void Add(Table table, string name, Figure figure, Figure floor) => table.Add(
        name, Text($"{figure.Nanoseconds:F0}"), Text($"{figure.Nanoseconds / floor.Nanoseconds:F1}"), Text($"{figure.Bytes:F2}"));

    private static string Accounts(RiskOptions options)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var memories = new RiskMemory[options.Accounts];
        for (var i = 0; i < memories.Length; i++)
        {
            memories[i] = new RiskMemory();
            foreach (var name in Names)
            {
                memories[i].Note(Order(name, i), RejectReason.None, Limits, Start);
            }
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var least = double.MaxValue;
        var total = options.Accounts * Strategies;
        for (var round = 1; round <= Rounds; round++)
        {
            var now = Start + TimeSpan.FromMinutes(round);
            var facts = Facts(now);
            var passed = 0;
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < memories.Length; i++)
            {
                var price = 100m;
                foreach (var name in Names)
                {
                    price += 0.001m;
                    var order = Order(name, i) with { SignalTime = now, Price = price };
                    var decision = RiskChain.Judge(order, facts, Limits, memories[i], now);
                    memories[i].Note(order, decision, Limits, now);
                    passed += decision == RejectReason.None ? 1 : 0;
                }
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalSeconds);
            if (passed != total)
            {
                throw new BenchmarkException($"{total - passed} of {total} decisions refused.");
            }
        }

        GC.KeepAlive(memories);
        return Text($"""
            {options.Accounts:N0} accounts of {Strategies} strategies: {bytes / 1_048_576.0:F0} MiB of memory of their checks ({(double)bytes / memories.Length:F0} bytes an account),
            {total / least:N0} decisions a second on one thread.

            """);
    }

    private static Figure Measure(int decisions, Decide decide)
    {
        var least = double.MaxValue;
        var bytes = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var now = Start + TimeSpan.FromDays(round);
            var facts = Facts(now);
            var order = Order(Names[0], 0) with { SignalTime = now };
            var passed = 0;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < decisions; i++)
            {
                // Prices differ, so that no order looks like another.
                passed += decide(order with { Price = 100m + (i % 1_000 * 0.001m) }, facts, now + TimeSpan.FromMilliseconds(i * 10)) == RejectReason.None ? 1 : 0;
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalNanoseconds / decisions);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)decisions);
            if (passed != decisions)
            {
                throw new BenchmarkException($"{decisions - passed} of {decisions} decisions were refused.");
            }
        }

        return new Figure(least, bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RejectReason Floor(in RiskOrder order, in RiskFacts facts, RiskMemory memory, DateTimeOffset now) =>
        order.Quantity > 0m && facts.IsReady && now > Start - TimeSpan.FromDays(1) && memory.Flows.Count >= 0
            ? RejectReason.None
            : RejectReason.NotReady;

    private static RiskOrder Order(string strategy, int account) => new()
    {
        Class = OrderClass.Entry,
        Strategy = strategy,
        Symbol = "BTCUSD",
        Tier = 2,
        Side = Side.Buy,
        Quantity = 0.01m + (account % 7 * 0.01m),
        Price = 100m,
        IsOnStep = true,
        Orders = 1,
        OpensPosition = true,
        SignalTime = Start,
        Confidence = 0.5m,
        StopLoss = 90m,
        BuyNotional = 1m,
        SellNotional = 0m,
        OwnNotional = 1m,
        ParentQuantity = 1m,
        ChildQuantity = 0.01m,
    };

    private static RiskFacts Facts(DateTimeOffset now) => new()
    {
        Mode = EngineMode.Running,
        IsReady = true,
        Instrument = InstrumentCatalog.Default.Find("BTCUSD"),
        IsSessionOpen = true,
        Price = new PriceView(99.95m, 100.05m, now, TimeSpan.FromDays(1), AssetClass.Crypto),
        Equity = 100_000m,
        DayStart = 100_000m,
        Peak = 100_000m,
        IsReconciled = true,
        IsVenueUp = true,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private delegate RejectReason Decide(in RiskOrder order, in RiskFacts facts, DateTimeOffset now);

    private readonly record struct Figure(double Nanoseconds, double Bytes);
}
