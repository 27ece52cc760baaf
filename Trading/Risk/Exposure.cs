namespace TradingEngine.Trading.Risk;

/// <summary>An account's worst-case exposure in its currency, orders in flight included.</summary>
/// <param name="Symbol">Worst case of the symbol asked for: the greater of its long and its short side.</param>
/// <param name="Long">All long notional, working buys included.</param>
/// <param name="Short">All short notional, working sells included.</param>
public readonly record struct Exposure(decimal Symbol, decimal Long, decimal Short)
{
    /// <summary>True where the symbol is in a group.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>Gross notional of the symbol's group.</summary>
    public decimal Group { get; init; }

    /// <summary>Gross notional by signals of the order's tier.</summary>
    public decimal Tier { get; init; }

    /// <summary>Margin that is bound.</summary>
    public decimal Margin { get; init; }
}
