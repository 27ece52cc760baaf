using System.Globalization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Agents.Hosting;

/// <summary>Shows that an agent lives, under the keys of the wire.</summary>
internal static class Heartbeat
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public static async Task SendAsync(IBoard board, string agent, DateTimeOffset now, bool reconciles = false)
    {
        try
        {
            var seconds = TradeWriter.Seconds(now).ToString(CultureInfo.InvariantCulture);
            await board.SetHashAsync(BoardKeys.AgentStats + agent, new Dictionary<string, string>
            {
                [AgentFields.Status] = "running",
                [AgentFields.LastHeartbeat] = seconds,
                [AgentFields.Timestamp] = seconds,
                [AgentFields.HeartbeatInterval] = Period.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                [AgentFields.Reconcile] = reconciles ? "true" : "false",
            });
            await board.SetStringAsync(BoardKeys.Heartbeat + agent, seconds, TimeSpan.FromMinutes(5));
        }
        catch (StoreException)
        {
            // The next one is in ten seconds; a missing heartbeat is what tells that something is wrong.
        }
    }
}
