using System.Collections.Immutable;
using System.Diagnostics;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Diagnostics;

/// <summary>
/// One trace a signal: <c>signal</c> holds <c>queue</c> and <c>tier</c>, and the tier <c>strategy</c> (with <c>account</c> and <c>commit</c>),
/// <c>order</c> and <c>fill</c>. Its context travels in the signal and in its orders, only where it is sampled. Without a listener nothing is made.
/// </summary>
internal static class SignalTrace
{
    private static readonly ActivitySource s_source = EngineTelemetry.Source;

    /// <summary>True while somebody takes traces.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>Begins the trace of a signal that was read; null where it is not traced.</summary>
    public static SignalSpans? Begin(Signal signal, string tier, long receivedAt, long handledAt)
    {
        if (!IsOn)
        {
            return null;
        }

        var parent = ContextOf(signal.TraceParent);
        var received = TimeOf(receivedAt);
        if (Start("signal", ActivityKind.Consumer, parent, received) is not { IsAllDataRequested: true } root)
        {
            return null;
        }

        root.SetTag("signal.id", signal.Id).SetTag("tier", tier).SetTag("strategy", signal.Strategy).SetTag("symbol", signal.Symbol)
            .SetTag("account", signal.Account);
        Emit("queue", root.Context, received, TimeOf(handledAt));
        return new SignalSpans(root, Start("tier", ActivityKind.Internal, root.Context, TimeOf(handledAt))!);
    }

    /// <summary>The signal as it goes on: with the context of its span where it is traced, with the sender's where that one is, else with none.</summary>
    public static Signal Carry(Signal signal, SignalSpans? spans) => spans is not null
        ? signal with { TraceParent = spans.Tier.Id }
        : signal.TraceParent is null || IsSampled(signal.TraceParent) ? signal : signal with { TraceParent = null };

    /// <summary>What a strategy did for a signal. Times are timestamps of <see cref="Stopwatch"/>; 0 where there was no such part.</summary>
    public static void Decided(Signal signal, string positionId, DecisionTimes times)
    {
        if (signal.TraceParent is null || !IsOn || Start("strategy", ActivityKind.Internal, ContextOf(signal.TraceParent), TimeOf(times.Began)) is not { } span)
        {
            return;
        }

        span.SetTag("signal.id", signal.Id).SetTag("position.id", positionId);
        if (times.Reserved > 0)
        {
            Emit("account", span.Context, TimeOf(times.ReserveBegan), TimeOf(times.Reserved), ("account", signal.Account));
        }

        if (times.Written > 0)
        {
            Emit("commit", span.Context, TimeOf(times.WriteBegan), TimeOf(times.Written), ("position.id", positionId));
        }

        End(span, TimeProvider.System.GetUtcNow());
    }

    /// <summary>The orders and fills of a change that was committed.</summary>
    public static void Committed(ImmutableArray<Order> orders, ImmutableArray<TradingFact> facts, PositionState state)
    {
        if (!IsOn || state.Orders is not [{ Order: { TraceParent: { } trace } first }, ..])
        {
            return;
        }

        var (parent, now) = (ContextOf(trace), TimeProvider.System.GetUtcNow());
        foreach (var order in orders)
        {
            Emit("order", parent, now, now, ("order.id", order.OrderId), ("position.id", order.PositionId), ("signal.id", order.SignalId),
                ("symbol", order.Symbol), ("reason", order.Reason));
        }

        foreach (var fact in facts)
        {
            if (fact.Kind == FactKind.OrderFilled)
            {
                Emit("fill", parent, now, now, ("order.id", fact.OrderId), ("position.id", state.Id), ("signal.id", first.SignalId), ("symbol", fact.Symbol));
            }
        }
    }

    /// <summary>Ends the spans of a signal.</summary>
    public static void End(SignalSpans? spans, string result, string? reason, string? positionId)
    {
        if (spans is not null)
        {
            var now = TimeProvider.System.GetUtcNow();
            spans.Root.SetTag("result", result).SetTag("reason", reason).SetTag("position.id", positionId);
            End(spans.Tier, now);
            End(spans.Root, now);
        }
    }

    private static bool IsSampled(string traceParent) => (ContextOf(traceParent).TraceFlags & ActivityTraceFlags.Recorded) != 0;

    private static ActivityContext ContextOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : default;

    private static DateTimeOffset TimeOf(long timestamp) => TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(timestamp);

    private static void Emit(
        string name, ActivityContext parent, DateTimeOffset from, DateTimeOffset to, params ReadOnlySpan<(string Key, string? Value)> tags)
    {
        if (Start(name, ActivityKind.Internal, parent, from) is not { } span)
        {
            return;
        }

        foreach (var (key, value) in tags)
        {
            span.SetTag(key, value);
        }

        End(span, to);
    }

    /// <summary>Many are open at once in the turns of one grain, so none of them becomes the current one.</summary>
    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var span = s_source.StartActivity(name, kind, parent, startTime: at);
        Activity.Current = current;
        return span;
    }

    private static void End(Activity span, DateTimeOffset at)
    {
        var current = Activity.Current;
        span.SetEndTime(at.UtcDateTime > span.StartTimeUtc ? at.UtcDateTime : span.StartTimeUtc);
        span.Stop();
        Activity.Current = current;
    }
}

/// <summary>The open spans of a signal.</summary>
internal sealed record SignalSpans(Activity Root, Activity Tier);

/// <summary>When a strategy did what, as timestamps of <see cref="Stopwatch"/>; 0 where it did not.</summary>
internal readonly record struct DecisionTimes(long Began, long ReserveBegan, long Reserved, long WriteBegan, long Written);
