using System.Text.Json;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Requests that a slow tier put to agents, of each type the newest. An answer counts when it names the newest request of its type and
/// comes within the time allowed, and then once. Used in the grain's turns only.
/// </summary>
internal sealed class Requests(TimeSpan answerWithin)
{
    private const int MaxKept = 1000;

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);

    /// <summary>Requests sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Answers used.</summary>
    public long Used { get; private set; }

    /// <summary>A new request of a type on its list; the one before is no longer waited for.</summary>
    public ListPush Ask(string key, string type, long number, DateTimeOffset now, Action<Utf8JsonWriter>? more = null)
    {
        var id = $"{type}-{now.ToUnixTimeMilliseconds()}-{number}";
        foreach (var old in _open.Where(pair => pair.Value.Type == type).Select(pair => pair.Key).ToList())
        {
            _open.Remove(old);
        }

        _open[id] = new Open(type, now, null);
        Sent++;
        return new ListPush(key, TierWriter.Request(type, id, key + ":replies", now, more ?? (_ => { })), MaxKept);
    }

    /// <summary>The type of the request that an answer belongs to, or why it does not count. An answer that counted counts again when it is
    /// delivered again: what it asks for may not have been done.</summary>
    public (string? Type, string Why) Take(string requestId, string entryId, DateTimeOffset now)
    {
        if (!_open.TryGetValue(requestId, out var request))
        {
            return (null, "it answers no request that is waited for");
        }

        if (request.Answer is not null)
        {
            return request.Answer == entryId ? (request.Type, "") : (null, "another answer came before it");
        }

        if (now - request.SentAt > answerWithin)
        {
            return (null, $"it came after {(now - request.SentAt).TotalSeconds:0} s, {answerWithin.TotalSeconds:0} s are waited");
        }

        _open[requestId] = request with { Answer = entryId };
        Used++;
        return (request.Type, "");
    }

    /// <summary>True when the newest request of a type was answered in time.</summary>
    public bool IsAnswered(string type) => _open.Values.Any(request => request.Type == type && request.Answer is not null);

    private readonly record struct Open(string Type, DateTimeOffset SentAt, string? Answer);
}
