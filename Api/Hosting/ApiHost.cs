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
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Hosting;

/// <summary>The HTTP API and the panel. It is up before the store is, and says so; its end ends what it still sends.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app) => _app = app;

    /// <summary>Listens from when it returns.</summary>
    /// <param name="options">Where, and to whom.</param>
    /// <param name="engine">The engine behind it.</param>
    /// <param name="logs">Where it logs, warnings and worse; null for nowhere. Not disposed of.</param>
    public static async Task<ApiHost> StartAsync(ApiOptions options, EngineAccess engine, ILoggerProvider? logs = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var app = Create(options, engine, logs);
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
    internal static WebApplication Create(ApiOptions options, EngineAccess engine, ILoggerProvider? logs = null)
    {
        options = options with
        {
            Hosts = options.Hosts.Union(["localhost", "127.0.0.1", "::1", options.Address.Host.Trim('[', ']')]),
        };
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.WebHost.ConfigureKestrel(kestrel => ApiLimits.Listen(kestrel, options));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<Lockouts>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddSingleton<Samples>();
        builder.Services.AddSingleton<RequestOutlets>();
        builder.Services.AddSingleton<EventHub>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventHub>());
        builder.Services.AddHostedService<KeyWatch>();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemWriter.Trim);
        builder.Services.AddExceptionHandler<ProblemWriter>();
        builder.Services.AddRateLimiter(ApiLimits.Configure);
        builder.Services.AddOpenApi(ApiDocument.Version, ApiDocument.Configure);
        MetricsEndpoint.Add(builder.Services, options);
        if (options.HasDashboard)
        {
            Dashboard.Add(builder.Services, builder.Configuration);
        }

        var app = builder.Build();
        app.Use(Protect);
        app.UseExceptionHandler();
        app.UseStatusCodePages(ProblemWriter.WriteAsync);
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
        QueueEndpoints.Map(v1);
        SessionEndpoints.Map(v1);
        EventEndpoints.Map(v1);
        app.MapOpenApi("/openapi/{documentName}.json").Requires(Role.Viewer);
        app.MapScalarApiReference("/scalar", scalar => scalar.WithTitle("TradingEngine").DisableDefaultFonts().DisableTelemetry()).Requires(Role.Viewer);
    }

    /// <summary>What every answer carries, that of a failure too: a browser runs nothing that is not this address's own file, and shows it in no frame.</summary>
    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var (request, response) = (((HttpContext)state).Request, ((HttpContext)state).Response);
            var headers = response.Headers;
            // The reference of the API is a page of a package, with a script and styles of its own in it.
            headers.ContentSecurityPolicy = Dashboard.Serves((HttpContext)state) ? Dashboard.ContentSecurityPolicy
                : request.Path.StartsWithSegments("/scalar")
                ? "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
                : "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            // A browser would keep to it for every other program on the machine too.
            if (request.IsHttps && request.Host.Host != "localhost")
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
