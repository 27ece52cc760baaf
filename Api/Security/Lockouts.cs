using System.Collections.Concurrent;
using System.Net;

namespace TradingEngine.Api.Security;

/// <summary>Addresses that presented wrong keys: after five within a minute they wait for the minute's end.</summary>
internal sealed class Lockouts(TimeProvider clock)
{
    public const int Most = 5;
    private const int MostAddresses = 10_000;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, Failures> _failures = new();

    /// <summary>True while an address has to wait.</summary>
    public bool IsLocked(IPAddress address) =>
        _failures.TryGetValue(address, out var failures) && failures.Count >= Most && clock.GetUtcNow() < failures.Since + Window;

    /// <summary>Notes a wrong key.</summary>
    public void Fail(IPAddress address)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count >= MostAddresses)
        {
            foreach (var (old, failures) in _failures)
            {
                if (now >= failures.Since + Window)
                {
                    _failures.TryRemove(old, out _);
                }
            }
        }

        _failures.AddOrUpdate(
            address, _ => new Failures(1, now),
            (_, failures) => now >= failures.Since + Window ? new Failures(1, now) : failures with { Count = failures.Count + 1 });
    }

    private sealed record Failures(int Count, DateTimeOffset Since);
}
