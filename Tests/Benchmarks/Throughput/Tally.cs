using System.Diagnostics;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>
/// What came of the signals of one run. The consumer's thread writes, the producer's and the run's read: the counts they
/// read are volatile.
/// </summary>
internal sealed class Tally(string run, int warmup, int measured)
{
    private readonly bool[] _seen = new bool[warmup + measured];
    private int _distinct;
    private long _lastAt;

    /// <summary>Begins every id: the ids of a run are <c>run-index</c>.</summary>
    public string Run { get; } = run;

    /// <summary>Signals that are sent first and not measured.</summary>
    public int Warmup { get; } = warmup;

    /// <summary>All signals.</summary>
    public int Count { get; } = warmup + measured;

    /// <summary>Signals of which an order has come.</summary>
    public int Distinct => Volatile.Read(ref _distinct);

    /// <summary>Signals of which none has come.</summary>
    public int Missing => Count - Distinct;

    /// <summary>Orders beyond the first of a signal.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Orders that name no signal of this run.</summary>
    public int Foreign { get; private set; }

    /// <summary>Timestamp of the last order.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>Counts an order; false when it is no first one.</summary>
    public bool Mark(int index, long now)
    {
        if ((uint)index >= (uint)Count)
        {
            Foreign++;
            return false;
        }

        if (_seen[index])
        {
            Duplicates++;
            return false;
        }

        _seen[index] = true;
        Volatile.Write(ref _lastAt, now);
        Volatile.Write(ref _distinct, _distinct + 1);
        return true;
    }

    /// <summary>A timestamp, for <see cref="Mark"/>.</summary>
    public static long Now => Stopwatch.GetTimestamp();
}
