using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Reconciliation;

namespace TradingEngine.Client.Output;

// The JSON that scripts read, described in Client/README.md. Names are a contract: add, never rename or remove.

internal sealed record PercentilesDocument(long Count, long? P50, long? P99, long? Max)
{
    public static PercentilesDocument Of(Percentiles values) => values.Count == 0
        ? new(0, null, null, null)
        : new(values.Count, values.P50, values.P99, values.Max);
}

internal sealed record TierDocument(
    int Tier, string Name, double PeriodSeconds, long Cycles, long Overruns, long FailedCycles, long Signals, long Accepted,
    long Rejected, long Duplicates, long DeadLetters, PercentilesDocument LatencyUs, PercentilesDocument BeatPeriodUs)
{
    public static TierDocument Of(TierStatistics tier) => new(
        tier.Tier, tier.Name, tier.Period.TotalSeconds, tier.Cycles, tier.Overruns, tier.FailedCycles, tier.Signals,
        tier.Accepted, tier.Rejected, tier.Duplicates, tier.DeadLetters, PercentilesDocument.Of(tier.Latency),
        PercentilesDocument.Of(tier.BeatPeriod));
}

internal sealed record AccountDocument(
    string Account, decimal Equity, decimal Realized, decimal Long, decimal Short, long OpenPositions, long WorkingOrders,
    string Limits)
{
    public static AccountDocument Of(AccountSummary account) => new(
        account.Account, account.Equity, account.Realized, account.Long, account.Short, account.OpenPositions,
        account.WorkingOrders, account.Limits);
}

internal sealed record TotalsDocument(
    long Orders, long Opened, long Closed, long Rejected, long Active, long Long, long Short, decimal Realized)
{
    public static TotalsDocument Of(EngineTotals totals) => new(
        totals.Orders, totals.Opened, totals.Closed, totals.Rejected, totals.Active, totals.Long, totals.Short,
        totals.Realized);
}

internal sealed record StoreDocument(
    bool Connected, double? LatencyMs, string Persistence, IReadOnlyDictionary<string, long> QueueDepths, string? Error)
{
    public static StoreDocument Of(StoreHealth health) => new(
        health.Connected, health.LatencyMs, health.Persistence, health.QueueDepths.ToImmutableSortedDictionary(StringComparer.Ordinal),
        health.Error);
}

internal sealed record MonitoringDocument(
    int Watched, int Armed, int Overdue, int InDoubt, double OldestSeconds, ImmutableArray<string> StaleSymbols,
    ImmutableArray<AccountMark> Marks)
{
    public static MonitoringDocument Of(MonitoringView view) => new(
        view.Watched, view.Armed, view.Overdue, view.InDoubt, view.OldestAge.TotalSeconds, view.StaleSymbols, view.Marks);
}

internal sealed record ReconciliationDocument(
    bool Offered, DateTimeOffset? AskedAt, DateTimeOffset? AnsweredAt, ImmutableArray<string> NotFound,
    ImmutableArray<PositionBreak> Breaks)
{
    public static ReconciliationDocument Of(ReconciliationView view) =>
        new(view.IsOffered, view.AskedAt, view.AnsweredAt, view.NotFound, view.Breaks);
}

internal sealed record HaltDocument(string Scope, string By, string Reason, DateTimeOffset? Until)
{
    public static HaltDocument Of(HaltView view) => new(view.Scope, view.Halt.By, view.Halt.Reason, view.Halt.Until);
}

internal sealed record StatusDocument(
    string Mode, string ModeReason, ImmutableArray<HaltDocument> Halts, string Version, double UptimeSeconds, string Store, string Feed, string Execution,
    int Silos, TotalsDocument Totals, ImmutableArray<AccountDocument> Accounts, ImmutableArray<TierDocument> Tiers,
    MonitoringDocument Monitoring, ReconciliationDocument Reconciliation, StoreDocument StoreHealth)
{
    public static StatusDocument Of(EngineStatus status, StoreHealth health) => new(
        Words.Member(status.Mode), status.ModeReason, [.. status.Halts.Select(HaltDocument.Of)], status.Version, status.Uptime.TotalSeconds, status.Store, status.Feed,
        status.Execution, status.Silos, TotalsDocument.Of(status.Totals), [.. status.Accounts.Select(AccountDocument.Of)],
        [.. status.Tiers.Select(TierDocument.Of)], MonitoringDocument.Of(status.Monitoring),
        ReconciliationDocument.Of(status.Reconciliation), StoreDocument.Of(health));
}

