using System.Globalization;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Endpoints;

/// <summary>An agent's sign of life under the keys of the wire, as it would give it over Redis.</summary>
internal static class AgentBeat
{
    private const int MostText = 64;
    private const double LongestInterval = 86_400;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    public static async Task WriteAsync(
        IBoard board, string agent, HeartbeatRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        if (agent.Length > MostText || !agent.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-')
            || agent == AgentNames.Engine)
        {
            throw new RequestException($"agent is {agent}; use its name on the wire, such as execution: lower case letters, digits, _ and -");
        }

        Check("status", request.Status);
        Check("version", request.Version);
        if (request.HeartbeatInterval is { } interval && !(interval > 0 && interval <= LongestInterval))
        {
            throw new RequestException(string.Create(
                CultureInfo.InvariantCulture, $"heartbeatInterval is {interval}; use the seconds between two, more than 0 and at most {LongestInterval}"));
        }

        var seconds = (now.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [AgentFields.Status] = request.Status ?? "running",
            [AgentFields.LastHeartbeat] = seconds,
            [AgentFields.Reconcile] = request.Reconcile ? "true" : "false",
        };
        if (request.HeartbeatInterval is { } declared)
        {
            fields[AgentFields.HeartbeatInterval] = declared.ToString(CultureInfo.InvariantCulture);
        }

        if (request.Version is { } version)
        {
            fields[AgentFields.Version] = version;
        }

        await board.SetHashAsync(BoardKeys.AgentStats + agent, fields, cancellation);
        await board.SetStringAsync(BoardKeys.Heartbeat + agent, seconds, Kept, cancellation);
        await board.PublishAsync(BoardKeys.Heartbeat + agent, seconds, cancellation);
    }

    private static void Check(string name, string? text)
    {
        if (text is { Length: 0 or > MostText } || text?.Any(char.IsControl) == true)
        {
            throw new RequestException($"{name} is {text}; use 1 to {MostText} characters, none of them a control character");
        }
    }
}
