using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>Tier 2, 100 ms: trend, mean reversion, breakout and generic signals.</summary>
[GrainType("tier-fast"), ImplicitStreamSubscription(StreamNames.FastSignals), KeepAlive]
public sealed class FastTierGrain(
    IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<FastTierGrain> logger)
    : SignalTierGrain(2, "fast", TimeSpan.FromMilliseconds(100), options, beats, deadLetters, clock, logger),
        IFastTierGrain;
