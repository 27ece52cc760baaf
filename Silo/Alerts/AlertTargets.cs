using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TradingEngine.Silo.Hosting;
using TradingEngine.Trading.Alerts;

namespace TradingEngine.Silo.Alerts;

/// <summary>Somewhere an alert is sent to.</summary>
internal interface IAlertTarget
{
    /// <summary>Its name in logs and metrics; no part of its address, which may be secret.</summary>
    string Name { get; }

    /// <summary>The request that tells of an alert.</summary>
    HttpRequestMessage RequestOf(Alert alert, DateTimeOffset now);
}

/// <summary>An address that takes alerts as JSON, signed where there is a secret.</summary>
internal sealed class WebhookTarget(Uri address, string? secret) : IAlertTarget
{
    /// <summary>Carries <c>sha256=</c> and the HMAC-SHA-256 of time, dot and body, in hexadecimal digits.</summary>
    public const string Signature = "X-TradingEngine-Signature";

    /// <summary>Carries the time of sending, seconds since 1970: an old request that is sent again is told by it.</summary>
    public const string Timestamp = "X-TradingEngine-Timestamp";

    public string Name => "webhook";

    public HttpRequestMessage RequestOf(Alert alert, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(alert.Kind.ToString()),
            severity = alert.Severity.ToString().ToLowerInvariant(),
            key = alert.Key,
            text = alert.Text,
            symbol = alert.Symbol,
            time = alert.Time.UtcDateTime,
            repeats = alert.Repeats,
            left_out = alert.LeftOut,
            version = OrleansHost.Version,
        });
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (secret is not null)
        {
            var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add(Timestamp, time);
            byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
            request.Headers.Add(Signature, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
        }

        return request;
    }
}

/// <summary>A chat of Telegram that a bot writes to.</summary>
internal sealed class TelegramTarget(Uri api, string token, string chat) : IAlertTarget
{
    public string Name => "telegram";

    public HttpRequestMessage RequestOf(Alert alert, DateTimeOffset now) =>
        new(HttpMethod.Post, new Uri($"{api.AbsoluteUri}bot{token}/sendMessage")) { Content = JsonContent.Create(new { chat_id = chat, text = TextOf(alert) }) };

    private static string TextOf(Alert alert)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{alert.Severity.ToString().ToUpperInvariant()} {JsonNamingPolicy.SnakeCaseLower.ConvertName(alert.Kind.ToString())}\n{alert.Text}\n{alert.Time:yyyy-MM-dd HH:mm:ss} UTC");
        if (alert.Repeats > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{alert.Repeats} more of the same since it was last told");
        }

        if (alert is { LeftOut: > 0, Kind: not AlertKind.LeftOut })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{alert.LeftOut} others were left out before it");
        }

        return text.ToString();
    }
}
