using System.Collections.Frozen;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Decimals of money by currency: those of ISO 4217 for currencies of states, 8 for every other. Tokens, stable ones
/// too, are settled to 8 decimals by their venues; an unknown code gets 8 as well, since rounding too finely only keeps a
/// digit too many and rounding too coarsely loses money. Pure; thread safe.
/// </summary>
public static class CurrencyTable
{
    /// <summary>Decimals of tokens and of codes that are not known.</summary>
    public const int TokenDecimals = 8;

    private const int UsualDecimals = 2;
    private const int FineDecimals = 3;

    private static readonly FrozenDictionary<string, int> Decimals = Build();

    /// <summary>Decimals of an amount of money in a currency, 0 to 8.</summary>
    /// <param name="currency">Code such as USD or BTC, in any case; null is not known.</param>
    public static int DecimalsOf(string? currency) =>
        currency is null ? TokenDecimals : Decimals.GetValueOrDefault(currency, TokenDecimals);

    private static FrozenDictionary<string, int> Build()
    {
        var table = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        Put("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", 0);
        Put("AED ARS AUD BGN BRL CAD CHF CNH CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR KES KZT MAD MXN MYR NGN NOK "
            + "NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD UYU ZAR", UsualDecimals);
        Put("BHD IQD JOD KWD LYD OMR TND", FineDecimals);
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Put(string codes, int decimals)
        {
            foreach (var code in codes.Split(' '))
            {
                table.Add(code, decimals);
            }
        }
    }
}
