using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Logs a queue's trouble at most once a second per key. Thread-safe.</summary>
internal sealed partial class TroubleLog(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _reported = new(StringComparer.Ordinal);

    public void Report(string key, string problem)
    {
        lock (_gate)
        {
            if (_reported.TryGetValue(key, out var last) && Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(1))
            {
                return;
            }

            _reported[key] = Stopwatch.GetTimestamp();
        }

        LogTrouble(logger, key, problem);
    }

    [LoggerMessage(3101, LogLevel.Warning, "Reading '{Key}' met trouble and goes on trying: {Problem}")]
    private static partial void LogTrouble(ILogger logger, string key, string problem);
}
