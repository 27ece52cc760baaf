using System.Collections.Immutable;
using System.Net;

namespace TradingEngine.Api.Security;

/// <summary>Where the API is to be reached, and what protects it there.</summary>
/// <param name="Address">Scheme, address and port.</param>
/// <param name="HasCertificate">True with a certificate for TLS.</param>
/// <param name="Keys">API keys in force; null where no file is named.</param>
public sealed record Exposure(Uri Address, bool HasCertificate, int? Keys)
{
    private const string Certificate = "--http-certificate <file.pfx>";

    /// <summary>True where nobody beyond this machine can reach it: <c>localhost</c>, 127.0.0.0/8 or ::1, and no other name, whatever it leads to.</summary>
    public static bool IsLoopback(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>Everything that speaks against it, with the fix; empty where it may start. Beyond loopback only with TLS and keys.</summary>
    public ImmutableArray<string> Refusals()
    {
        var refusals = ImmutableArray.CreateBuilder<string>();
        var shown = $"{Address.Scheme}://{Address.Authority}";
        var isTls = Address.Scheme == Uri.UriSchemeHttps;
        if (Address.Scheme != Uri.UriSchemeHttp && !isTls)
        {
            refusals.Add($"--http is {Address.OriginalString}; use http://127.0.0.1:<port>, https://<address>:<port>, or none");
            return refusals.ToImmutable();
        }

        if (Address.UserInfo.Length > 0 || Address.PathAndQuery != "/" || Address.Fragment.Length > 0)
        {
            refusals.Add($"--http is {shown} and something more; use scheme, address and port alone: {shown}");
        }

        if (isTls && !HasCertificate)
        {
            refusals.Add($"--http is {shown}, which needs a certificate; give {Certificate}");
        }

        if (!isTls && HasCertificate)
        {
            refusals.Add($"--http is {shown}, and --http-certificate is given; use https://, or leave the certificate away");
        }

        if (!isTls && !IsLoopback(Address))
        {
            refusals.Add($"--http is {shown}, which others can reach without TLS; use https:// with {Certificate}, or http://127.0.0.1:<port>");
        }

        if (Keys == 0)
        {
            refusals.Add("--api-keys names a file without a key; create one with: Client -- keys create, or leave it away on 127.0.0.1");
        }
        else if (!IsLoopback(Address) && Keys is null)
        {
            refusals.Add($"--http is {shown}, which others can reach without credentials; give --api-keys <file>, or use 127.0.0.1");
        }

        return refusals.ToImmutable();
    }
}
