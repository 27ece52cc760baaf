namespace TradingEngine.Trading.Market;

/// <summary>How a rate was found.</summary>
public enum RateSource
{
    /// <summary>There is none: nothing may be valued with it.</summary>
    None = 0,

    /// <summary>Both currencies are the same.</summary>
    Same = 1,

    /// <summary>A pair quotes the first in the second.</summary>
    Direct = 2,

    /// <summary>A pair quotes the second in the first.</summary>
    Inverse = 3,

    /// <summary>Two pairs over a third currency.</summary>
    Pivot = 4,
}

/// <summary>A rate between two currencies.</summary>
/// <param name="Source">How it was found; <see cref="RateSource.None"/> where there is none that is fresh.</param>
/// <param name="Rate">Units of the second for one of the first; 0 where there is none.</param>
/// <param name="Time">Time of the older of its prices.</param>
public readonly record struct CurrencyRate(RateSource Source, decimal Rate, DateTimeOffset Time)
{
    /// <summary>True where there is one.</summary>
    public bool IsKnown => Source != RateSource.None;
}

/// <summary>
/// Rates between currencies from the middle of live prices: of the pair itself, of its inverse, or of two pairs over a pivot.
/// What is missing or too old is no rate; it is never taken as 1. Bounded. Not thread-safe.
/// </summary>
public sealed class CurrencyRates
{
    /// <summary>Most pairs; further ones are not taken.</summary>
    public const int MaxPairs = 4096;

    // In this order: what most pairs are quoted in first. Bitcoin joins currencies while their own market sleeps.
    private static readonly string[] s_pivots = ["USD", "EUR", "USDT", "USDC", "BTC"];

    private readonly Dictionary<(string Base, string Quote), Price> _prices = [];

    /// <summary>Takes a price of a pair; an older one than is known, or one that is not positive, changes nothing.</summary>
    /// <param name="baseCurrency">Currency of which one unit is priced, in upper case.</param>
    /// <param name="quoteCurrency">Currency of the price, in upper case.</param>
    /// <param name="mid">Middle of bid and ask.</param>
    /// <param name="time">When it was known.</param>
    /// <param name="interval">How often its feed speaks; zero for quotes.</param>
    public void Set(string baseCurrency, string quoteCurrency, decimal mid, DateTimeOffset time, TimeSpan interval = default)
    {
        var key = (baseCurrency, quoteCurrency);
        var isKnown = _prices.TryGetValue(key, out var known);
        if (mid > 0m && baseCurrency != quoteCurrency && (isKnown ? time >= known.Time : _prices.Count < MaxPairs))
        {
            _prices[key] = new Price(mid, time, interval);
        }
    }

    /// <summary>The rate from one currency to another: direct, else inverse, else over a pivot; only of fresh prices.</summary>
    /// <param name="from">Currency of the amount.</param>
    /// <param name="to">Currency wanted.</param>
    /// <param name="maxAge">Oldest a price may be, if one and a half intervals of its feed allow no more.</param>
    /// <param name="now">The time.</param>
    public CurrencyRate Find(string? from, string to, TimeSpan maxAge, DateTimeOffset now)
    {
        if (from is null)
        {
            return default;
        }

        if (from == to)
        {
            return new(RateSource.Same, 1m, now);
        }

        var straight = Straight(from, to, maxAge, now);
        if (straight.IsKnown)
        {
            return straight;
        }

        foreach (var pivot in s_pivots)
        {
            if (pivot == from || pivot == to)
            {
                continue;
            }

            var first = Straight(from, pivot, maxAge, now);
            var second = first.IsKnown ? Straight(pivot, to, maxAge, now) : default;
            if (second.IsKnown)
            {
                return new(RateSource.Pivot, first.Rate * second.Rate, first.Time < second.Time ? first.Time : second.Time);
            }
        }

        return default;
    }

    /// <summary>An amount in another currency; null where there is no fresh rate. Nothing is worth nothing in any currency.</summary>
    public decimal? Convert(decimal amount, string? from, string to, TimeSpan maxAge, DateTimeOffset now)
    {
        if (amount == 0m)
        {
            return 0m;
        }

        var rate = Find(from, to, maxAge, now);
        return rate.IsKnown ? amount * rate.Rate : null;
    }

    private CurrencyRate Straight(string from, string to, TimeSpan maxAge, DateTimeOffset now)
    {
        if (_prices.TryGetValue((from, to), out var direct) && direct.IsFresh(maxAge, now))
        {
            return new(RateSource.Direct, direct.Mid, direct.Time);
        }

        return _prices.TryGetValue((to, from), out var inverse) && inverse.IsFresh(maxAge, now)
            ? new(RateSource.Inverse, 1m / inverse.Mid, inverse.Time)
            : default;
    }

    private readonly record struct Price(decimal Mid, DateTimeOffset Time, TimeSpan Interval)
    {
        public bool IsFresh(TimeSpan maxAge, DateTimeOffset now)
        {
            var slowest = Interval * 1.5;
            return now - Time <= (slowest > maxAge ? slowest : maxAge);
        }
    }
}
