using System.Collections.Immutable;
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
            var outcomes = await call(key, groups.Count == 1 ? groups[0].Inputs : [.. groups.SelectMany(group => group.Inputs)]);
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

    private sealed class Group(ImmutableArray<SignalInput> inputs)
        : TaskCompletionSource<ImmutableArray<SignalOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ImmutableArray<SignalInput> Inputs { get; } = inputs;
    }
}
