using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Queues;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Silo.Hosting;

/// <summary>The agents' queues under the keys of the wire.</summary>
internal static class QueueCatalog
{
    /// <summary>An agent that takes over HTTP has this long to acknowledge before it, or another, is given a message again.</summary>
    public static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(10);

    /// <summary>Queues that are read in this deployment; orders where the executor is ours, or takes them through the API.</summary>
    public static IReadOnlyList<QueueDefinition> Create(ExecutionKind execution, ImmutableArray<TierDefinition> tiers = default) =>
    [
        Read(StreamNames.HftSignals, QueueKeys.HftSignals),
        Read(StreamNames.FastSignals, QueueKeys.StrategySignals, QueueKeys.FastSignals),
        Read(StreamNames.TacticalSignals, QueueKeys.TacticalSignals),
        Read(StreamNames.Updates, QueueKeys.Updates),
        Read(StreamNames.Commands, QueueKeys.Commands),
        Channel(StreamNames.Market, QueueKeys.Prices) with { SubjectOf = MarketReader.SymbolOf },
        Channel(StreamNames.Warnings, QueueKeys.Warnings),
        Channel(StreamNames.Alerts, QueueKeys.Alerts),
        Out(StreamNames.Orders, QueueKeys.Orders, execution),
        Out(StreamNames.Reconcile, QueueKeys.ReconcileRequests, execution),
        Read(StreamNames.Reconciled, QueueKeys.ReconcileReplies),
        Read(
            StreamNames.TacticalAnswers, QueueKeys.MarketAnalysisReplies, QueueKeys.CoordinationReplies, QueueKeys.RiskAssessmentReplies),
        Read(StreamNames.StrategicAnswers, QueueKeys.OptimizationReplies),
        Read(StreamNames.RiskAnswers, QueueKeys.RiskCheckReplies),
        .. tiers.IsDefault ? [] : tiers.Where(tier => tier.Queue is not null).Select(tier => Read(tier.QueueName, tier.Queue!)),
    ];

    /// <summary>Queues that are Orleans streams: the tiers of the configuration read theirs themselves, at each cycle, and agents theirs over HTTP.</summary>
    public static IReadOnlyList<string> Streams(ExecutionKind execution) =>
        [.. Create(execution == ExecutionKind.Paper ? execution : ExecutionKind.Redis).Where(queue => queue.IsRead).Select(queue => queue.Name)];

    private static QueueDefinition Out(string name, string key, ExecutionKind execution)
    {
        var queue = new QueueDefinition { Name = name, ListKeys = [key], IsRead = execution != ExecutionKind.Redis };
        return execution == ExecutionKind.Http ? queue with { RedeliverAfter = AcknowledgedWithin } : queue;
    }

    private static QueueDefinition Channel(string name, string channel) =>
        new() { Name = name, ListKeys = [], Channel = channel, IsRead = true };

    private static QueueDefinition Read(string name, params string[] keys) =>
        new() { Name = name, ListKeys = keys, IsRead = true };
}
