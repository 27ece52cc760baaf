using System.Diagnostics;
using HdrHistogram;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>
/// What the machine itself can do: a bare thread of this process that sleeps to absolute deadlines, one a millisecond, at the
/// same time as the silo.
/// </summary>
internal sealed class BeatFloor
{
    private const long PeriodNanoseconds = 1_000_000;
    private readonly LongHistogram _periods = new(10_000_000_000, 3);
    private readonly Thread _thread;
    private volatile bool _stopped;

    public BeatFloor()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "floor" };
        _thread.Start();
    }

    /// <summary>Ends the beat and gives its periods in nanoseconds.</summary>
    public LongHistogram Stop()
    {
        _stopped = true;
        _thread.Join();
        return _periods;
    }

    private void Run()
    {
        Native.SharpenTimers();
        var ticks = Stopwatch.Frequency * PeriodNanoseconds / 1_000_000_000;
        var next = Stopwatch.GetTimestamp();
        var last = next;
        while (!_stopped)
        {
            next += ticks;
            Native.SleepUntil(next);
            var now = Stopwatch.GetTimestamp();
            _periods.RecordValue(Stopwatch.GetElapsedTime(last, now).Ticks * 100);
            last = now;
        }
    }
}
