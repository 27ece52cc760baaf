using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Whether the process lives, whether it may be sent work, and the status in short. They need no key.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n")).IsOpen().ExcludeFromDescription();
        app.MapGet("/health/ready", ReadyAsync).IsOpen().ExcludeFromDescription();
        app.MapGet("/status", StatusAsync).Requires(Role.Viewer).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(EngineAccess engine)
    {
        if (engine.Current is not { } current)
        {
            return NotReady("waiting for the store");
        }

        if (engine.Lost is { } lost)
        {
            return NotReady(lost);
        }

        var store = await current.Grain.GetStoreHealthAsync();
        return store.Connected ? Results.Text("ready\n") : NotReady(store.Error ?? "the store does not answer");
    }

    private static async Task<IResult> StatusAsync(EngineAccess engine)
    {
        if (engine.Current is not { } current)
        {
            return Results.Text("waiting for the store\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var status = await Reads.StatusAsync(current);
        var tiers = await Reads.TiersAsync(current);
        return Results.Json(new
        {
            status.Mode, status.ModeReason, status.Halts, status.Version, status.UptimeSeconds, status.Store, status.Feed, status.Execution,
            status.Totals, status.Monitoring, Tiers = tiers.Items, tiers.Hops,
        });
    }

    private static IResult NotReady(string reason) =>
        Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
