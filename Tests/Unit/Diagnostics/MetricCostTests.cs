using System.Diagnostics;
using System.Diagnostics.Metrics;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Diagnostics;

/// <summary>What metrics and traces cost a signal: nothing that has to be collected, also while somebody listens to the metrics.</summary>
public sealed class MetricCostTests : IDisposable
{
    private const int Signals = 10_000;

    private readonly MeterListener _listener = new();
    private double _seen;

    public MetricCostTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineTelemetry.Name && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _seen += value);
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _seen += value);
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Counting_a_signal_allocates_nothing()
    {
        var tier = new TierMeter(2, "fast", TimeSpan.FromSeconds(0.1));
        var hops = new HopMeter();
        var facts = new FactHub();
        var refused = new SignalOutcome(SignalResult.Rejected, RejectReason.ExpiredSignal, null);
        var began = Stopwatch.GetTimestamp();
        System.Collections.Immutable.ImmutableArray<TradingFact> committed = [new TradingFact { Kind = FactKind.OrderSent, Time = Given.Now }];
        void Count()
        {
            tier.Signal(refused, began);
            hops.End(Hop.Write, began);
            facts.Publish(committed);
            StoreMetrics.Written(began, 3);
        }

        // What is made once is made before.
        Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Signals; i++)
        {
            Count();
        }

        AssertNothingASignal(GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_seen > 3 * Signals);
        Assert.Equal(Signals + 1, tier.RefusedWith(RejectReason.ExpiredSignal));
        Assert.Equal(Signals + 1, facts.CountOf(FactKind.OrderSent));
    }

    [Fact]
    public void Signal_that_is_not_traced_costs_its_trace_nothing()
    {
        var signal = Given.Signal();
        SignalTrace.Carry(signal, SignalTrace.Begin(signal, "fast", 1, 2));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Signals; i++)
        {
            var spans = SignalTrace.Begin(signal, "fast", 1, 2);
            Assert.Same(signal, SignalTrace.Carry(signal, spans));
        }

        AssertNothingASignal(GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // A histogram grows with the values it meets, and the runtime makes an object while it compiles the loop again: a few times, and not a byte
    // for each signal, where the smallest object has 24.
    private static void AssertNothingASignal(long allocated) => Assert.InRange(allocated, 0, Signals - 1);
}
