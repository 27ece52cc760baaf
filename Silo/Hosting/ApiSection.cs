using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;

namespace TradingEngine.Silo.Hosting;

/// <summary>The settings of the HTTP API, looked at together: what others can reach is protected, or nothing starts.</summary>
internal static class ApiSection
{
    private const string None = "none";
    private const string PasswordVariable = "TRADING_ENGINE_HTTP_CERTIFICATE_PASSWORD";

    public static ApiOptions? Read(SettingSource source, Setting http, Setting certificate, Setting hosts, Setting keys)
    {
        var (value, origin) = source.Find(http);
        if (value == None)
        {
            return null;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var address))
        {
            return source.Wrong<ApiOptions?>(http, $"{origin} is {value}; use http://127.0.0.1:<port>, https://<address>:<port>, or {None}");
        }

        var pem = source.Find(certificate).Value;
        var options = new ApiOptions
        {
            Address = address,
            Certificate = pem.Length == 0 ? null : source.Try<X509Certificate2?>(certificate, () => Load(pem, source.Find(certificate).Origin)),
            Keys = source.Find(keys).Value.Length == 0 ? null : source.Try<KeyRing?>(keys, () => KeyFiles.ApiKeysOf(source.Find(keys))),
            Hosts = [.. source.Find(hosts).Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            Version = OrleansHost.Version,
        };
        if (!source.IsWrong(certificate, keys))
        {
            foreach (var refusal in new Exposure(address, options.Certificate is not null, options.Keys?.Keys.Keys.Length).Refusals())
            {
                source.Wrong<ApiOptions?>(http, refusal);
            }
        }

        return options;
    }

    private static X509Certificate2 Load(string path, string origin)
    {
        var password = Environment.GetEnvironmentVariable(PasswordVariable);
        try
        {
            var isPem = File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal);
            return !isPem ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null ? X509Certificate2.CreateFromPemFile(path)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException(
                $"{origin} is {path}, which is no certificate with its key as PEM or PFX: {exception.Message.Split('\n')[0]} Its password is taken from {PasswordVariable}",
                exception);
        }
    }
}
