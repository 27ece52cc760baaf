using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits;

/// <summary>A position as the exit book sees it.</summary>
/// <param name="PositionId">Position.</param>
/// <param name="Side">Long or short.</param>
/// <param name="Plan">How it is to be left.</param>
/// <param name="AverageOpen">Average open price: where a trailing stop begins and what break-even means.</param>
/// <param name="OpenedAt">When it first traded, by the engine's clock.</param>
/// <param name="SessionEnd">When it is to be left if the plan says end of session; null when the session has no end.</param>
public sealed record ArmedExit(
    string PositionId, Side Side, ExitPlan Plan, decimal AverageOpen = 0m, DateTimeOffset OpenedAt = default,
    DateTimeOffset? SessionEnd = null);

/// <summary>An exit whose price or time was reached.</summary>
/// <param name="PositionId">Position to close.</param>
/// <param name="Reason">One of <see cref="ExitReasons"/>, or a rule's own.</param>
/// <param name="Price">Price it is expected to trade at: the level, or the price that jumped over it.</param>
public readonly record struct TriggeredExit(string PositionId, string Reason, decimal Price);

/// <summary>Why a position is left, where no <see cref="Rules.IExitRule"/> says it.</summary>
public static class ExitReasons
{
    /// <summary>The stop was reached.</summary>
    public const string StopLoss = "stop_loss";

    /// <summary>The target was reached.</summary>
    public const string TakeProfit = "take_profit";

    /// <summary>The trailing stop was reached.</summary>
    public const string TrailingStop = "trailing_stop";

    /// <summary>The stop was reached after it had moved to the average open price.</summary>
    public const string BreakEven = "break_even";

    /// <summary>The position became too old.</summary>
    public const string TimeStop = "time_stop";

    /// <summary>The market's session is about to end.</summary>
    public const string EndOfSession = "end_of_session";
}
