using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Portfolio;

/// <summary>Where the valuation of an account finds what it needs.</summary>
/// <param name="InstrumentOf">The instrument of a symbol; null when not known.</param>
/// <param name="PriceOf">The last price of a symbol; null when none is known.</param>
/// <param name="RateOf">Units of the account's currency for one of another; null where there is no fresh rate.</param>
/// <param name="GroupOf">The group of a symbol; null for none.</param>
public sealed record ValuationSources(
    Func<string, Instrument?> InstrumentOf, Func<string, PriceView?> PriceOf, Func<string, decimal?> RateOf,
    Func<string, Instrument?, string?> GroupOf);

/// <summary>
/// What an account is worth and exposed to, in its currency. Holdings are valued at the last price, however old; exposure
/// is at the price it was opened for. Where anything cannot be valued, there is no equity: nothing is taken as worth
/// nothing, or as if its rate were 1.
/// </summary>
public sealed record AccountValue
{
    private const int MostTiers = 10;

    private readonly decimal[] _tiers = new decimal[MostTiers];
    private readonly Dictionary<string, (decimal Long, decimal Short)> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _groups = new(StringComparer.Ordinal);

    private AccountValue()
    {
    }

    /// <summary>Nothing known and nothing held.</summary>
    public static AccountValue Unknown { get; } = new();

    /// <summary>Starting equity, realised and open P&amp;L; null where something cannot be valued.</summary>
    public decimal? Equity { get; private init; }

    /// <summary>Realised P&amp;L as far as it can be valued, commissions taken off.</summary>
    public decimal Realized { get; private init; }

    /// <summary>Open P&amp;L as far as it can be valued.</summary>
    public decimal Unrealized { get; private init; }

    /// <summary>Long exposure as far as it can be valued, working buys included.</summary>
    public decimal Long { get; private init; }

    /// <summary>Short exposure as far as it can be valued, working sells included.</summary>
    public decimal Short { get; private init; }

    /// <summary>Margin that is bound.</summary>
    public decimal Margin { get; private init; }

    /// <summary>Currencies without a rate and symbols without a price or an instrument, each once, in their order.</summary>
    public ImmutableArray<string> Missing { get; private init; } = [];

    /// <summary>Values an account.</summary>
    public static AccountValue Of(ExposureBook book, AccountTerms terms, ValuationSources sources)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var value = new AccountValue();
        decimal unrealized = 0m, longs = 0m, shorts = 0m, margin = 0m, realized = 0m;
        foreach (var (currency, amount) in book.Realized)
        {
            realized += Worth(amount, currency.Length == 0 ? terms.Currency : currency, terms, sources, missing);
        }

        foreach (var (symbol, held) in book.Symbols)
        {
            if (sources.InstrumentOf(symbol) is not { } instrument)
            {
                missing.Add(symbol);
                continue;
            }

            var @long = Worth(held.Long, instrument.SettlementCurrency, terms, sources, missing);
            var @short = Worth(held.Short, instrument.SettlementCurrency, terms, sources, missing);
            unrealized += Open(symbol, held, instrument, terms, sources, missing);
            longs += @long;
            shorts += @short;
            margin += (@long + @short) * instrument.MarginRate;
            value._symbols[symbol] = (@long, @short);
            if (sources.GroupOf(symbol, instrument) is { } group)
            {
                value._groups[group] = value._groups.GetValueOrDefault(group) + @long + @short;
            }
        }

        foreach (var ((tier, currency), amount) in book.Tiers)
        {
            value._tiers[Math.Clamp(tier, 0, MostTiers - 1)] += Worth(amount, currency, terms, sources, missing);
        }

        return value with
        {
            Equity = missing.Count == 0 ? terms.Equity + realized + unrealized : null,
            Realized = realized,
            Unrealized = unrealized,
            Long = longs,
            Short = shorts,
            Margin = margin,
            Missing = [.. missing],
        };
    }

    /// <summary>The worst case of an entry: what the account has, and what is on its way.</summary>
    /// <param name="symbol">Instrument.</param>
    /// <param name="group">Its group; null for none.</param>
    /// <param name="tier">Tier of the signal.</param>
    /// <param name="reserved">What is on its way.</param>
    public Exposure Worst(string symbol, string? group, int tier, ReservedEntries reserved)
    {
        ArgumentNullException.ThrowIfNull(reserved);
        var (@long, @short) = _symbols.GetValueOrDefault(symbol);
        var (buys, sells) = reserved.Of(symbol);
        return new Exposure(Math.Max(@long + buys, @short + sells), Long + reserved.Buys, Short + reserved.Sells)
        {
            IsGrouped = group is not null,
            Group = group is null ? 0m : _groups.GetValueOrDefault(group) + reserved.OfGroup(group),
            Tier = _tiers[Math.Clamp(tier, 0, MostTiers - 1)] + reserved.OfTier(tier),
            Margin = Margin + reserved.Margin,
        };
    }

    private static decimal Open(
        string symbol, SymbolExposure held, Instrument instrument, AccountTerms terms, ValuationSources sources,
        SortedSet<string> missing)
    {
        if (held.UnitsLong == 0m && held.UnitsShort == 0m)
        {
            return 0m;
        }

        if (sources.PriceOf(symbol) is not { IsKnown: true } price)
        {
            missing.Add(symbol);
            return 0m;
        }

        return Worth(
            held.Unrealized(instrument.IsInverse, price.Bid, price.Ask), instrument.SettlementCurrency, terms, sources, missing);
    }

    private static decimal Worth(
        decimal amount, string currency, AccountTerms terms, ValuationSources sources, SortedSet<string> missing)
    {
        if (amount == 0m || currency == terms.Currency)
        {
            return amount;
        }

        if (sources.RateOf(currency) is { } rate)
        {
            return amount * rate;
        }

        missing.Add(currency.Length == 0 ? "a currency that is not known" : currency);
        return 0m;
    }
}
