using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace TradingEngine.Api.Security;

/// <summary>Somebody who signed in at the panel.</summary>
/// <param name="KeyHash">Hash of the key, which must still be in force; empty where none is needed.</param>
/// <param name="Antiforgery">What a request that changes something has to repeat in a header.</param>
/// <param name="Until">When it ends.</param>
internal sealed record Session(ReadOnlyMemory<byte> KeyHash, string Antiforgery, DateTimeOffset Until);

/// <summary>Sessions of the panel, in this silo's memory: a restart ends them, as the end of their key does.</summary>
internal sealed class Sessions(TimeProvider clock)
{
    public const string Cookie = "te_session";
    public const string Header = "X-Antiforgery";
    private const int Most = 1_000;
    private static readonly TimeSpan Length = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public (string Token, Session Session) Begin(ReadOnlyMemory<byte> keyHash)
    {
        var now = clock.GetUtcNow();
        foreach (var (token, session) in _sessions.OrderBy(pair => pair.Value.Until))
        {
            // The oldest give way.
            if (session.Until > now && _sessions.Count < Most)
            {
                break;
            }

            _sessions.TryRemove(token, out _);
        }

        var begun = new Session(keyHash, Chance(), now + Length);
        var name = Chance();
        _sessions[name] = begun;
        return (name, begun);
    }

    public Session? Find(string token) =>
        _sessions.TryGetValue(token, out var session) && session.Until > clock.GetUtcNow() ? session : null;

    public void End(string token) => _sessions.TryRemove(token, out _);

    private static string Chance() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
