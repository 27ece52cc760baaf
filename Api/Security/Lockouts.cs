using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Api.Security;

/// <summary>Addresses that presented wrong keys: after five within a minute they wait for the minute's end. Of IPv6 a /64 is one address.</summary>
internal sealed class Lockouts(TimeProvider clock)
{
    public const int Most = 5;
    private const int MostAddresses = 10_000;
    private const int NetworkBytes = 8;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, Failures> _failures = new();

    /// <summary>True while an address has to wait.</summary>
    public bool IsLocked(IPAddress address) =>
        _failures.TryGetValue(NetworkOf(address), out var failures) && failures.Count >= Most && clock.GetUtcNow() < failures.Since + Window;

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

            if (_failures.Count >= MostAddresses)
            {
                // A key cannot be guessed from any number of addresses; memory can be used up.
                _failures.Clear();
            }
        }

        _failures.AddOrUpdate(
            NetworkOf(address), _ => new Failures(1, now),
            (_, failures) => now >= failures.Since + Window ? new Failures(1, now) : failures with { Count = failures.Count + 1 });
    }

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private sealed record Failures(int Count, DateTimeOffset Since);
}
