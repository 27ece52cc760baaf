using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Client.Output;

// As in Documents.cs: names are a contract.

internal sealed record AuditBreakDocument(long Sequence, string? PositionId, string Reason);

internal sealed record AuditDocument(
    bool IsWhole, long Entries, long Positions, long Records, long Seals, long Unsealed, long? LastSeal, string? LastSealHash,
    long BreakCount, ImmutableArray<AuditBreakDocument> Breaks);

internal sealed record AuditDifferenceDocument(string PositionId, string What, string Audit, string Record);

internal sealed record ReplayAuditDocument(
    bool IsEqual, long Positions, long Fills, long Incomplete, ImmutableArray<AuditDifferenceDocument> Differences);

internal sealed record AuditStepDocument(
    long Sequence, long Version, DateTimeOffset Time, string Event, string? Phase, string? Side, string? Symbol,
    decimal? Quantity, decimal? Price, decimal? Commission, decimal? Pnl, string? OrderId, string? Reason, string Input)
{
    public static AuditStepDocument Of(long sequence, AuditLine line, TradingFact fact) => new(
        sequence, line.Version, fact.Time, Words.Member(fact.Kind), line.Phase is { } phase ? Words.Member(phase) : null,
        fact.Side is { } side ? Words.Member(side) : null, fact.Symbol, fact.Quantity, fact.Price, fact.Commission, fact.Pnl,
        fact.OrderId, fact.Reason, line.Input);
}

internal sealed record AuditStoryDocument(string PositionId, ImmutableArray<AuditStepDocument> Steps);

internal sealed record AuditFactDocument(
    long Sequence, DateTimeOffset Time, string? PositionId, string Event, string? Strategy, string? Side, string? Symbol, decimal? Quantity,
    decimal? Price, decimal? Pnl, string? OrderId, string? Reason)
{
    public static AuditFactDocument Of(long sequence, AuditLine line, TradingFact fact) => new(
        sequence, fact.Time, fact.PositionId ?? line.PositionId, Words.Member(fact.Kind), fact.Strategy,
        fact.Side is { } side ? Words.Member(side) : null, fact.Symbol, fact.Quantity, fact.Price, fact.Pnl, fact.OrderId, fact.Reason);

    /// <summary>The fact in one line.</summary>
    public string ToLine() => string.Join(' ', new[]
    {
        Time.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), Event, Symbol, Side, Quantity is null ? null : Words.Number(Quantity),
        Price is null ? null : $"at {Words.Number(Price)}", Pnl is null ? null : $"P&L {Words.Money(Pnl, isSigned: true)}", Strategy, Reason, PositionId,
    }.Where(part => !string.IsNullOrEmpty(part)));
}

internal sealed record AuditFactsDocument(ImmutableArray<AuditFactDocument> Facts);

/// <summary>The audit for people.</summary>
internal static class AuditPages
{
    /// <summary>Facts of any positions, in the order given.</summary>
    public static TextTable Facts(IEnumerable<AuditFactDocument> facts)
    {
        var table = new TextTable(
            new Column("Time"), new Column("Event"), new Column("Symbol", 1), new Column("Side", 2), new Column("Quantity", 2, IsNumber: true),
            new Column("Price", 2, IsNumber: true), new Column("P&L", 3, IsNumber: true), new Column("Strategy", 4), new Column("Reason", 4),
            new Column("Position", 3), new Column("Entry", 5, IsNumber: true));
        foreach (var fact in facts)
        {
            table.Add(
                fact.Time.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), fact.Event, fact.Symbol ?? Words.Nothing, fact.Side ?? Words.Nothing,
                Words.Number(fact.Quantity), Words.Number(fact.Price), Words.Money(fact.Pnl, isSigned: true), fact.Strategy ?? Words.Nothing,
                fact.Reason ?? Words.Nothing, fact.PositionId ?? Words.Nothing, Words.Count(fact.Sequence));
        }

        return table;
    }

    /// <summary>What happened, oldest first.</summary>
    public static TextTable Story(IEnumerable<AuditStepDocument> steps)
    {
        var table = new TextTable(
            new Column("Time"), new Column("Event"), new Column("Phase", 2), new Column("Side", 2), new Column("Symbol", 3),
            new Column("Quantity", 1, IsNumber: true), new Column("Price", 1, IsNumber: true),
            new Column("P&L", 2, IsNumber: true), new Column("Reason", 2), new Column("Order", 4), new Column("Input", 4),
            new Column("Entry", 5, IsNumber: true));
        foreach (var step in steps)
        {
            table.Add(
                step.Time.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), step.Event,
                step.Phase ?? Words.Nothing, step.Side ?? Words.Nothing, step.Symbol ?? Words.Nothing,
                Words.Number(step.Quantity), Words.Number(step.Price), Words.Money(step.Pnl, isSigned: true),
                step.Reason ?? Words.Nothing, step.OrderId ?? Words.Nothing, step.Input, Words.Count(step.Sequence));
        }

        return table;
    }
}
