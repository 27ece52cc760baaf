using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Interfaces.Engine;

/// <summary>A strategy with its statistics.</summary>
[GenerateSerializer, Immutable, Alias("te.StrategyView")]
public sealed record StrategyView(
    [property: Id(0)] string Account, [property: Id(1)] string Strategy, [property: Id(2)] StrategyStatistics Statistics);

/// <summary>A closed position, by its first instrument.</summary>
[GenerateSerializer, Immutable, Alias("te.TradeView")]
public sealed record TradeView
{
    /// <summary>Position.</summary>
    [Id(0)] public required string PositionId { get; init; }

    /// <summary>Account.</summary>
    [Id(1)] public required string Account { get; init; }

    /// <summary>Strategy.</summary>
    [Id(2)] public required string Strategy { get; init; }

    /// <summary>Instrument.</summary>
    [Id(3)] public required string Symbol { get; init; }

    /// <summary>Direction it was opened in.</summary>
    [Id(4)] public required Side Side { get; init; }

    /// <summary>Lots closed, positive.</summary>
    [Id(5)] public required decimal Quantity { get; init; }

    /// <summary>Average opening price.</summary>
    [Id(6)] public required decimal EntryPrice { get; init; }

    /// <summary>Average closing price.</summary>
    [Id(7)] public required decimal ExitPrice { get; init; }

    /// <summary>Realised P&amp;L, commissions taken off.</summary>
    [Id(8)] public required decimal Pnl { get; init; }

    /// <summary>Commissions; positive costs.</summary>
    [Id(9)] public required decimal Commission { get; init; }

    /// <summary>Why it was closed.</summary>
    [Id(10)] public required string Reason { get; init; }

    /// <summary>First fill, UTC.</summary>
    [Id(11)] public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Flat, UTC.</summary>
    [Id(12)] public required DateTimeOffset ClosedAt { get; init; }
}
