using System.Diagnostics;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Pushes each signal at its planned instant, however late the answers are.</summary>
internal static class OpenLoopProducer
{
    private const int MostPerSend = 64;
    private const int RepliesBetweenReads = 256;

    /// <summary>Sends the whole flight; blocks its thread, which should be its own.</summary>
    public static void Run(RespConnection connection, SignalWriter writer, Flight flight, CancellationToken cancellation)
    {
        Native.SharpenTimers();
        var replies = 0;
        for (var next = 0; next < flight.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            Native.SleepUntil(flight.Due(next));
            var now = Stopwatch.GetTimestamp();

            // After a delay everything that became due goes at once, as it would from independent senders.
            for (var batch = 0; batch < MostPerSend && next < flight.Count && flight.Due(next) <= now; batch++, next++)
            {
                writer.Write(connection, next);
                flight.MarkSent(next, now);
                replies++;
            }
            connection.Flush();
            if (replies >= RepliesBetweenReads)
            {
                replies = ReadArrived(connection, replies);
            }
        }
        for (; replies > 0; replies--)
        {
            connection.SkipReply();
        }
    }

    private static int ReadArrived(RespConnection connection, int replies)
    {
        // The answers only tell of errors: they are read rarely, and never waited for while signals are due.
        while (replies > 0 && connection.HasInput)
        {
            connection.SkipReply();
            replies--;
        }
        return replies;
    }
}
