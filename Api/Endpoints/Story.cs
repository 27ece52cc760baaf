using System.Globalization;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Api.Endpoints;

/// <summary>A position's story: quote, signal, checks, orders, fills, exit and close, each with the time since the step before.</summary>
internal static class Story
{
    // A page is 2,000 entries: with more than these behind it the story says that it is not complete.
    private const int MostPages = 100;

    public static async Task<StoryEntry> ReadAsync(Engine engine, PositionState state)
    {
        var (lines, isComplete) = await LinesAsync(engine, state);
        var steps = new List<StoryStep>();
        void Add(DateTimeOffset at, string step, string title, string? detail)
        {
            var since = steps.Count == 0 ? (long?)null : (long)(at - steps[^1].At).TotalMicroseconds;
            steps.Add(new StoryStep(at, step, title, detail, since));
        }

        if (lines.Count > 0 && string.Join(", ", lines[0].Facts.Where(fact => fact is { Kind: FactKind.OrderSent, Price: not null }).Select(PriceOf)) is { Length: > 0 } prices)
        {
            // The quote itself is not kept: what is known is the price that was decided on, at the time of the decision.
            Add(state.CreatedAt, "quote", "Price decided on", prices);
        }

        Add(state.CreatedAt, "signal", $"Signal {state.SignalId} on tier {state.Tier.ToString(CultureInfo.InvariantCulture)}",
            $"{state.Strategy} wants to {Words.Of(state.Side)} {string.Join(" and ", state.Legs.Select(leg => leg.Symbol))} for {state.Account}");
        foreach (var fact in lines.SelectMany(line => line.Facts))
        {
            if (fact is { Kind: FactKind.OrderSent, Risk: { } checks })
            {
                Add(fact.Time, "check", "Checked", checks);
            }

            var (step, title) = Of(fact);
            Add(fact.Time, step, title, DetailOf(fact));
        }

        return new StoryEntry(state.Id, isComplete, steps);
    }

    private static async Task<(List<AuditLine> Lines, bool IsComplete)> LinesAsync(Engine engine, PositionState state)
    {
        var head = await engine.Audit.GetHeadAsync();
        // What was moved to segment files is older than the retention, and so is a position that is found there.
        var cursor = head.Moved is { } moved && state.CreatedAt > moved.Time ? new AuditCursor(moved.Last, moved.LastId, moved.Number) : new AuditCursor();
        var lines = new List<AuditLine>();
        for (var page = 0; page < MostPages; page++)
        {
            var read = await engine.Audit.ReadAsync(cursor, state.Id);
            lines.AddRange(read.Entries.Select(item => AuditLineJson.Read(item.Line)).OfType<AuditLine>());
            cursor = read.Next;
            if (read.IsEnd)
            {
                return (lines, true);
            }
        }

        return (lines, false);
    }

    private static (string Step, string Title) Of(TradingFact fact) => fact.Kind switch
    {
        FactKind.OrderSent => ("order", "Order sent"),
        FactKind.OrderFilled or FactKind.LateFill or FactKind.FillRepriced or FactKind.Overfill => ("fill", Title(fact)),
        FactKind.PositionClosing or FactKind.StopMoved => ("exit", Title(fact)),
        FactKind.PositionClosed or FactKind.PositionRejected => ("close", Title(fact)),
        _ => ("step", Title(fact)),
    };

    private static string PriceOf(TradingFact fact) => $"{fact.Symbol} at {fact.Price?.ToString(CultureInfo.InvariantCulture)}";

    private static string Title(TradingFact fact)
    {
        var words = Words.Of(fact.Kind).Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string DetailOf(TradingFact fact) => string.Join(' ', new[]
    {
        fact.Side is { } side ? Words.Of(side) : null, fact.Quantity?.ToString(CultureInfo.InvariantCulture), fact.Symbol,
        fact.Price is { } price ? $"at {price.ToString(CultureInfo.InvariantCulture)}" : null,
        fact.Commission is { } cost ? $"commission {cost.ToString(CultureInfo.InvariantCulture)}" : null,
        fact.Pnl is { } pnl ? $"P&L {pnl.ToString(CultureInfo.InvariantCulture)}" : null, fact.Reason, fact.OrderId,
    }.Where(part => part is not null));
}
