using System.Diagnostics;
using System.Diagnostics.Metrics;
using HdrHistogram;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Tiers;

/// <summary>Counts what a tier does. Written in the grain's turns only; counts may be read at any time.</summary>
internal sealed class TierMeter(int tier, string name, TimeSpan period)
{
    private static readonly Histogram<double> s_durations = EngineTelemetry.Meter.CreateHistogram(
        "tradingengine.signal.duration", "s", "Time from a signal's arrival in the silo to its answer, by tier.", advice: EngineTelemetry.Durations);

    private static readonly Histogram<double> s_periods = EngineTelemetry.Meter.CreateHistogram(
        "tradingengine.tier.beat.period", "s", "Time between the beats of a tier.", advice: EngineTelemetry.Durations);

    private readonly KeyValuePair<string, object?> _tag = new("tier", name);
    private readonly long[] _refusals = new long[(int)Enum.GetValues<RejectReason>().Max() + 1];
    private readonly LongHistogram _latency = new(1, Latencies.Highest, 3);
    private readonly LongHistogram _beats = new(1, Latencies.Highest, 3);
    private long _lastBeat;
    private bool _hasFailed;

    /// <summary>Name of the tier.</summary>
    public string Name => name;

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
            var elapsed = Stopwatch.GetElapsedTime(_lastBeat, now);
            _beats.Add(elapsed);
            s_periods.Record(elapsed.TotalSeconds, _tag);
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
        var elapsed = Stopwatch.GetElapsedTime(receivedAt);
        _latency.Add(elapsed);
        s_durations.Record(elapsed.TotalSeconds, _tag);
        if (outcome.Result == SignalResult.Rejected)
        {
            _refusals[(int)outcome.Reason]++;
        }
    }

    /// <summary>Signals refused with a code.</summary>
    public long RefusedWith(RejectReason reason) => _refusals[(int)reason];

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
