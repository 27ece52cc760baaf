using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Client;

/// <summary>Where an engine listens for clients: a host name or address, and a port.</summary>
/// <param name="Host">Host name, IPv4 or IPv6 address.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
public sealed record GatewayAddress(string Host, int Port)
{
    /// <summary>Port of a silo's gateway unless configured otherwise.</summary>
    public const int DefaultPort = 30000;

    /// <summary>An engine on this machine: 127.0.0.1:30000.</summary>
    public static GatewayAddress Local { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>Reads <c>host:port</c>, <c>host</c> (port 30000) or <c>[IPv6]:port</c>.</summary>
    /// <returns>False when it is none of them.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out GatewayAddress? address)
    {
        address = null;
        if (string.IsNullOrWhiteSpace(text)
            || !Uri.TryCreate($"gateway://{text.Trim()}", UriKind.Absolute, out var uri)
            || uri.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic
            || uri.PathAndQuery is not ("" or "/") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || uri.Port == 0)
        {
            return false;
        }

        address = new GatewayAddress(uri.Host.Trim('[', ']'), uri.Port < 0 ? DefaultPort : uri.Port);
        return true;
    }

    /// <summary>The address as it is typed.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Its end points, those of IPv4 alone where there are any, since gateways listen there.</summary>
    internal async Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(Host, cancellationToken);
        var preferred = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return [.. (preferred.Length > 0 ? preferred : addresses).Select(address => new IPEndPoint(address, Port))];
    }
}
