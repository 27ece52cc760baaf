using System.Collections.Immutable;
using System.Diagnostics;
using TradingEngine.Grains.Interfaces.Strategies;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Hands signals to their strategies: a strategy has one call under way, and what comes for it meanwhile goes with the next one. So
/// order within a strategy and symbol does not hang on the order in which messages between grains arrive, calls grow with the load, and no
/// strategy waits for another. Used in the turns of one grain.
/// </summary>
/// <param name="call">Calls the strategy of a key.</param>
internal sealed class StrategyLines(Func<string, ImmutableArray<SignalInput>, Task<ImmutableArray<SignalOutcome>>> call)
{
    /// <summary>Signals in one call, unless one group alone has more.</summary>
    private const int MostAtOnce = 128;

    /// <summary>How long a strategy that could not be reached is called again: less than it takes the queue to deliver again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(160);

    private readonly Dictionary<string, Queue<Group>> _lines = new(StringComparer.Ordinal);

    /// <summary>Hands on signals of one strategy, behind those handed on before; the answers are in their order.</summary>
    public Task<ImmutableArray<SignalOutcome>> HandOnAsync(string key, ImmutableArray<SignalInput> inputs)
    {
        var group = new Group(inputs);
        if (_lines.TryGetValue(key, out var waiting))
        {
            waiting.Enqueue(group);
        }
        else
        {
            _lines[key] = waiting = new Queue<Group>([group]);
            _ = WorkOffAsync(key, waiting);
        }

        return group.Task;
    }

    private async Task WorkOffAsync(string key, Queue<Group> waiting)
    {
        var groups = new List<Group>();
        while (waiting.TryDequeue(out var first))
        {
            groups.Clear();
            groups.Add(first);
            for (var count = first.Inputs.Length;
                waiting.TryPeek(out var next) && (count += next.Inputs.Length) <= MostAtOnce;)
            {
                groups.Add(waiting.Dequeue());
            }

            await CallAsync(key, groups);
        }

        _lines.Remove(key);
    }

    private async Task CallAsync(string key, List<Group> groups)
    {
        try
        {
            var outcomes = await ReachAsync(key, groups.Count == 1 ? groups[0].Inputs : [.. groups.SelectMany(group => group.Inputs)]);
            var first = 0;
            foreach (var group in groups)
            {
                group.SetResult(outcomes.Slice(first, group.Inputs.Length));
                first += group.Inputs.Length;
            }
        }
#pragma warning disable CA1031 // Whoever handed signals on is told, and the line goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var group in groups)
            {
                group.TrySetException(exception);
            }
        }
    }

    /// <summary>
    /// Calls a strategy, again where it, or what it called, was in a silo that is gone: a moment later it is elsewhere. A call that was
    /// made in vain, or whose answer was lost, may be repeated like any delivery.
    /// </summary>
    private async Task<ImmutableArray<SignalOutcome>> ReachAsync(string key, ImmutableArray<SignalInput> inputs)
    {
        var began = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            try
            {
                return await call(key, inputs);
            }
            catch (Exception exception) when (exception is SiloUnavailableException or OrleansMessageRejectionException
                && Stopwatch.GetElapsedTime(began) + pause < Patience)
            {
                await Task.Delay(pause, TimeProvider.System);
            }
        }
    }

    private sealed class Group(ImmutableArray<SignalInput> inputs)
        : TaskCompletionSource<ImmutableArray<SignalOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ImmutableArray<SignalInput> Inputs { get; } = inputs;
    }
}
