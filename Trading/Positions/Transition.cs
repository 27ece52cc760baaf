using System.Collections.Immutable;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>What a decision comes to: the new state, the orders to send with it, and what it says happened.</summary>
/// <param name="State">The state to commit.</param>
/// <param name="Orders">Orders to send in the same commit.</param>
/// <param name="Facts">What happened.</param>
public sealed record Transition(
    PositionState State, ImmutableArray<Order> Orders, ImmutableArray<TradingFact> Facts)
{
    /// <summary>False when the state is as it was: there is nothing to commit.</summary>
    public bool HasChanged { get; init; }
}

/// <summary>How an execution report was taken.</summary>
public enum ReportOutcome
{
    /// <summary>It changed the position.</summary>
    Applied = 1,

    /// <summary>It was counted before, or says nothing new.</summary>
    Duplicate = 2,

    /// <summary>The position has no such order.</summary>
    Unmatched = 3,
}
