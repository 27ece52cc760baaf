using System.Diagnostics;
using HdrHistogram;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>
/// The signals of one run: when each was due, when it was sent, what came back. The producer's thread writes the
/// sends, the consumer's thread the arrivals; Redis lies between the two, and the marks are volatile.
/// </summary>
internal sealed class Flight
{
    private static readonly long LongestNanoseconds = TimeSpan.FromMinutes(5).Ticks * 100;

    private readonly long[] _sent;
    private readonly int[] _arrivals;
    private readonly int _warmup;
    private long _start;
    private int _sentCount;
    private int _distinct;
    private int _highest = -1;

    public Flight(string run, int rate, TimeSpan warmup, TimeSpan measured)
    {
        Run = run;
        Rate = rate;
        _warmup = (int)(rate * warmup.TotalSeconds);
        Count = _warmup + (int)(rate * measured.TotalSeconds);
        _sent = new long[Count];
        _arrivals = new int[Count];
    }

    public string Run { get; }

    public int Rate { get; }

    public int Count { get; }

    /// <summary>Signals of which an order has come.</summary>
    public int Distinct => Volatile.Read(ref _distinct);

    /// <summary>Signals sent of which none has come yet.</summary>
    public int Waiting => Volatile.Read(ref _sentCount) - Distinct;

    /// <summary>Orders beyond the first of a signal.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Orders that came after one of a later signal.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Orders that name no signal of this run, or cannot be read.</summary>
    public int Foreign { get; private set; }

    /// <summary>Nanoseconds from the send to the order.</summary>
    public LongHistogram FromSend { get; } = new(LongestNanoseconds, 3);

    /// <summary>Nanoseconds from the instant the send was due.</summary>
    public LongHistogram FromPlan { get; } = new(LongestNanoseconds, 3);

    /// <summary>The rate the producer reached over the whole run, signals per second.</summary>
    public double SentRate => Count < 2 ? Rate
        : (Count - 1) / Stopwatch.GetElapsedTime(_sent[0], _sent[Count - 1]).TotalSeconds;

    /// <summary>The first signal is due a moment later, when producer and consumer are at their posts.</summary>
    public void Begin() => _start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 20;

    /// <summary>When the signal is due, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long Due(int index) => _start + index * Stopwatch.Frequency / Rate;

    public void MarkSent(int index, long now)
    {
        Volatile.Write(ref _sent[index], now);
        Volatile.Write(ref _sentCount, index + 1);
    }

    public void MarkArrived(int index, long now)
    {
        if ((uint)index >= (uint)Count)
        {
            MarkForeign();
            return;
        }
        if (++_arrivals[index] > 1)
        {
            Duplicates++;
            return;
        }
        if (index < _highest)
        {
            OutOfOrder++;
        }
        _highest = Math.Max(_highest, index);
        Volatile.Write(ref _distinct, _distinct + 1);
        if (index >= _warmup)
        {
            Record(FromSend, Volatile.Read(ref _sent[index]), now);
            Record(FromPlan, Due(index), now);
        }
    }

    public void MarkForeign() => Foreign++;

    private static void Record(LongHistogram histogram, long from, long to) =>
        histogram.RecordValue(Math.Clamp(Stopwatch.GetElapsedTime(from, to).Ticks * 100, 0, LongestNanoseconds));
}
