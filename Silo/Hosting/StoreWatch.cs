using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>
/// Looks after the store every two seconds, idle or not, and says once what became of it. A silo whose store is lost is not ready and has nothing
/// left to save; one whose store was put back to an older state takes no new risk until somebody resumes it.
/// </summary>
internal sealed class StoreWatch
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private volatile string? _lost;
    private volatile StoreSighting _newest = StoreSighting.Same;

    /// <summary>What the newest look found.</summary>
    public StoreSighting Newest => _newest;

    /// <summary>Why the store is lost, and what to do; null while it is not.</summary>
    public string? Lost => _lost;

    /// <summary>Looks until the store is lost or the silo ends.</summary>
    public async Task RunAsync(ITradingStore store, string partition, TextWriter errors, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery);
        string? toReduce = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var seen = await store.LookAsync(stop);
                _newest = seen;
                if (seen.Finding == StoreFinding.Lost)
                {
                    _lost = seen.Detail;
                    await errors.WriteLineAsync($"The store is lost, and this silo takes no work any more. {seen.Detail}");
                    return;
                }

                if (seen.Finding == StoreFinding.RolledBack)
                {
                    toReduce = seen.Detail;
                    await errors.WriteLineAsync($"No new risk is taken from now on. {seen.Detail} Then resume.");
                }

                toReduce = toReduce is not null && await ReduceAsync(store.Partition(partition), toReduce, stop) ? null : toReduce;
            }
        }
        catch (OperationCanceledException)
        {
            // The silo ends.
        }
    }

    /// <summary>Lets exits alone pass; true when that is so, or an engine that does not run takes no risk anyway.</summary>
    private static async Task<bool> ReduceAsync(IPartitionStore partition, string reason, CancellationToken stop)
    {
        try
        {
            var control = await partition.ReadControlAsync(stop);
            return (EngineMode)control.Mode != EngineMode.Running
                || await partition.SetModeAsync(control.Version, (int)EngineMode.ReduceOnly, reason, [], [], stop);
        }
        catch (StoreException)
        {
            // Tried again at the next look.
            return false;
        }
    }
}
