using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Hosting;

/// <summary>The engine behind the API: there once its silo runs, and not before its store is.</summary>
/// <param name="lost">Why the store is lost; null while it is not.</param>
public sealed class EngineAccess(Func<string?> lost)
{
    private volatile Engine? _engine;

    /// <summary>Services of the silo while it runs; null while it does not.</summary>
    public IServiceProvider? Services
    {
        set => _engine = value is null ? null : new Engine(value);
    }

    /// <summary>The engine; null while it does not run.</summary>
    internal Engine? Current => _engine;

    /// <summary>Why the store is lost; null while it is not.</summary>
    internal string? Lost => lost();

    /// <summary>The engine, or the answer that there is none yet.</summary>
    internal Engine Require() => _engine is not { } engine
        ? throw new EngineAwayException("The silo is waiting for its store, or ending. Look at /health/ready, and try again.")
        : Lost is { } reason
            ? throw new EngineAwayException(reason)
            : engine;
}

/// <summary>The engine cannot be asked now.</summary>
internal sealed class EngineAwayException(string message) : Exception(message);

/// <summary>What the API reads from and asks: the silo's own services.</summary>
internal sealed class Engine(IServiceProvider services)
{
    public IGrainFactory Grains { get; } = services.GetRequiredService<IGrainFactory>();

    public ITradingStore Store { get; } = services.GetRequiredService<ITradingStore>();

    public PriceBoard Prices { get; } = services.GetRequiredService<PriceBoard>();

    public SizingBoard Sizes { get; } = services.GetRequiredService<SizingBoard>();

    public HopMeter Hops { get; } = services.GetRequiredService<HopMeter>();

    public EngineReadings Readings { get; } = services.GetRequiredService<EngineReadings>();

    public EngineGauges Gauges { get; } = services.GetRequiredService<EngineGauges>();

    public EngineOptions Options { get; } = services.GetRequiredService<IOptions<EngineOptions>>().Value;

    public TimeProvider Clock { get; } = services.GetRequiredKeyedService<TimeProvider>(EngineClock.Key);

    public IEngineGrain Grain => Grains.GetGrain<IEngineGrain>(Options.Partition);

    public IAuditGrain Audit => Grains.GetGrain<IAuditGrain>(Options.Partition);

    public IDeadLetterGrain DeadLetters => Grains.GetGrain<IDeadLetterGrain>(Options.Partition);

    public IPartitionStore Partition => Store.Partition(Options.Partition);

    /// <summary>Symbols that were ever held, and those this silo has prices of, in order.</summary>
    public async Task<IReadOnlyList<string>> SymbolsAsync() =>
        [.. (await Partition.ReadIndexVersionsAsync()).Keys.Concat(Prices.Symbols).Distinct().Order(StringComparer.Ordinal)];
}
