namespace TradingEngine.Trading.Market;

/// <summary>Tells pairs by their two halves: currencies, metals, crypto and stable tokens.</summary>
internal static class PairPattern
{
    internal const decimal CryptoLotStep = 0.0001m;

    /// <summary>The instrument of an upper-case name without separators, or null when a half is not known.</summary>
    internal static Instrument? Find(string name)
    {
        for (var cut = name.Length - 2; cut >= 2; cut--)
        {
            if (OfHalves(name, name[..cut], name[cut..]) is { } instrument)
            {
                return instrument;
            }
        }

        return null;
    }

    /// <summary>The known currency or stable token a symbol ends with, or null.</summary>
    internal static string? QuoteOf(string symbol)
    {
        var name = symbol.ToUpperInvariant();
        return InstrumentTables.Stable.Concat(InstrumentTables.Fiat)
            .FirstOrDefault(code => name.Length > code.Length && name.EndsWith(code, StringComparison.Ordinal));
    }

    private static Instrument? OfHalves(string name, string baseName, string quote)
    {
        var isFiatQuote = InstrumentTables.Fiat.Contains(quote);
        if (isFiatQuote && InstrumentTables.Fiat.Contains(baseName))
        {
            var decimals = InstrumentTables.LowValueFiat.Contains(quote) ? 3 : 5;
            return baseName == quote ? null : InstrumentCatalog.Make(
                name, AssetClass.Forex, InstrumentTables.ForexLot, 0.01m, quote, baseName, decimals);
        }

        if (isFiatQuote && InstrumentTables.Metals.TryGetValue(baseName, out var metal))
        {
            return InstrumentCatalog.Make(
                name, AssetClass.Forex, metal.Contract, 0.01m, quote, baseName, metal.Decimals);
        }

        var isCryptoBase = InstrumentTables.CryptoDecimals.TryGetValue(baseName, out var priceDecimals);
        if (isFiatQuote || InstrumentTables.Stable.Contains(quote))
        {
            // A stable token against a currency or another token trades near 1: five decimals.
            var known = isCryptoBase || InstrumentTables.Stable.Contains(baseName);
            return !known || baseName == quote ? null : InstrumentCatalog.Make(
                name, AssetClass.Crypto, 1m, CryptoLotStep, quote, baseName, isCryptoBase ? priceDecimals : 5);
        }

        return isCryptoBase && baseName != quote && InstrumentTables.CryptoDecimals.ContainsKey(quote)
            ? InstrumentCatalog.Make(name, AssetClass.CryptoCross, 1m, CryptoLotStep, quote, baseName, 8)
            : null;
    }
}
