namespace TradingEngine.Trading.Market;

/// <summary>What one needs to know of a symbol to size, price and cost an order. Immutable; thread safe.</summary>
/// <param name="Symbol">The symbol as its user writes it: case and suffix kept.</param>
/// <param name="AssetClass">Kind of asset; decides sessions.</param>
/// <param name="ContractSize">Units of the base asset in one lot, positive: 1 for crypto, 100,000 for currency pairs.</param>
/// <param name="LotStep">Quantities are multiples of it, in lots; positive.</param>
/// <param name="MinQuantity">Least quantity of an order, in lots; positive.</param>
/// <param name="TickSize">Prices are multiples of it, in quote currency per unit; positive.</param>
/// <param name="QuoteCurrency">Currency of prices, of profit and of loss.</param>
/// <param name="BaseCurrency">What is traded: a currency, a share or an index.</param>
/// <param name="IsInverse">True where profit is paid in the base currency and a contract is worth a fixed quote amount.</param>
/// <param name="PriceDecimals">Decimals to print a price with, 0 to 12.</param>
public sealed record Instrument(
    string Symbol,
    AssetClass AssetClass,
    decimal ContractSize,
    decimal LotStep,
    decimal MinQuantity,
    decimal TickSize,
    string QuoteCurrency,
    string BaseCurrency,
    bool IsInverse = false,
    int PriceDecimals = 2)
{
    /// <summary>Share of its notional that a position binds as margin: 1 is all of it, 0.0333 is thirty times leverage.</summary>
    public decimal MarginRate { get; init; } = 1m;

    /// <summary>Least notional of an order in <see cref="SettlementCurrency"/>; 0 for none.</summary>
    public decimal MinNotional { get; init; }

    /// <summary>Most lots of one order; null where the limits alone decide.</summary>
    public decimal? MaxQuantity { get; init; }

    /// <summary>Currency of profit and loss: the quote currency, of an inverse contract the base currency.</summary>
    public string SettlementCurrency => IsInverse ? BaseCurrency : QuoteCurrency;

    /// <summary>Value of so many lots at a price, in <see cref="SettlementCurrency"/>: not negative.</summary>
    public decimal NotionalOf(decimal lots, decimal price) =>
        IsInverse ? Math.Abs(lots) * ContractSize / price : Math.Abs(lots) * ContractSize * price;

    /// <summary>True where lots are a multiple of the step, and at least the least.</summary>
    public bool IsOnStep(decimal lots) => lots >= MinQuantity && lots % LotStep == 0m;

    /// <summary>True where a price is a multiple of the tick.</summary>
    public bool IsOnTick(decimal price) => price % TickSize == 0m;

    /// <summary>The greatest multiple of <see cref="TickSize"/> that is at most <paramref name="price"/>.</summary>
    public decimal FloorToTick(decimal price) => Plain(Math.Floor(price / TickSize) * TickSize);

    /// <summary>The least multiple of <see cref="TickSize"/> that is at least <paramref name="price"/>.</summary>
    public decimal CeilingToTick(decimal price) => Math.Ceiling(price / TickSize) * TickSize;

    /// <summary>The multiple of <see cref="TickSize"/> nearest to <paramref name="price"/>; halves away from zero.</summary>
    public decimal RoundToTick(decimal price) =>
        Math.Round(price / TickSize, MidpointRounding.AwayFromZero) * TickSize;

    /// <summary>The greatest quantity of whole steps that is at most <paramref name="lots"/>; may be 0.</summary>
    public decimal FloorToStep(decimal lots) => Plain(Math.Floor(lots / LotStep) * LotStep);

    /// <summary>Without the zeros that a multiple of the step has at its end: agents and people read 0.01, not 0.0100.</summary>
    private static decimal Plain(decimal value) => value / 1.0000000000000000000000000000m;
}
