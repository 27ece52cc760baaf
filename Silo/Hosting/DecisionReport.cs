using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>What tiers 3 and 4 decided and why, for people: a line each, oldest first.</summary>
internal static class DecisionReport
{
    private const int Most = 1000;

    /// <summary>Writes the report beside the orders of a replay; returns how many decisions each tier made, in words.</summary>
    public static async Task<string> WriteAsync(ITradingStore store, string file)
    {
        var decisions = (await store.Board.ReadListAsync(BoardKeys.TierDecisions, Most)).Reverse()
            .Select(line => JsonNode.Parse(line)!).ToList();
        var text = new StringBuilder();
        if (decisions.Count == Most)
        {
            text.Append(CultureInfo.InvariantCulture, $"The newest {Most} decisions; older ones are not kept.\n");
        }

        foreach (var decision in decisions)
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks((long)((decimal)decision["timestamp"]! * TimeSpan.TicksPerSecond));
            text.Append(CultureInfo.InvariantCulture,
                $"{time:yyyy-MM-dd HH:mm:ss}  {(string)decision["tier"]!,-10} {(string)decision["decision"]!}  because: {(string)decision["reason"]!}\n");
        }

        await File.WriteAllTextAsync(file, text.ToString());
        var counts = decisions.GroupBy(decision => (string)decision["tier"]!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}");
        return decisions.Count == 0 ? "none" : string.Join(", ", counts);
    }
}
