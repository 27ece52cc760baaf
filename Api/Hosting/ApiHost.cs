using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scalar.AspNetCore;
using TradingEngine.Api.Diagnostics;
using TradingEngine.Api.Endpoints;
using TradingEngine.Api.Events;
using TradingEngine.Api.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>The HTTP API and the panel. It is up before the store is, and says so; its end ends what it still sends.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    private const int MostBody = 64 * 1024;
    private const int MostHeaders = 16 * 1024;
    private const int MostStreams = 100;
    private const int WritesPerSecond = 20;
    private const int ReadsPerSecond = 200;

    // A thousand listeners, and room for those who ask.
    private const int MostConnections = EventHub.MostListeners + 200;
    private static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;

    private ApiHost(WebApplication app) => _app = app;

    /// <summary>Listens from when it returns.</summary>
    public static async Task<ApiHost> StartAsync(ApiOptions options, EngineAccess engine)
    {
        ArgumentNullException.ThrowIfNull(options);
        var app = Create(options, engine);
        await app.StartAsync();
        return new ApiHost(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The application, not started: tests look at its endpoints.</summary>
    internal static WebApplication Create(ApiOptions options, EngineAccess engine)
    {
        options = options with
        {
            Hosts = options.Hosts.Union(["localhost", "127.0.0.1", "::1", options.Address.Host.Trim('[', ']')]),
        };
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<Lockouts>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddSingleton<Samples>();
        builder.Services.AddSingleton<EventHub>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventHub>());
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ProblemWriter>();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(LimitOf);
        });
        builder.Services.AddOpenApi("v1");
        MetricsEndpoint.Add(builder.Services, options);
        if (options.HasDashboard)
        {
            Dashboard.Add(builder.Services, builder.Configuration);
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(ProblemWriter.WriteAsync);
        app.Use(Protect);
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<Gate>().PassAsync);
        app.UseRateLimiter();
        app.Use(MetricsEndpoint.RefreshAsync);
        Map(app);
        if (options.HasDashboard)
        {
            Dashboard.Map(app);
        }

        return app;
    }

    private static void Map(WebApplication app)
    {
        HealthEndpoints.Map(app);
        Panel.Map(app);
        MetricsEndpoint.Map(app);
        var v1 = app.MapGroup("/v1");
        ReadEndpoints.Map(v1);
        RiskEndpoints.Map(v1);
        RecordEndpoints.Map(v1);
        CommandEndpoints.Map(v1);
        SessionEndpoints.Map(v1);
        EventEndpoints.Map(v1);
        app.MapOpenApi("/openapi/{documentName}.json").Requires(Role.Viewer);
        app.MapScalarApiReference("/scalar", scalar => scalar.WithTitle("TradingEngine").DisableDefaultFonts().DisableTelemetry()).Requires(Role.Viewer);
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaders;
        kestrel.Limits.RequestHeadersTimeout = LongestHeaders;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreams;
        void Endpoint(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions endpoint)
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

    /// <summary>What every answer carries: a browser runs nothing that is not this address's own file, and shows it in no frame.</summary>
    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        // The reference of the API is a page of a package, with a script and styles of its own in it.
        headers.ContentSecurityPolicy = Dashboard.Serves(context) ? Dashboard.ContentSecurityPolicy
            : context.Request.Path.StartsWithSegments("/scalar")
            ? "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
            : "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    }

    private static RateLimitPartition<string> LimitOf(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<RequiredRole>() is null)
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        var isWrite = !HttpMethods.IsGet(context.Request.Method);
        var name = Gate.CallerOf(context).Name;
        return RateLimitPartition.GetTokenBucketLimiter((isWrite ? "w/" : "r/") + name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = isWrite ? WritesPerSecond : ReadsPerSecond,
            TokensPerPeriod = isWrite ? WritesPerSecond : ReadsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        });
    }
}
