using System.Collections.Concurrent;
using System.Collections.Immutable;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Tiers;

/// <summary>Work that a tier does in each of its cycles: a pure function of what it is given.</summary>
public interface ITierJob
{
    /// <summary>Name in the tier's configuration: lower-case letters, digits and <c>_</c>.</summary>
    string Name { get; }

    /// <summary>Decides. What it throws fails the cycle, is counted and told; the other jobs run all the same.</summary>
    TierJobResult Run(TierJobInput input);
}

/// <summary>What a job decides by.</summary>
public sealed record TierJobInput
{
    /// <summary>The engine's time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Number of the cycle since the tier woke, from 1.</summary>
    public required long Cycle { get; init; }

    /// <summary>Positions that are not over, oldest first; a position of several symbols once for each.</summary>
    public required ImmutableArray<PositionIndexEntry> Positions { get; init; }

    /// <summary>Messages that came on the tier's queue since its last cycle, oldest first, as agents sent them. Nothing is checked.</summary>
    public ImmutableArray<string> Messages { get; init; } = [];
}

/// <summary>What a job asks for. Messages and the acknowledgement of what came in are one commit.</summary>
public sealed record TierJobResult
{
    /// <summary>Messages for agents.</summary>
    public ImmutableArray<TierMessage> Messages { get; init; } = [];

    /// <summary>Positions to leave, with the reason.</summary>
    public ImmutableArray<(string PositionId, string Reason)> Closes { get; init; } = [];

    /// <summary>What was decided and why, for people: one line each in the log.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>A message for agents: JSON on the left of a list, of which the newest 1,000 are kept.</summary>
public readonly record struct TierMessage(string Key, string Json);

/// <summary>The jobs of this process by name. Thread-safe.</summary>
public sealed class TierJobRegistry
{
    private readonly ConcurrentDictionary<string, ITierJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>A registry with the engine's own jobs.</summary>
    public TierJobRegistry() => Register(new ExposureReport());

    /// <summary>The registry of this process.</summary>
    public static TierJobRegistry Default { get; } = new();

    /// <summary>Names of all jobs, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _jobs.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a job.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Register(ITierJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!_jobs.TryAdd(job.Name, job))
        {
            throw new ArgumentException($"A job named {job.Name} is registered already.", nameof(job));
        }
    }

    /// <summary>The job of that name; null when there is none.</summary>
    public ITierJob? Find(string name) => _jobs.GetValueOrDefault(name);
}
