using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TradingEngine.Tests.Api.Harness;

/// <summary>A certificate of 127.0.0.1 that signs itself, good for a day.</summary>
internal static class Certificates
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trading-engine-test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    /// <summary>As a file that a silo is started with: PEM, or PFX under a password.</summary>
    public static string Write(X509Certificate2 certificate, string directory, string? password = null)
    {
        if (password is not null)
        {
            var pfx = Path.Combine(directory, "http.pfx");
            File.WriteAllBytes(pfx, certificate.Export(X509ContentType.Pkcs12, password));
            return pfx;
        }

        using var key = certificate.GetECDsaPrivateKey()!;
        var pem = Path.Combine(directory, "http.pem");
        File.WriteAllText(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return pem;
    }
}
