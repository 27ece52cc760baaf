using System.Collections.Immutable;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Portfolio;

/// <summary>One account: limits, exposure, equity, and the risk decision every entry carries. Keyed by account.</summary>
[GrainInterfaceType("te.account"), Alias("te.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Judges entries in order and reserves the exposure of those that pass, until they are settled.</summary>
    [Alias("Reserve")]
    Task<Reservations> ReserveAsync(ImmutableArray<ReservationRequest> requests);

    /// <summary>Releases reservations: their commits were written or refused, and the counters hold what was written.</summary>
    /// <param name="ids">The reservations.</param>
    /// <param name="readAgain">True from silos of an earlier version alone, which do not say under which fence they were in doubt.</param>
    [Alias("Settle")]
    Task SettleAsync(ImmutableArray<string> ids, bool readAgain);

    /// <summary>
    /// The same where an outcome is in doubt: the activation that gave the fence ends, and the next one voids what is still on its way. One that holds another fence has done so.
    /// </summary>
    /// <param name="ids">The reservations.</param>
    /// <param name="fence">The fence they were reserved under.</param>
    [Alias("SettleInDoubt")]
    Task SettleInDoubtAsync(ImmutableArray<string> ids, long fence);

    /// <summary>What a size is found from: the account's worth, and the rate of a currency to its own.</summary>
    /// <param name="currency">Settlement currency of the instrument.</param>
    [Alias("GetWorth")]
    Task<AccountWorth> GetWorthAsync(string currency);

    /// <summary>Looks at the account now: its day and peak move on, and what its breakers ask for is answered.</summary>
    [Alias("Watch")]
    Task<ImmutableArray<BreakerDecision>> WatchAsync();

    /// <summary>An operator lets a strategy go on: its latches, rows and cooldown are gone.</summary>
    [Alias("Release")]
    Task ReleaseAsync(string strategy);

    /// <summary>Exposure, equity and counts.</summary>
    [Alias("GetSummary")]
    Task<AccountSummary> GetSummaryAsync();
}

/// <summary>An entry to be judged.</summary>
/// <param name="Id">Names the reservation: the position id.</param>
/// <param name="Entry">The entry.</param>
[GenerateSerializer, Immutable, Alias("te.ReservationRequest")]
public sealed record ReservationRequest([property: Id(0)] string Id, [property: Id(1)] EntryRequest Entry);

/// <summary>The decisions, in the order asked, and the fence their commits must carry.</summary>
[GenerateSerializer, Immutable, Alias("te.Reservations")]
public sealed record Reservations(
    [property: Id(0)] ImmutableArray<RejectReason> Decisions, [property: Id(1)] long Fence)
{
    /// <summary>What orders of entries that passed carry: the checks made, and under which limits. Null from a silo that did not say it yet.</summary>
    [Id(2)] public string? Stamp { get; init; }
}

/// <summary>What a size is found from.</summary>
/// <param name="Equity">What the account is worth, open P&amp;L included; null where something cannot be valued.</param>
/// <param name="Rate">Units of its currency for one asked of; null where there is no fresh rate.</param>
[GenerateSerializer, Immutable, Alias("te.AccountWorth")]
public sealed record AccountWorth([property: Id(0)] decimal? Equity, [property: Id(1)] decimal? Rate);

/// <summary>An account's figures, money in its currency.</summary>
[GenerateSerializer, Immutable, Alias("te.AccountSummary")]
public sealed record AccountSummary
{
    /// <summary>Account.</summary>
    [Id(0)] public required string Account { get; init; }

    /// <summary>Starting equity, realised and open P&amp;L, as far as they can be valued.</summary>
    [Id(1)] public required decimal Equity { get; init; }

    /// <summary>Realised P&amp;L, commissions taken off.</summary>
    [Id(2)] public required decimal Realized { get; init; }

    /// <summary>Long notional, working buys included.</summary>
    [Id(3)] public required decimal Long { get; init; }

    /// <summary>Short notional, working sells included.</summary>
    [Id(4)] public required decimal Short { get; init; }

    /// <summary>Positions that are not over.</summary>
    [Id(5)] public required long OpenPositions { get; init; }

    /// <summary>Orders that may still trade.</summary>
    [Id(6)] public required long WorkingOrders { get; init; }

    /// <summary>Name of the limits it is judged by.</summary>
    [Id(7)] public required string Limits { get; init; }

    /// <summary>Its currency.</summary>
    [Id(8)] public string Currency { get; init; } = "";

    /// <summary>Open P&amp;L, as far as it can be valued.</summary>
    [Id(9)] public decimal Unrealized { get; init; }

    /// <summary>What it was worth when its session day began; null while not known.</summary>
    [Id(10)] public decimal? DayStart { get; init; }

    /// <summary>The most it was worth; null while not known.</summary>
    [Id(11)] public decimal? Peak { get; init; }

    /// <summary>Currencies without a fresh rate and symbols without a price, for which it cannot be valued: nothing is entered.</summary>
    [Id(12)] public ImmutableArray<string> Unvalued { get; init; } = [];
}
