using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Engine;

/// <summary>Who commanded what, when, and what became of it: for people in the history, for good in the audit.</summary>
public static class CommandRecord
{
    private const int HistoryLength = 1000;

    /// <summary>Both, in one commit.</summary>
    public static Commit Of(string action, CommandResult result, string by, DateTimeOffset now) =>
        new() { Pushes = [History(action, result, by, now)], Audit = [AuditLine(action, result, by, now)] };

    /// <summary>The entry of the history.</summary>
    public static ListPush History(string action, CommandResult result, string by, DateTimeOffset now) =>
        new(BoardKeys.CommandHistory, CommandWriter.Write(action, result, by, now), HistoryLength);

    /// <summary>The line of the audit.</summary>
    public static byte[] AuditLine(string action, CommandResult result, string by, DateTimeOffset now) => AuditLineJson.Write(new TradingFact
    {
        Kind = FactKind.CommandGiven, Time = now, Reason = $"{action} by {by} {result.Status}: {result.Reason}",
    });
}
