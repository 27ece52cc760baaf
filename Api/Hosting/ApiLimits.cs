using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TradingEngine.Api.Events;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>Where the API listens, and what it takes of whom: sizes, times, connections, requests a second.</summary>
internal static class ApiLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int MostBody = 64 * 1024;

    private const int MostHeaders = 16 * 1024;
    private const int MostStreams = 100;
    private const int CommandsPerSecond = 20;
    private const int MessagesPerSecond = 200;
    private const int ReadsPerSecond = 200;

    // A thousand listeners, and room for those who ask.
    private const int MostConnections = EventHub.MostListeners + 200;
    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(10);

    public static void Listen(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaders;
        kestrel.Limits.RequestHeadersTimeout = LongestHeaders;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
        void Endpoint(ListenOptions endpoint)
        {
            if (options.Certificate is { } certificate)
            {
                endpoint.UseHttps(certificate);
            }
        }

        if (options.Address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(options.Address.Port, Endpoint);
        }
        else if (IPAddress.TryParse(options.Address.Host.Trim('[', ']'), out var address))
        {
            kestrel.Listen(address, options.Address.Port, Endpoint);
        }
        else
        {
            kestrel.ListenAnyIP(options.Address.Port, Endpoint);
        }
    }

    public static void Configure(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(LimitOf);
        limiter.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            return ValueTask.CompletedTask;
        };
    }

    private static RateLimitPartition<string> LimitOf(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<RequiredRole>() is null)
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        var name = Gate.CallerOf(context).Name;
        return endpoint.Metadata.GetMetadata<CarriesMessages>() is not null ? Of("messages/" + name, MessagesPerSecond)
            : HttpMethods.IsGet(context.Request.Method) ? Of("reads/" + name, ReadsPerSecond)
            : Of("commands/" + name, CommandsPerSecond);
    }

    private static RateLimitPartition<string> Of(string key, int perSecond) => RateLimitPartition.GetTokenBucketLimiter(
        key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        });
}
