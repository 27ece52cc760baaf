using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Positions;

/// <summary>What others need to know of a position that is not over: written with it, in the index of its symbol.</summary>
public sealed record PositionIndexEntry
{
    /// <summary>Position.</summary>
    public required string Id { get; init; }

    /// <summary>Account.</summary>
    public required string Account { get; init; }

    /// <summary>Strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>Family of the strategy.</summary>
    public required StrategyKind Kind { get; init; }

    /// <summary>Instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Direction.</summary>
    public required Side Side { get; init; }

    /// <summary>Where it stands.</summary>
    public required PositionPhase Phase { get; init; }

    /// <summary>Signed lots held of that symbol.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Average open price.</summary>
    public required decimal AverageOpen { get; init; }

    /// <summary>Units per lot.</summary>
    public required decimal ContractSize { get; init; }

    /// <summary>True where profit is in the base currency.</summary>
    public bool IsInverse { get; init; }

    /// <summary>Currency of profit and loss; null when not known.</summary>
    public string? SettlementCurrency { get; init; }

    /// <summary>Version of the position's record that this was written with: a later change has a greater one.</summary>
    public long Version { get; init; }

    /// <summary>Orders whose outcome is unknown.</summary>
    public int UnknownOrders { get; init; }

    /// <summary>Stop loss.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Take profit.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>How it is to be left; null when <see cref="StopLoss"/> and <see cref="TakeProfit"/> say it all.</summary>
    public ExitPlan? Exits { get; init; }

    /// <summary>When it first traded; null before.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When <see cref="PositionLifecycle.Tick"/> may next have something to do; null when time changes nothing.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The entry of a leg of a position.</summary>
    public static PositionIndexEntry Of(PositionState state, PositionLeg leg, TimeSpan unanswered, long version = 0) => new()
    {
        Id = state.Id,
        Account = state.Account,
        Strategy = state.Strategy,
        Kind = state.Kind,
        Symbol = leg.Symbol,
        Side = leg.Ledger.Quantity > 0m ? Side.Buy : leg.Ledger.Quantity < 0m ? Side.Sell : state.Side,
        Phase = state.Phase,
        Quantity = leg.Ledger.Quantity,
        AverageOpen = leg.Ledger.AverageOpen,
        ContractSize = leg.Terms.ContractSize,
        IsInverse = leg.Terms.IsInverse,
        SettlementCurrency = leg.Terms.SettlementCurrency,
        Version = version,
        UnknownOrders = state.Orders.Count(order => order.Status == OrderStatus.Unknown),
        // Levels are prices of the first instrument; on another leg's scale they mean nothing.
        StopLoss = leg.Symbol == state.Symbol ? state.Exits.StopLoss : null,
        TakeProfit = leg.Symbol == state.Symbol ? state.Exits.TakeProfit : null,
        Exits = state.Exits.IsPlain || leg.Symbol != state.Symbol ? null : state.Exits,
        OpenedAt = state.OpenedAt,
        CreatedAt = state.CreatedAt,
        Deadline = PositionLifecycle.NextDeadline(state, unanswered),
    };
}
