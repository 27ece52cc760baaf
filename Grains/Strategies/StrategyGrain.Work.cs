using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Strategies;

/// <content>What the grain remembers of a signal while it handles it.</content>
public sealed partial class StrategyGrain
{
    /// <summary>One signal on its way through the grain.</summary>
    private sealed class Work(SignalInput input, string positionId)
    {
        public SignalInput Input { get; } = input;

        public Signal Signal => Input.Signal;

        public string PositionId { get; } = positionId;

        public required SignalPlan Plan { get; set; }

        public bool IsReserved { get; set; }

        /// <summary>The engine's own risk decision, as orders carry it.</summary>
        public string Decision { get; set; } = "";

        public bool IsFenceLost { get; set; }

        public bool IsDuplicate { get; init; }

        public bool MeetsOpen { get; init; }

        public SignalOutcome? Outcome { get; set; }

        public ImmutableArray<QueueAck> Acks => Input.Queue is { } queue ? [new QueueAck(queue, Input.EntryId)] : [];
    }
}
