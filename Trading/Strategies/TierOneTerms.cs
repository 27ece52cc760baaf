using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Strategies;

/// <summary>How a strategy's arbitrage groups and quotes are handled.</summary>
public sealed record TierOneTerms
{
    /// <summary>Lots held at most, as a multiple of the quoted quantity, where no limit is set.</summary>
    public const decimal DefaultInventory = 5m;

    /// <summary>The defaults.</summary>
    public static TierOneTerms Default { get; } = new();

    /// <summary>How long all legs of a group may take to fill before it is flattened; positive, default 2 s.</summary>
    public TimeSpan GroupTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A quote older than this is cancelled; positive, default 5 s.</summary>
    public TimeSpan QuoteAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most lots held, long or short; positive. Null: five times the quoted quantity.</summary>
    public decimal? MaxInventory { get; init; }

    /// <summary>Most notional held, in quote currency; positive. The smaller of both limits counts; null sets none.</summary>
    public decimal? MaxInventoryNotional { get; init; }

    /// <summary>Basis points of the mid price by which quotes move against a full inventory; 0 or more, default 0.</summary>
    public decimal SkewBps { get; init; }

    /// <summary>The terms of one quote.</summary>
    /// <param name="quantity">Quoted lots, the larger side.</param>
    /// <param name="mid">Middle of bid and ask.</param>
    /// <param name="contractSize">Units per lot.</param>
    /// <param name="tickSize">Step of prices.</param>
    public QuoteTerms Quotes(decimal quantity, decimal mid, decimal contractSize, decimal tickSize)
    {
        var lots = MaxInventory ?? DefaultInventory * quantity;
        if (MaxInventoryNotional is { } notional)
        {
            lots = Math.Min(lots, notional / (contractSize * mid));
        }

        return new QuoteTerms(QuoteAge, lots, SkewBps, tickSize);
    }
}
