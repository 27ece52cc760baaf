using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Health;

namespace TradingEngine.Grains.Engine;

/// <summary>Reads the signs that agents give under the keys of the wire.</summary>
public sealed class AgentBoard(ITradingStore store)
{
    private const decimal MaxSeconds = 10_000_000_000m;

    /// <summary>All agents of the wire, in their order.</summary>
    public async Task<ImmutableArray<AgentHealth>> ReadAsync(DateTimeOffset now)
    {
        var found = ImmutableArray.CreateBuilder<AgentHealth>();
        foreach (var agent in AgentHealth.Known)
        {
            found.Add(AgentHealth.Of(await ReadSignAsync(agent), now));
        }

        return found.ToImmutable();
    }

    /// <summary>The last sign of one agent.</summary>
    public async Task<AgentSign> ReadSignAsync(string agent)
    {
        var stats = await store.Board.ReadHashAsync(BoardKeys.AgentStats + agent);
        var beat = TimeOf(await store.Board.ReadStringAsync(BoardKeys.Heartbeat + agent));
        var shown = TimeOf(stats.GetValueOrDefault(AgentFields.LastHeartbeat) ?? stats.GetValueOrDefault(AgentFields.Timestamp));
        var interval = NumberOf(stats.GetValueOrDefault(AgentFields.HeartbeatInterval)) is { } seconds and > 0m and < MaxSeconds
            ? TimeSpan.FromSeconds((double)seconds)
            : (TimeSpan?)null;
        return new AgentSign(
            agent, beat > shown || shown is null ? beat : shown, interval,
            stats.GetValueOrDefault(AgentFields.Status), stats.GetValueOrDefault(AgentFields.Version));
    }

    private static DateTimeOffset? TimeOf(string? text) => NumberOf(text) is { } seconds and > 0m and < MaxSeconds
        ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : null;

    private static decimal? NumberOf(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
