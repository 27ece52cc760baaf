using System.Text.RegularExpressions;
using TradingEngine.Grains.Interfaces;

namespace TradingEngine.Api.Endpoints;

/// <summary>The agents' queues by the keys they know from the wire.</summary>
internal static partial class AgentQueues
{
    /// <summary>What <c>--execution</c> is called where an agent takes orders from this API.</summary>
    public const string ExecutionHere = "http";

    private static readonly Dictionary<string, string> s_in = new(StringComparer.Ordinal)
    {
        [QueueKeys.HftSignals] = StreamNames.HftSignals,
        [QueueKeys.StrategySignals] = StreamNames.FastSignals,
        [QueueKeys.FastSignals] = StreamNames.FastSignals,
        [QueueKeys.TacticalSignals] = StreamNames.TacticalSignals,
        [QueueKeys.Updates] = StreamNames.Updates,
        [QueueKeys.Prices] = StreamNames.Market,
        [QueueKeys.Warnings] = StreamNames.Warnings,
        [QueueKeys.Alerts] = StreamNames.Alerts,
        [QueueKeys.ReconcileReplies] = StreamNames.Reconciled,
        [QueueKeys.MarketAnalysisReplies] = StreamNames.TacticalAnswers,
        [QueueKeys.CoordinationReplies] = StreamNames.TacticalAnswers,
        [QueueKeys.RiskAssessmentReplies] = StreamNames.TacticalAnswers,
        [QueueKeys.OptimizationReplies] = StreamNames.StrategicAnswers,
        [QueueKeys.RiskCheckReplies] = StreamNames.RiskAnswers,
    };

    private static readonly Dictionary<string, string> s_out = new(StringComparer.Ordinal)
    {
        [QueueKeys.Orders] = StreamNames.Orders,
        [QueueKeys.ReconcileRequests] = StreamNames.Reconcile,
    };

    private static readonly string[] s_requests =
    [
        BoardKeys.MarketAnalysisRequests, BoardKeys.CoordinationMessages, BoardKeys.RiskAssessmentRequests, BoardKeys.OptimizationRequests,
        BoardKeys.RiskChecks,
    ];

    /// <summary>Queues that agents write to, in words.</summary>
    public static string NamesIn { get; } = string.Join(", ", s_in.Keys);

    /// <summary>Queues that agents take from, in words.</summary>
    public static string NamesOut { get; } = string.Join(", ", s_out.Keys.Concat(s_requests));

    /// <summary>The queue inside that agents write to under a key; null where there is none.</summary>
    public static string? In(string key) => s_in.GetValueOrDefault(key);

    /// <summary>The queue inside that an execution agent takes from under a key; null where there is none.</summary>
    public static string? Out(string key) => s_out.GetValueOrDefault(key);

    /// <summary>True for a list of requests to agents.</summary>
    public static bool IsRequests(string key) => s_requests.Contains(key);

    /// <summary>True for what may be the id of an entry, on either store.</summary>
    public static bool IsEntryId(string id) => EntryId().IsMatch(id);

    [GeneratedRegex("^(q[0-9]{1,19}|[0-9]{1,20}-[0-9]{1,20})\\z")]
    private static partial Regex EntryId();
}
