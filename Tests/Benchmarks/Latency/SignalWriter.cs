using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>
/// Writes the LPUSH, or XADD, of one signal without allocating. Id and timestamp have fixed widths, so everything else of the
/// command is encoded once.
/// </summary>
internal sealed class SignalWriter
{
    private const int IndexDigits = 9;
    private const int TimestampLength = 17;
    private const string IndexMark = "<index>";
    private const string TimeMark = "<time>";

    /// <summary>Symbols that the engine knows, for signals that are spread.</summary>
    public static readonly string[] Symbols = ["BTCUSD", "ETHUSD", "SOLUSD", "XRPUSD", "LTCUSD", "ADAUSD", "DOTUSD", "LINKUSD"];

    private readonly byte[] _head;
    private readonly byte[] _middle;
    private readonly byte[] _tail;
    private readonly long _epochMicroseconds;
    private readonly long _epochStarted;

    /// <param name="key">The list to push to.</param>
    /// <param name="kind">Which signal.</param>
    /// <param name="run">Begins every id: the ids of a run are <c>run-index</c>.</param>
    /// <param name="symbol">Its symbol.</param>
    /// <param name="isStream">Whether the key is a stream.</param>
    public SignalWriter(string key, SignalKind kind, string run, string symbol = "BTCUSD", bool isStream = false)
    {
        var json = Json(kind).Replace("<run>", run, StringComparison.Ordinal)
            .Replace("BTCUSD", symbol, StringComparison.Ordinal);
        var length = Encoding.UTF8.GetByteCount(json)
            - IndexMark.Length + IndexDigits - TimeMark.Length + TimestampLength;
        var name = $"${Encoding.UTF8.GetByteCount(key)}\r\n{key}\r\n";
        var command = (isStream ? $"*5\r\n$4\r\nXADD\r\n{name}$1\r\n*\r\n$4\r\ndata\r\n" : $"*3\r\n$5\r\nLPUSH\r\n{name}")
            + $"${length}\r\n{json}\r\n";
        var index = command.IndexOf(IndexMark, StringComparison.Ordinal);
        var time = command.IndexOf(TimeMark, StringComparison.Ordinal);
        _head = Encoding.UTF8.GetBytes(command[..index]);
        _middle = Encoding.UTF8.GetBytes(command[(index + IndexMark.Length)..time]);
        _tail = Encoding.UTF8.GetBytes(command[(time + TimeMark.Length)..]);
        _epochStarted = Stopwatch.GetTimestamp();
        _epochMicroseconds = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Buffers the signal's LPUSH on <paramref name="connection"/>.</summary>
    public void Write(RespConnection connection, int index)
    {
        Span<byte> number = stackalloc byte[IndexDigits];
        _ = Utf8Formatter.TryFormat(index, number, out _, new('D', IndexDigits));

        // Epoch seconds with six decimals: ten digits before the point until the year 2286.
        var elapsed = Stopwatch.GetElapsedTime(_epochStarted).Ticks / TimeSpan.TicksPerMicrosecond;
        var (seconds, microseconds) = Math.DivRem(_epochMicroseconds + elapsed, 1_000_000);
        Span<byte> time = stackalloc byte[TimestampLength];
        _ = Utf8Formatter.TryFormat(seconds, time, out var digits, new('D', 10));
        time[digits] = (byte)'.';
        _ = Utf8Formatter.TryFormat(microseconds, time[(digits + 1)..], out _, new('D', 6));

        connection.WriteRaw(_head);
        connection.WriteRaw(number);
        connection.WriteRaw(_middle);
        connection.WriteRaw(time);
        connection.WriteRaw(_tail);
    }

    private static string Json(SignalKind kind) => kind switch
    {
        SignalKind.Hft => """
            {"action":"arbitrage","symbol":"BTCUSD","side":"buy","entry_price":50000.0,"quantity":0.01,"confidence":0.9,"signal_id":"<run>-<index>","timestamp":<time>}
            """,
        SignalKind.Fast => """
            {"strategy":"trend_following","action":"buy","symbol":"BTCUSD","entry_price":60000.0,"stop_loss":59400.0,"take_profit":61200.0,"quantity":0.01,"confidence":0.8,"signal_id":"<run>-<index>","timestamp":<time>}
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such signal."),
    };
}
