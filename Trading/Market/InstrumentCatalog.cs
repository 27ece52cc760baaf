using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Knows the instrument behind a symbol: what was given to it, else the built-in tables, else what the symbol's pattern
/// says (two known currencies). A symbol it cannot tell is unknown, and an unknown instrument is not traded. Immutable;
/// thread safe.
/// </summary>
public sealed partial class InstrumentCatalog
{
    /// <summary>Most symbols beyond the built-in ones; declarations past it are not taken.</summary>
    public const int MaxDeclared = 10_000;

    private static readonly ImmutableArray<AssetClass> s_pairs =
        [AssetClass.Crypto, AssetClass.CryptoCross, AssetClass.Forex];

    private readonly ImmutableDictionary<string, Instrument> _declared;

    // What was found once is found again: every signal asks several times. It only saves work.
    private readonly ConcurrentDictionary<string, Instrument> _found = new(StringComparer.Ordinal);

    private InstrumentCatalog(ImmutableDictionary<string, Instrument> declared) => _declared = declared;

    /// <summary>The built-in tables and patterns alone.</summary>
    public static InstrumentCatalog Default { get; } =
        new(ImmutableDictionary.Create<string, Instrument>(StringComparer.OrdinalIgnoreCase));

    /// <summary>What it knows beyond the built-in tables and patterns, by symbol in any case.</summary>
    public ImmutableDictionary<string, Instrument> Declared => _declared;

    /// <summary>True for 1 to 32 characters of letters, digits and <c>. _ / # + -</c>.</summary>
    public static bool IsSymbol([NotNullWhen(true)] string? symbol) => symbol is not null && SymbolPattern().IsMatch(symbol);

    /// <summary>
    /// Finds an instrument in any case, with or without a separator (<c>BTC/USD</c>) and with or without a broker's suffix
    /// (<c>BTCUSDm</c>, <c>EURUSD.pro</c>, <c>US30_i</c>, <c>AAPL#</c>).
    /// </summary>
    /// <param name="symbol">The symbol; anything is allowed and what is no symbol is not found.</param>
    /// <param name="instrument">The instrument, its symbol written as <paramref name="symbol"/>.</param>
    public bool TryFind(string symbol, [NotNullWhen(true)] out Instrument? instrument)
    {
        if (symbol is not null && _found.TryGetValue(symbol, out instrument))
        {
            return true;
        }

        instrument = null;
        if (!IsSymbol(symbol))
        {
            return false;
        }

        foreach (var core in SymbolCores.Of(symbol))
        {
            var found = _declared.GetValueOrDefault(core) ?? BuiltIn(core);
            if (found is not null)
            {
                instrument = found with { Symbol = symbol };
                if (_found.Count < MaxDeclared)
                {
                    _found[symbol] = instrument;
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>The instrument of a symbol, or null when it is unknown.</summary>
    public Instrument? Find(string symbol) => TryFind(symbol, out var instrument) ? instrument : null;

    /// <summary>
    /// A catalog that also knows a symbol a feed named with its category, with the category's usual contract. What the
    /// catalog knows already stays as it is; a declaration that is no symbol, of <see cref="AssetClass.Unknown"/> or
    /// past <see cref="MaxDeclared"/> changes nothing.
    /// </summary>
    public InstrumentCatalog WithDeclared(string symbol, AssetClass assetClass) =>
        TryFind(symbol, out _) || !IsSymbol(symbol) || assetClass == AssetClass.Unknown || _declared.Count >= MaxDeclared
            ? this
            : new(_declared.Add(symbol, DefaultOf(symbol, assetClass)));

    /// <summary>A catalog in which this instrument replaces whatever was known of its symbol.</summary>
    /// <exception cref="ArgumentException">The instrument's symbol is none, or there are too many.</exception>
    public InstrumentCatalog With(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (!IsSymbol(instrument.Symbol) || _declared.Count >= MaxDeclared)
        {
            throw new ArgumentException($"cannot take the instrument '{instrument.Symbol}'", nameof(instrument));
        }

        return new(_declared.SetItem(instrument.Symbol, instrument));
    }

    private static Instrument? BuiltIn(string core)
    {
        var name = InstrumentTables.Aliases.GetValueOrDefault(core, core);
        if (InstrumentTables.Indices.TryGetValue(name, out var index))
        {
            return Make(name, AssetClass.Indices, 1m, 0.01m, index.Quote, name, index.Decimals);
        }

        if (InstrumentTables.Energies.TryGetValue(name, out var energy))
        {
            return Make(name, AssetClass.Energy, energy.Contract, 0.01m, "USD", name, energy.Decimals);
        }

        return InstrumentTables.Stocks.Contains(name)
            ? Make(name, AssetClass.Stocks, 1m, 0.01m, "USD", name, 2)
            : PairPattern.Find(name);
    }

    private static Instrument DefaultOf(string symbol, AssetClass assetClass) => assetClass switch
    {
        _ when s_pairs.Contains(assetClass) => Make(
            symbol,
            assetClass,
            assetClass == AssetClass.Forex ? InstrumentTables.ForexLot : 1m,
            assetClass == AssetClass.Forex ? 0.01m : PairPattern.CryptoLotStep,
            PairPattern.QuoteOf(symbol) ?? "USD",
            symbol,
            assetClass == AssetClass.CryptoCross ? 8 : 5),
        AssetClass.Energy => Make(symbol, assetClass, 1_000m, 0.01m, "USD", symbol, 3),
        _ => Make(symbol, assetClass, 1m, 0.01m, PairPattern.QuoteOf(symbol) ?? "USD", symbol, 2),
    };

    internal static Instrument Make(
        string symbol, AssetClass assetClass, decimal contract, decimal step, string quote, string baseName, int decimals) =>
        new(symbol, assetClass, contract, step, step, TickOf(decimals), quote, baseName, false, decimals)
        {
            MarginRate = InstrumentTables.MarginOf(assetClass),
        };

    private static decimal TickOf(int decimals) =>
        decimal.Parse("1e-" + decimals.ToString(CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z0-9._/#+-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SymbolPattern();
}
