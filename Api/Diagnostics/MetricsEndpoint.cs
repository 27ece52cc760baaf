using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using TradingEngine.Api.Events;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Streaming.Diagnostics;

namespace TradingEngine.Api.Diagnostics;

/// <summary>Metrics for Prometheus, from the moment the API is up: what the engine measures follows once it runs.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>The meter of the runtime: processor, memory, garbage collection, thread pool, exceptions.</summary>
    private const string Runtime = "System.Runtime";

    public static void Add(IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton<ApiGauges>();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService(EngineTelemetry.Name, serviceVersion: options.Version, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(EngineTelemetry.Name, Runtime).AddPrometheusExporter(exporter => exporter.ScrapeEndpointPath = Path));
    }

    public static void Map(WebApplication app)
    {
        app.Services.GetRequiredService<ApiGauges>();
        app.MapPrometheusScrapingEndpoint(Path).Requires(Role.Viewer).WithMetadata(new ReadsEngineFirst());
    }

    /// <summary>Looks at the engine before its figures are collected.</summary>
    public static async Task RefreshAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReadsEngineFirst>() is not null
            && context.RequestServices.GetRequiredService<EngineAccess>().Current is { } current)
        {
            await current.Readings.RefreshAsync(context.RequestAborted);
        }

        await next(context);
    }

    private sealed record ReadsEngineFirst;
}

/// <summary>What the API knows of itself.</summary>
internal sealed class ApiGauges : IDisposable
{
    private readonly Meter _meter = new(EngineTelemetry.Name);

    public ApiGauges(EngineAccess engine, EventHub events)
    {
        _meter.CreateObservableGauge(
            "tradingengine.ready", () => engine.Current is not null && engine.Lost is null ? 1 : 0, null,
            "1 while this silo takes work, 0 while it waits for its store or lost it.");
        _meter.CreateObservableGauge("tradingengine.api.listeners", () => events.Listeners, "{listener}", "Listeners to events of this silo.");
    }

    public void Dispose() => _meter.Dispose();
}
