using System.Net.Sockets;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>The edge every benchmark runs inside: turns its end, good or bad, into an exit status.</summary>
internal static class BenchmarkRun
{
    public const int Measured = 0;
    public const int OrdersWrong = 1;
    public const int CouldNotMeasure = 2;
    public const int Interrupted = 130;

    public static async Task<int> GuardAsync(Func<CancellationToken, Task<int>> benchmark, CancellationToken cancellation)
    {
        try
        {
            return await benchmark(cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Whatever it is, the interruption caused it: a terminal's Ctrl+C reaches Redis and the silo as well.
            await Console.Error.WriteLineAsync("Interrupted: children ended, temporary directories removed.");
            return Interrupted;
        }
        catch (Exception error) when (error is BenchmarkException or IOException or RespException or SocketException)
        {
            await Console.Error.WriteLineAsync($"Could not measure: {error.Message}");
            return CouldNotMeasure;
        }
    }
}
