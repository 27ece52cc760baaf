using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>Limits of each account against what is used of them, and what is halted.</summary>
internal static class RiskEndpoints
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/risk", ReadAsync)
        .Requires(Role.Viewer).WithTags("Status").WithSummary("Limits of each account against their use, and what is halted, by breakers and by hand.");

    private static async Task<RiskEntry> ReadAsync(EngineAccess engine)
    {
        var current = engine.Require();
        var status = await current.Grain.GetStatusAsync();
        var limits = current.Options.Limits;
        return new RiskEntry(
            limits.Name,
            [.. status.Accounts.SelectMany(account => LimitUse.Of(account, limits))
                .Select(use => new LimitEntry(use.Limit, $"account/{use.Account}", use.Value, use.Use, use.Unit, use.Share))],
            [.. status.Halts.Select(HaltEntry.Of)]);
    }
}
