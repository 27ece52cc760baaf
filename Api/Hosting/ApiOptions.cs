using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>Where the API listens, and to whom.</summary>
public sealed record ApiOptions
{
    /// <summary>Scheme, address and port.</summary>
    public required Uri Address { get; init; }

    /// <summary>For TLS; null without.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may ask; null on loopback: whoever is there.</summary>
    public KeyRing? Keys { get; init; }

    /// <summary>Names under which it may be asked for, in the Host header; the address's own and loopback's without saying.</summary>
    public ImmutableSortedSet<string> Hosts { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where the dashboard of Orleans is served to admins.</summary>
    public bool HasDashboard { get; init; }

    /// <summary>Version shown to people.</summary>
    public string Version { get; init; } = "";
}
