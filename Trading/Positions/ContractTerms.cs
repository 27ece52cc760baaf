using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Positions;

/// <summary>What a fill is settled in and how. Immutable; thread safe.</summary>
/// <param name="ContractSize">Units per lot, positive.</param>
/// <param name="IsInverse">True where profit is in the base currency: quantity · size · (1/open − 1/close).</param>
/// <param name="MoneyDecimals">Decimals of the settlement currency, to which money is rounded at each fill; 0 to 8.</param>
/// <param name="QuoteCurrency">Currency of prices; null when not known.</param>
/// <param name="BaseCurrency">What is traded; null when not known.</param>
public sealed record ContractTerms(
    decimal ContractSize = 1m, bool IsInverse = false, int MoneyDecimals = CurrencyTable.TokenDecimals,
    string? QuoteCurrency = null, string? BaseCurrency = null)
{
    // Averages are quotients, so what is a half of the last digit may arrive as 0.4999…; the error lies far below these.
    private const int GuardDecimals = 8;

    /// <summary>Currency of profit, loss and commissions: the quote currency, of an inverse contract the base currency.</summary>
    public string? SettlementCurrency => IsInverse ? BaseCurrency : QuoteCurrency;

    /// <summary>Terms with the precision of the currency they settle in.</summary>
    /// <param name="contractSize">Units per lot, positive.</param>
    /// <param name="isInverse">True where profit is in the base currency.</param>
    /// <param name="quoteCurrency">Currency of prices.</param>
    /// <param name="baseCurrency">What is traded; null when not known.</param>
    public static ContractTerms Of(decimal contractSize, bool isInverse, string? quoteCurrency, string? baseCurrency) => new(
        contractSize, isInverse, CurrencyTable.DecimalsOf(isInverse ? baseCurrency : quoteCurrency), quoteCurrency, baseCurrency);

    /// <summary>Terms of an instrument.</summary>
    public static ContractTerms Of(Instrument instrument) =>
        Of(instrument.ContractSize, instrument.IsInverse, instrument.QuoteCurrency, instrument.BaseCurrency);

    /// <summary>
    /// Money of the settlement currency: <paramref name="amount"/> rounded to its last digit, halves to the even one, so
    /// that many fills drift to neither side and a short mirrors a long. The only place where money is rounded.
    /// </summary>
    public decimal Round(decimal amount) => Math.Round(
        Math.Round(amount, MoneyDecimals + GuardDecimals, MidpointRounding.ToEven), MoneyDecimals, MidpointRounding.ToEven);

    /// <summary>
    /// A fill's commission in the settlement currency, not rounded: base currency into quote currency times the fill's
    /// price, quote into base divided by it. Null where there is no rate: it is never taken as if the rate were 1.
    /// </summary>
    /// <param name="commission">Cost in <paramref name="currency"/>; positive costs.</param>
    /// <param name="currency">Its currency in any case; null is the settlement currency.</param>
    /// <param name="price">The fill's price, positive.</param>
    public decimal? CommissionOf(decimal commission, string? currency, decimal price)
    {
        if (commission == 0m || currency is null || Same(currency, SettlementCurrency))
        {
            return commission;
        }

        return !Same(currency, IsInverse ? QuoteCurrency : BaseCurrency) ? null
            : IsInverse ? commission / price
            : commission * price;
    }

    private static bool Same(string currency, string? other) => string.Equals(currency, other, StringComparison.OrdinalIgnoreCase);
}
