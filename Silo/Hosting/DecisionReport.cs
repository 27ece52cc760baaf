using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Silo.Hosting;

/// <summary>What every tier decided and why, for people: a summary, then a line for each decision of tiers 3 and 4, oldest first.</summary>
internal sealed class DecisionReport(ITradingStore store, IGrainFactory grains)
{
    private const int Most = 1000;

    // A page is 2,000 entries of the audit.
    private const int MostPages = 500;

    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _exits = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);

    /// <summary>Writes the report beside the orders of a replay; returns how many decisions the slow tiers made, in words.</summary>
    public async Task<string> WriteAsync(EngineStatus status, string file)
    {
        var decisions = (await store.Board.ReadListAsync(BoardKeys.TierDecisions, Most)).Reverse()
            .Select(line => JsonNode.Parse(line)!).ToList();
        var isWhole = await CountAsync();
        var text = new StringBuilder();
        foreach (var tier in status.Tiers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{LineOf(tier, decisions)}\n");
        }

        Write(text, "signals refused", _refusals);
        Write(text, "positions closed by", _exits);
        Write(text, "also", _others);
        if (!isWhole)
        {
            text.Append("The audit is longer than what was counted here.\n");
        }

        text.Append('\n');
        if (decisions.Count == Most)
        {
            text.Append(CultureInfo.InvariantCulture, $"The newest {Most} decisions of tiers 3 and 4; older ones are not kept.\n");
        }

        foreach (var decision in decisions)
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks((long)((decimal)decision["timestamp"]! * TimeSpan.TicksPerSecond));
            text.Append(CultureInfo.InvariantCulture,
                $"{time:yyyy-MM-dd HH:mm:ss}  {TierOf(decision),-10} {(string)decision["decision"]!}  because: {(string)decision["reason"]!}\n");
        }

        await File.WriteAllTextAsync(file, text.ToString());
        var counts = decisions.GroupBy(TierOf).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}");
        return decisions.Count == 0 ? "none" : string.Join(", ", counts);
    }

    private static string LineOf(TierStatistics tier, List<JsonNode> decisions)
    {
        var own = decisions.Count(decision => TierOf(decision) == tier.Name);
        return string.Create(CultureInfo.InvariantCulture,
            $"tier {tier.Tier} {tier.Name,-10} {tier.Cycles} cycles, {tier.Signals} signals: {tier.Accepted} followed, {tier.Rejected} refused, "
            + $"{tier.Duplicates} seen before, {tier.DeadLetters} not understood{(own > 0 ? $"; {own} decisions" : "")}");
    }

    /// <summary>Counts what the audit tells; false where it is longer than is read.</summary>
    private async Task<bool> CountAsync()
    {
        var audit = grains.GetGrain<IAuditGrain>(StreamNames.DefaultPartition);
        var cursor = new AuditCursor();
        for (var i = 0; i < MostPages; i++)
        {
            var page = await audit.ReadAsync(cursor, null);
            foreach (var fact in page.Entries.Select(entry => AuditLineJson.Read(entry.Line)).OfType<AuditLine>().SelectMany(line => line.Facts))
            {
                Count(fact);
            }

            cursor = page.Next;
            if (page.IsEnd)
            {
                return true;
            }
        }

        return false;
    }

    private void Count(TradingFact fact)
    {
        if (fact.Kind == FactKind.SignalRejected)
        {
            Add(_refusals, fact.Reason?.Split(' ', ':')[0] ?? "unknown");
        }
        else if (fact.Kind == FactKind.PositionClosed)
        {
            Add(_exits, fact.Reason ?? "unknown");
        }
        else if (fact.Kind is FactKind.StopMoved or FactKind.BreakerTripped or FactKind.FeedStale or FactKind.DeadLettered or FactKind.ModeChanged)
        {
            Add(_others, fact.Kind.ToString());
        }
    }

    private static void Add(SortedDictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;

    private static void Write(StringBuilder text, string title, SortedDictionary<string, int> counts)
    {
        if (counts.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{title}: {string.Join(", ", counts.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}\n");
        }
    }

    private static string TierOf(JsonNode decision) => (string)decision["tier"]!;
}
