using System.Collections.Immutable;
using Orleans.Concurrency;
using TradingEngine.Trading.Reconciliation;

namespace TradingEngine.Grains.Interfaces.Reconciliation;

/// <summary>Asks the execution agent what became of orders and what it holds, and acts on the answer. Keyed by partition.</summary>
[GrainInterfaceType("te.reconciliation"), Alias("te.IReconciliationGrain")]
public interface IReconciliationGrain : IGrainWithStringKey
{
    /// <summary>Wakes it and lets it do what it does each second: ask, if it is time to.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>How the engine and the agent agree.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetView")]
    Task<ReconciliationView> GetViewAsync();
}

/// <summary>How the engine and the execution agent agree.</summary>
[GenerateSerializer, Immutable, Alias("te.ReconciliationView")]
public sealed record ReconciliationView
{
    /// <summary>Nothing asked yet.</summary>
    public static ReconciliationView None { get; } = new();

    /// <summary>True when the agent says that it answers.</summary>
    [Id(0)] public bool IsOffered { get; init; }

    /// <summary>When it was last asked; null for never.</summary>
    [Id(1)] public DateTimeOffset? AskedAt { get; init; }

    /// <summary>When it last answered; null for never.</summary>
    [Id(2)] public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Orders of its last answer that it never received.</summary>
    [Id(3)] public ImmutableArray<string> NotFound { get; init; } = [];

    /// <summary>Differences that showed twice in a row; their symbols take no entries.</summary>
    [Id(4)] public ImmutableArray<PositionBreak> Breaks { get; init; } = [];
}
