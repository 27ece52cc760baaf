using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>Pushes as fast as orders come back: a window of signals always waits, so the other side is never idle.</summary>
internal static class BulkProducer
{
    private const int MostPerSend = 128;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends signals from <paramref name="first"/> up to <paramref name="end"/>; blocks its thread.</summary>
    public static void Run(
        RespConnection connection, SignalWriter[] writers, Tally tally, int first, int end, int window, CancellationToken cancellation)
    {
        for (var next = first; next < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            var free = Math.Min(Math.Min(window - (next - tally.Distinct), MostPerSend), end - next);
            if (free < Math.Min(MostPerSend, end - next))
            {
                cancellation.WaitHandle.WaitOne(Pause);
                continue;
            }

            for (var i = 0; i < free; i++, next++)
            {
                writers[next % writers.Length].Write(connection, next);
            }

            connection.Flush();
            for (var i = 0; i < free; i++)
            {
                connection.SkipReply();
            }
        }
    }
}
