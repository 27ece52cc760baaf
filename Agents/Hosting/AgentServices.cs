using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TradingEngine.Agents.Hosting;

/// <summary>Registers the agents that run inside the cluster.</summary>
public static class AgentServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddTradingAgents(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(Options.Create(options));
        return services;
    }
}
