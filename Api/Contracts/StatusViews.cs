using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Api.Contracts;

// What the API answers. Names are a contract: add, never rename or remove. What is not known is null, never 0; money is the account's.

internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);

internal sealed record HaltEntry(string Scope, string By, string Reason, DateTimeOffset? Until)
{
    public static HaltEntry Of(HaltView view) => new(view.Scope, view.Halt.By, view.Halt.Reason, view.Halt.Until);
}

internal sealed record AccountEntry(
    string Account, string Currency, decimal Equity, decimal Realized, decimal Unrealized, decimal? DayStart, decimal? DayPnl, decimal? Peak,
    decimal? Drawdown, decimal Long, decimal Short, long OpenPositions, long WorkingOrders, string Limits, ImmutableArray<string> Unvalued)
{
    public static AccountEntry Of(AccountSummary account) => new(
        account.Account, account.Currency, account.Equity, account.Realized, account.Unrealized, account.DayStart,
        account.Equity - account.DayStart, account.Peak, DrawdownOf(account), account.Long, account.Short, account.OpenPositions,
        account.WorkingOrders, account.Limits, account.Unvalued);

    /// <summary>Share of the peak that is lost, 0 to 1.</summary>
    public static decimal? DrawdownOf(AccountSummary account) =>
        account.Peak is { } peak and > 0m ? Math.Max(0m, (peak - account.Equity) / peak) : null;
}

internal sealed record MonitoringEntry(
    int Watched, int Armed, int Overdue, int InDoubt, double OldestAgeMilliseconds, ImmutableArray<string> StaleSymbols)
{
    public static MonitoringEntry Of(MonitoringView view) => new(
        view.Watched, view.Armed, view.Overdue, view.InDoubt, view.OldestAge.TotalMilliseconds, view.StaleSymbols);
}

internal sealed record StoreEntry(
    bool Connected, double? LatencyMs, string Persistence, IReadOnlyDictionary<string, long> QueueDepths, string? Error)
{
    public static StoreEntry Of(StoreHealth health) => new(
        health.Connected, health.LatencyMs, health.Persistence, health.QueueDepths.ToImmutableSortedDictionary(StringComparer.Ordinal), health.Error);
}

internal sealed record StatusEntry(
    DateTimeOffset Time, string Mode, string ModeReason, string Version, double UptimeSeconds, int Silos, string Store, string Feed, string Execution,
    ImmutableArray<HaltEntry> Halts, EngineTotals Totals, ImmutableArray<AccountEntry> Accounts, MonitoringEntry Monitoring,
    StoreEntry StoreHealth, double? FeedAgeMilliseconds)
{
    public static StatusEntry Of(EngineStatus status, StoreHealth health, TimeSpan? feedAge, DateTimeOffset now) => new(
        now, ModeCommands.NameOf(status.Mode), status.ModeReason, status.Version, status.Uptime.TotalSeconds, status.Silos, status.Store, status.Feed,
        status.Execution, [.. status.Halts.Select(HaltEntry.Of)], status.Totals, [.. status.Accounts.Select(AccountEntry.Of)],
        MonitoringEntry.Of(status.Monitoring), StoreEntry.Of(health), feedAge?.TotalMilliseconds);
}

internal sealed record PercentilesEntry(long Count, long P50, long P99, long Max)
{
    public static PercentilesEntry? Of(Percentiles values) => values.Count == 0 ? null : new(values.Count, values.P50, values.P99, values.Max);
}

internal sealed record TierEntry(
    int Tier, string Name, double PeriodMilliseconds, long Cycles, long FailedCycles, long Overruns, long Signals, long Accepted, long Rejected,
    long Duplicates, long DeadLetters, PercentilesEntry? LatencyMicroseconds, PercentilesEntry? PeriodMicroseconds)
{
    public static TierEntry Of(TierStatistics tier) => new(
        tier.Tier, tier.Name, tier.Period.TotalMilliseconds, tier.Cycles, tier.FailedCycles, tier.Overruns, tier.Signals, tier.Accepted,
        tier.Rejected, tier.Duplicates, tier.DeadLetters, PercentilesEntry.Of(tier.Latency), PercentilesEntry.Of(tier.BeatPeriod));
}

internal sealed record HopEntry(string Hop, PercentilesEntry? LatencyMicroseconds);

internal sealed record TiersEntry(IReadOnlyList<TierEntry> Items, IReadOnlyList<HopEntry> Hops);

internal sealed record AgentEntry(string Agent, string Condition, double? AgeMilliseconds, string? Version, bool IsAlive);
