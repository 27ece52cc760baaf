using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>Health and status over HTTP. It is up before the store is, and says so.</summary>
internal sealed class StatusEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile IGrainFactory? _grains;
    private volatile HopMeter? _hops;

    private StatusEndpoint(WebApplication app) => _app = app;

    /// <summary>The silo's grains once it runs; null while it does not.</summary>
    public IGrainFactory? Grains
    {
        set => _grains = value;
    }

    /// <summary>Times in this silo, once it runs; null while it does not.</summary>
    public HopMeter? Hops
    {
        set => _hops = value;
    }

    public static async Task<StatusEndpoint> StartAsync(Uri address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        var endpoint = new StatusEndpoint(builder.Build());
        endpoint.Map();
        await endpoint._app.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/", () => Results.Text("TradingEngine: see /status, /health/live and /health/ready\n"));
        _app.MapGet("/health/live", () => Results.Text("live\n"));
        _app.MapGet("/health/ready", ReadyAsync);
        _app.MapGet("/status", StatusAsync);
    }

    private async Task<IResult> ReadyAsync()
    {
        if (_grains is not { } grains)
        {
            return Results.Text("not ready: waiting for the store\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var store = await grains.GetGrain<IEngineGrain>(StreamNames.DefaultPartition).GetStoreHealthAsync();
        return store.Connected
            ? Results.Text("ready\n")
            : Results.Text($"not ready: {store.Error}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<IResult> StatusAsync()
    {
        if (_grains is not { } grains)
        {
            return Results.Text("waiting for the store\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var status = await grains.GetGrain<IEngineGrain>(StreamNames.DefaultPartition).GetStatusAsync();
        return Results.Json(new
        {
            mode = ModeCommands.NameOf(status.Mode),
            status.ModeReason,
            halts = status.Halts.Select(view => new { view.Scope, view.Halt.By, view.Halt.Reason, view.Halt.Until }),
            status.Version,
            uptimeSeconds = status.Uptime.TotalSeconds,
            status.Store,
            status.Feed,
            status.Execution,
            status.Totals,
            status.Monitoring,
            tiers = status.Tiers.Select(tier => new
            {
                tier.Tier,
                tier.Name,
                periodMilliseconds = tier.Period.TotalMilliseconds,
                tier.Cycles,
                tier.FailedCycles,
                tier.Overruns,
                tier.Signals,
                tier.Accepted,
                tier.Rejected,
                latencyMicroseconds = Show(tier.Latency),
                periodMicroseconds = Show(tier.BeatPeriod),
            }),
            hops = Enum.GetValues<Hop>().Select(hop => new
            {
                hop = hop.ToString().ToLowerInvariant(),
                latencyMicroseconds = _hops is { } hops ? Show(hops.Read(hop)) : null,
            }),
        });
    }

    /// <summary>Nothing seen yet is null, never 0.</summary>
    private static object? Show(Percentiles percentiles) => percentiles.Count == 0
        ? null
        : new { percentiles.Count, percentiles.P50, percentiles.P99, percentiles.Max };
}
