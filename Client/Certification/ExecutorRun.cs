using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Certification;

/// <summary>A question for reconciliation and what was answered.</summary>
/// <param name="Answer">The answer; null when none came, or none that can be read.</param>
/// <param name="Fault">What is wrong with it where it is null.</param>
internal sealed record Reconciled(ReconcileAnswer? Answer, string? Fault);

/// <summary>What was sent to an execution agent, in the parts that rules look at, and what came back.</summary>
internal sealed class ExecutorRun
{
    /// <summary>All reports.</summary>
    public ReportBook Reports { get; } = new();

    /// <summary>Openings and closes, each sent once.</summary>
    public ImmutableArray<Order> Plain { get; set; } = [];

    /// <summary>Orders sent twice.</summary>
    public ImmutableArray<Order> Twice { get; set; } = [];

    /// <summary>An order of no lots.</summary>
    public Order? Empty { get; set; }

    /// <summary>An order in a symbol that nobody knows.</summary>
    public Order? Strange { get; set; }

    /// <summary>The cancel of an order that was never sent.</summary>
    public Order? CancelOfNothing { get; set; }

    /// <summary>An order that was done when its cancel came.</summary>
    public Order? Done { get; set; }

    /// <summary>The cancel of <see cref="Done"/>.</summary>
    public Order? CancelOfDone { get; set; }

    /// <summary>Orders with a cancel right behind them.</summary>
    public ImmutableArray<(Order Order, Order Cancel)> Races { get; set; } = [];

    /// <summary>Orders in flight while connections were cut.</summary>
    public ImmutableArray<Order> Cut { get; set; } = [];

    /// <summary>Orders in flight while the agent was restarted.</summary>
    public ImmutableArray<Order> Restarted { get; set; } = [];

    /// <summary>Those of them that were sent again after it.</summary>
    public ImmutableArray<Order> RestartedTwice { get; set; } = [];

    /// <summary>True where the agent says that it answers reconcile requests.</summary>
    public bool OffersReconcile { get; set; }

    /// <summary>Orders asked for at the end, and ids of orders that were never sent.</summary>
    public ImmutableArray<Order> Asked { get; set; } = [];

    /// <summary>Id of an order that was never sent.</summary>
    public string NeverSent { get; set; } = "";

    /// <summary>The answer before the first order; null where not asked.</summary>
    public Reconciled? Before { get; set; }

    /// <summary>The answer after the last.</summary>
    public Reconciled? After { get; set; }

    /// <summary>Every order that may trade, once.</summary>
    public IEnumerable<Order> Trading => Plain.Concat(Twice).Concat(Races.Select(race => race.Order)).Concat(Cut).Concat(Restarted)
        .Concat(new[] { Empty, Strange, Done }.OfType<Order>());
}
