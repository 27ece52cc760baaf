using System.Collections.Concurrent;
using System.Diagnostics;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>What a wire does to what passes it in one direction. Cut, it keeps everything back until it is healed, as TCP does.</summary>
/// <param name="IsCut">True where nothing passes.</param>
/// <param name="Delay">How late each piece arrives.</param>
internal readonly record struct WireRule(bool IsCut, TimeSpan Delay)
{
    public static WireRule Cut { get; } = new(true, TimeSpan.Zero);

    public static WireRule Slow(TimeSpan delay) => new(false, delay);
}

/// <summary>The wires among the silos of a run and between them and Redis. Silos are numbered from 0.</summary>
internal sealed class Network
{
    /// <summary>The number that stands for Redis.</summary>
    public const int Redis = -1;

    private readonly ConcurrentDictionary<(int From, int To), WireRule> _rules = new();
    private TaskCompletionSource _changed = Changing();

    /// <summary>From now on this holds for what goes from one to the other, not for what comes back.</summary>
    public void Set(int from, int to, WireRule rule)
    {
        _rules[(from, to)] = rule;
        Announce();
    }

    /// <summary>All wires pass everything again, what they kept back first.</summary>
    public void Heal()
    {
        _rules.Clear();
        Announce();
    }

    /// <summary>Completes when what came in at a moment may go on.</summary>
    public async Task PassAsync(int from, int to, long cameIn, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var rule = _rules.GetValueOrDefault((from, to));
            var left = rule.Delay - Stopwatch.GetElapsedTime(cameIn);
            if (!rule.IsCut && left <= TimeSpan.Zero)
            {
                return;
            }

            await (rule.IsCut ? changed.WaitAsync(cancellation) : Task.WhenAny(changed, Task.Delay(left, cancellation)));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Announce() => Interlocked.Exchange(ref _changed, Changing()).SetResult();

    private static TaskCompletionSource Changing() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
