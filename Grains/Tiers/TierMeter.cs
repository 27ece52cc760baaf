using System.Diagnostics;
using HdrHistogram;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>Counts what a tier does. Used in the grain's turns only.</summary>
internal sealed class TierMeter(int tier, string name, TimeSpan period)
{
    private readonly LongHistogram _latency = new(1, Latencies.Highest, 3);
    private readonly LongHistogram _beats = new(1, Latencies.Highest, 3);
    private long _lastBeat;
    private bool _hasFailed;

    public long Cycles { get; private set; }

    public long FailedCycles { get; private set; }

    public long Overruns { get; private set; }

    public long Signals { get; private set; }

    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    public long Duplicates { get; private set; }

    public long DeadLetters { get; private set; }

    /// <summary>Counts a beat; <paramref name="due"/> came due since the last, all but one of them missed.</summary>
    public void Beat(int due)
    {
        var now = Stopwatch.GetTimestamp();
        if (_lastBeat != 0)
        {
            _beats.Add(Stopwatch.GetElapsedTime(_lastBeat, now));
        }

        _lastBeat = now;
        Cycles++;
        Overruns += due - 1;
        if (_hasFailed)
        {
            FailedCycles++;
            _hasFailed = false;
        }
    }

    /// <summary>The cycle in which something failed counts as failed.</summary>
    public void Fail() => _hasFailed = true;

    public void DeadLetter() => DeadLetters++;

    /// <summary>Counts a signal that was taken and asks for no order.</summary>
    public void Take()
    {
        Signals++;
        Accepted++;
    }

    public void Signal(SignalOutcome outcome, long receivedAt)
    {
        if (outcome.Result == SignalResult.Unknown)
        {
            Fail();
            return;
        }

        Signals++;
        Accepted += outcome.Result == SignalResult.Accepted ? 1 : 0;
        Rejected += outcome.Result == SignalResult.Rejected ? 1 : 0;
        Duplicates += outcome.Result == SignalResult.Duplicate ? 1 : 0;
        _latency.Add(Stopwatch.GetElapsedTime(receivedAt));
    }

    public TierStatistics Read() => new()
    {
        Tier = tier,
        Name = name,
        Period = period,
        Cycles = Cycles,
        FailedCycles = FailedCycles,
        Overruns = Overruns,
        Signals = Signals,
        Accepted = Accepted,
        Rejected = Rejected,
        Duplicates = Duplicates,
        DeadLetters = DeadLetters,
        Latency = _latency.Read(),
        BeatPeriod = _beats.Read(),
    };
}
