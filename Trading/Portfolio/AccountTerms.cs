namespace TradingEngine.Trading.Portfolio;

/// <summary>What an account starts with.</summary>
/// <param name="Currency">Its currency, in upper case.</param>
/// <param name="Equity">What it is worth at first, positive.</param>
public sealed record AccountTerms(string Currency, decimal Equity);

/// <summary>What an account must remember beside its counters: where its day began, and its peak. Money is the account's.</summary>
/// <param name="Day">Session day.</param>
/// <param name="DayStart">What it was worth when that day began.</param>
/// <param name="Peak">The most it was worth.</param>
public sealed record AccountDay(DateOnly Day, decimal DayStart, decimal Peak)
{
    // A peak that is not written is lost in a crash: at most this share of it.
    private const decimal WrittenFrom = 1.0005m;

    /// <summary>What the account had started with by then; null where an earlier version wrote it.</summary>
    public decimal? Start { get; init; }

    /// <summary>
    /// The day after a look at what the account is worth: a new day begins with it, and a new peak is kept. Another start is a deposit or a
    /// withdrawal, neither won nor lost: where the day began and the peak move with it.
    /// </summary>
    /// <param name="before">As it was; null for an account that is new.</param>
    /// <param name="start">Equity a new account starts with.</param>
    /// <param name="equity">What it is worth.</param>
    /// <param name="today">Session day of now; an earlier one than is known changes no day.</param>
    public static AccountDay After(AccountDay? before, decimal start, decimal equity, DateOnly today)
    {
        if (before is null)
        {
            return new AccountDay(today, start, Math.Max(start, equity)) { Start = start };
        }

        var moved = start - (before.Start ?? start);
        return new AccountDay(
            today > before.Day ? today : before.Day,
            today > before.Day ? equity : before.DayStart + moved,
            Math.Max(before.Peak + moved, equity)) { Start = start };
    }

    /// <summary>True where the difference is worth a write.</summary>
    public bool IsWorthWriting(AccountDay? written) =>
        written is null || Day != written.Day || Start != written.Start || Peak >= written.Peak * WrittenFrom;
}
