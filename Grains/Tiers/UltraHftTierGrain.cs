using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>Tier 1, 1 ms: arbitrage and market making.</summary>
[GrainType("tier-ultra-hft"), ImplicitStreamSubscription(StreamNames.HftSignals), KeepAlive]
public sealed class UltraHftTierGrain(
    IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<UltraHftTierGrain> logger)
    : SignalTierGrain(1, "ultra_hft", TimeSpan.FromMilliseconds(1), options, beats, deadLetters, clock, logger),
        IUltraHftTierGrain;
