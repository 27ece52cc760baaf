using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Diagnostics;

/// <summary>
/// The dashboard of Orleans. Its pages are served here as at a client of the cluster; what it shows it asks of the silo's own grains,
/// so it answers "not ready" until the silo runs.
/// </summary>
internal static class Dashboard
{
    public const string Path = "/orleans";

    /// <summary>Its pages have styles within them, and fonts and images of their own.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddTransient<IGrainFactory>(provider => provider.GetRequiredService<EngineAccess>().Require().Grains);
        // Logs are in the log file, for whom it is readable.
        new Registration(services, configuration).AddDashboard(options => options.HideTrace = true);
    }

    public static void Map(WebApplication app) => app.MapOrleansDashboard(Path).Requires(Role.Admin).ExcludeFromDescription();

    /// <summary>True for what belongs to it.</summary>
    public static bool Serves(HttpContext context) => context.Request.Path.StartsWithSegments(Path);

    private sealed record Registration(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
