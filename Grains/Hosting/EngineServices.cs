using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Tiers;

namespace TradingEngine.Grains.Hosting;

/// <summary>Registers what the grains need.</summary>
public static class EngineServices
{
    /// <summary>Adds it. The host also registers the store, and the clock under <see cref="EngineClock.Key"/>.</summary>
    public static IServiceCollection AddTradingEngine(this IServiceCollection services, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // A silo follows changes by itself, also where a test shares options between several.
        options = options with { Trading = new ConfigurationBoard(options.Trading.Current, options.Trading.Version) };
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<ConfigurationFollower>();
        services.AddSingleton(typeof(GrainReferences<>));
        services.AddSingleton<FactHub>();
        services.AddSingleton<PriceBoard>();
        services.AddSingleton<SizingBoard>();
        services.AddSingleton<VenueState>();
        services.AddSingleton<TierRecords>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<HopMeter>();
        services.AddSingleton<TierBoard>();
        services.AddSingleton<EngineReadings>();
        services.AddSingleton<EngineGauges>();
        services.AddSingleton<IBeatSource, ThreadBeatSource>();
        services.TryAddSingleton<LogLevelSwitch>();
        return services;
    }
}
