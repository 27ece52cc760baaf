using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradingEngine.Agents.Execution;
using TradingEngine.Agents.Feeds;

namespace TradingEngine.Agents.Hosting;

/// <summary>Registers the agents that run inside the cluster.</summary>
public static class AgentServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddTradingAgents(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.AddHostedService<AgentWaker>();
        if (options.JournalFile is { } file)
        {
            services.AddSingleton(_ => new OrderJournal(file));
            services.AddSingleton<ReplayFeed>();
        }

        return services;
    }
}
