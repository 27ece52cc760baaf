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
    [Alias("Settle")]
    Task SettleAsync(ImmutableArray<string> ids, bool readAgain);

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
    [property: Id(0)] ImmutableArray<RejectReason> Decisions, [property: Id(1)] long Fence);

/// <summary>An account's figures, money in its currency.</summary>
[GenerateSerializer, Immutable, Alias("te.AccountSummary")]
public sealed record AccountSummary
{
    /// <summary>Account.</summary>
    [Id(0)] public required string Account { get; init; }

    /// <summary>Starting equity and realised P&amp;L.</summary>
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
}
