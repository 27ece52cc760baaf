using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Risk;

/// <summary>Everything an entry is judged by.</summary>
public sealed record EntryRequest
{
    /// <summary>The signal.</summary>
    public required Signal Signal { get; init; }

    /// <summary>The instrument; null when not known.</summary>
    public required Instrument? Instrument { get; init; }

    /// <summary>The price.</summary>
    public required PriceView Price { get; init; }

    /// <summary>True while the instrument's session is open.</summary>
    public required bool IsSessionOpen { get; init; }

    /// <summary>Notional bought by the entry's orders, in the instrument's settlement currency.</summary>
    public decimal BuyNotional { get; init; }

    /// <summary>Notional sold by the entry's orders, in the instrument's settlement currency.</summary>
    public decimal SellNotional { get; init; }

    /// <summary>When the first of the sessions it needs ends; null for one that does not end.</summary>
    public DateTimeOffset? SessionEnd { get; init; }

    /// <summary>The orders that the entry sends; at least one.</summary>
    public ImmutableArray<PlannedOrder> Orders { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The instruments that the orders name by index; where empty, all are of <see cref="Instrument"/>.</summary>
    public ImmutableArray<PositionLeg> Legs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What is known of the instruments of its legs beside the first, each once.</summary>
    public ImmutableArray<LegMarket> Markets { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Stop loss of the position; null for none.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Lots that were decided: the signal's, or what sizing made of them; of several legs all together.</summary>
    public decimal ParentQuantity { get; init; }

    /// <summary>True where a position is opened, and none is added to.</summary>
    public bool OpensPosition { get; init; } = true;
}

/// <summary>What is known of an instrument that a leg trades in.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Instrument">The instrument; null when not known.</param>
/// <param name="Price">Its price.</param>
public sealed record LegMarket(string Symbol, Instrument? Instrument, PriceView Price);
