using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TradingEngine.Tests.Benchmarks.Cadence;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>Opens many positions of one symbol as agents would: signals in, orders out, each answered with its fill.</summary>
internal sealed class HeldPositions(RedisServer redis, SiloProcess silo)
{
    private const string Symbol = "BTCUSD";

    /// <summary>Signals that may wait for their orders, so that neither side waits for long.</summary>
    private const int Window = 2_000;

    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Opens <paramref name="count"/> positions, half long, half short, each with stop and target; returns when all are armed.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"opening {count:N0} positions ...");
        using var connection = redis.Connect();
        var (sent, filled) = (0, 0);
        var began = Stopwatch.GetTimestamp();
        var moved = began;
        while (filled < count)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var room = Math.Min(count - sent, Window - (sent - filled)); room > 0; room--)
            {
                connection.Write("LPUSH", WireKeys.StrategySignals, Signal(sent++));
                connection.Flush();
                connection.SkipReply();
            }

            var taken = Fill(connection);
            filled += taken;
            if (taken > 0)
            {
                moved = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(moved) > StallTimeout)
            {
                throw new BenchmarkException($"After {filled} orders of {sent} signals none came for {StallTimeout.TotalSeconds:0} s.");
            }

            await Task.Delay(1, cancellation);
        }

        await ArmedAsync(silo, count, cancellation);
        await Console.Error.WriteLineAsync($"opened in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
    }

    /// <summary>Shows the symbol a price that reaches no exit.</summary>
    public static void Price(RespConnection connection)
    {
        connection.Write("PUBLISH", "strategy_engine:market_data",
            $$"""{"symbol":"{{Symbol}}","category":"crypto","bid":50000,"ask":50001,"timestamp":{{Now()}}}""");
        connection.Flush();
        connection.SkipReply();
    }

    /// <summary>Waits until so many exits are armed.</summary>
    public static async Task ArmedAsync(SiloProcess silo, int count, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (await ArmedAsync(silo, cancellation) is var armed && armed != count)
        {
            if (Stopwatch.GetElapsedTime(started) > StallTimeout * 2)
            {
                throw new BenchmarkException($"{armed} exits are armed, not {count}.\n{silo.Tail()}");
            }

            await Task.Delay(20, cancellation);
        }
    }

    private static async Task<int> ArmedAsync(SiloProcess silo, CancellationToken cancellation)
    {
        try
        {
            return await TierStatus.ReadArmedAsync(silo.Http, cancellation);
        }
        catch (BenchmarkException)
        {
            // It starts: nothing is known yet.
            return -1;
        }
    }

    private static int Fill(RespConnection connection)
    {
        connection.Write("RPOP", WireKeys.ExecutionOrders, "500");
        connection.Flush();
        var count = connection.ReadArray();
        var fills = new List<string>(Math.Max(count, 0));
        for (var i = 0; i < count; i++)
        {
            if (connection.TryReadBulk(out var bytes))
            {
                fills.Add(FillOf(JsonDocument.Parse(bytes.ToArray()).RootElement));
            }
        }

        foreach (var fill in fills)
        {
            connection.Write("LPUSH", WireKeys.PositionUpdates, fill);
        }

        connection.Flush();
        fills.ForEach(_ => connection.SkipReply());
        return fills.Count;
    }

    private static string FillOf(JsonElement order)
    {
        var id = order.GetProperty("order_id").GetString();
        return $$$"""
            {"position_id":"{{{order.GetProperty("position_id").GetString()}}}","updates":{"order_id":"{{{id}}}","fill_id":"{{{id}}}-1","last_quantity":0.01,"last_price":50000,"commission":0,"status":"filled"}}
            """;
    }

    private static string Signal(int number)
    {
        var (action, stop, target) = number % 2 == 0 ? ("buy", 40_000, 60_000) : ("sell", 60_000, 40_000);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"strategy":"trend_following","action":"{{action}}","symbol":"{{Symbol}}","entry_price":50000,"stop_loss":{{stop + (number % 1000)}},"take_profit":{{target - (number % 1000)}},"quantity":0.01,"confidence":0.8,"signal_id":"held-{{number}}","timestamp":{{Now()}}}
            """);
    }

    private static string Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds
        .ToString("F6", CultureInfo.InvariantCulture);
}