internal sealed record PositionDocument(
    string Id, string Account, string Strategy, string Symbol, string Side, decimal Quantity, decimal AverageOpen,
    decimal? StopLoss, decimal? TakeProfit, decimal? Mark, decimal? Unrealized, bool Armed, string Phase,
    DateTimeOffset CreatedAt)
{
    public static PositionDocument Of(PositionView view) => new(
        view.Entry.Id, view.Entry.Account, view.Entry.Strategy, view.Entry.Symbol, Words.Member(view.Entry.Side),
        view.Entry.Quantity, view.Entry.AverageOpen, view.Entry.StopLoss, view.Entry.TakeProfit, view.Mark,
        view.Unrealized, view.IsArmed, Words.Member(view.Entry.Phase), view.Entry.CreatedAt);
}

internal sealed record OrderDocument(
    string OrderId, string SignalId, string PositionId, string Account, string Strategy, string Intent, string Side,
    string Symbol, decimal Quantity, decimal Price, DateTimeOffset Time, string? Status, decimal? CumulativeQuantity,
    decimal? AveragePrice, string? Reason, string? Text)
{
    public static OrderDocument Of(OrderView view) => new(
        view.Order.OrderId, view.Order.SignalId, view.Order.PositionId, view.Order.Account, view.Order.Strategy,
        Words.Member(view.Order.Intent), Words.Member(view.Order.Side), view.Order.Symbol, view.Order.Quantity,
        view.Order.Price, view.Order.Time, view.State is null ? null : Words.Member(view.State.Status),
        view.State?.CumulativeQuantity, view.State is null or { AveragePrice: 0m } ? null : view.State.AveragePrice,
        view.Order.Reason, view.State?.Text);
}

internal sealed record PositionsDocument(ImmutableArray<PositionDocument> Positions);

internal sealed record OrdersDocument(ImmutableArray<OrderDocument> Orders);

internal sealed record WatchDocument(DateTimeOffset Time, StatusDocument Status, ImmutableArray<PositionDocument> Positions);

internal sealed record CommandDocument(string Command, string Status, string Reason);

internal sealed record ConfigurationChangeDocument(string Path, string? Before, string? After);

internal sealed record ConfigurationResultDocument(
    string Command, string Status, string Reason, long Version, ImmutableArray<string> Errors, ImmutableArray<ConfigurationChangeDocument> Changes)
{
    public static ConfigurationResultDocument Of(string command, ConfigurationResult result) => new(
        command, result.Answer.Status, result.Answer.Reason, result.Version, result.Errors,
        [.. result.Changes.Select(change => new ConfigurationChangeDocument(change.Path, change.Before, change.After))]);
}

internal sealed record StartSettingDocument(string Name, string Value, string Origin);

internal sealed record StartSettingsDocument(ImmutableArray<StartSettingDocument> Settings);

internal sealed record KeyDocument(string Name, string Role, string Id, DateTimeOffset? Ends, bool Stands);

internal sealed record KeysDocument(ImmutableArray<KeyDocument> Keys);

internal sealed record InitDocument(
    string Command, string Status, string Redis, int Database, string? Epoch, string? Replaces, long OtherKeys, string Reason);

internal sealed record RuleDocument(string Rule, string Outcome, string Seen);

internal sealed record CertificationDocument(string Agent, string Redis, int Database, bool IsPassed, ImmutableArray<RuleDocument> Rules);

internal sealed record SignalDocument(string Status, int Tier, string? SignalId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(PositionsDocument))]
[JsonSerializable(typeof(OrdersDocument))]
[JsonSerializable(typeof(PositionDetailDocument))]
[JsonSerializable(typeof(TiersDocument))]
[JsonSerializable(typeof(AgentsDocument))]
[JsonSerializable(typeof(InstrumentsDocument))]
[JsonSerializable(typeof(RiskDocument))]
[JsonSerializable(typeof(FillsDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(StrategiesDocument))]
[JsonSerializable(typeof(CommandDocument))]
[JsonSerializable(typeof(InitDocument))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(ConfigurationResultDocument))]
[JsonSerializable(typeof(StartSettingsDocument))]
[JsonSerializable(typeof(CertificationDocument))]
[JsonSerializable(typeof(SignalDocument))]
[JsonSerializable(typeof(DeadLettersDocument))]
[JsonSerializable(typeof(DeadLetterDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(AuditStoryDocument))]
[JsonSerializable(typeof(AuditFactsDocument))]
[JsonSerializable(typeof(ReplayAuditDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;

// A stream of documents is read line by line, so each is one line.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WatchDocument))]
[JsonSerializable(typeof(AuditFactDocument))]
internal sealed partial class LineContext : JsonSerializerContext;
