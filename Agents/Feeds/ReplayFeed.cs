using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TradingEngine.Agents.Execution;
using TradingEngine.Agents.Hosting;
using TradingEngine.Agents.Strategies;
using TradingEngine.Agents.Wire;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Agents.Feeds;

/// <summary>How far a replay is.</summary>
/// <param name="Events">Prices published.</param>
/// <param name="Time">Virtual time.</param>
public readonly record struct ReplayProgress(long Events, DateTimeOffset Time);

/// <summary>
/// Replays a file in lock step on virtual time. For each price: the clock moves there, the venue fills what rests, the
/// engine gets the price, then the strategies do; each step waits until everything it caused is committed and
/// acknowledged. So the same file and seed give the same orders.
/// </summary>
public sealed partial class ReplayFeed(
    ITradingStore store, IGrainFactory grains, FakeTimeProvider clock, QueueActivity activity, IOptions<AgentOptions> options,
    IOptions<EngineOptions> engine, ILogger<ReplayFeed> logger)
{
    private VirtualBeats? _beats;

    /// <summary>Replays the whole file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="report">Told of each price published.</param>
    /// <param name="cancellation">Ends the replay between two prices.</param>
    public async Task RunAsync(string file, Action<ReplayProgress> report, CancellationToken cancellation)
    {
        StrategyRunner? runner = null;
        var venue = grains.GetGrain<IPaperVenueGrain>(StreamNames.DefaultPartition);
        var started = Stopwatch.GetTimestamp();
        DateTimeOffset? first = null;
        var events = 0L;
        foreach (var update in MarketFile.Read(file))
        {
            cancellation.ThrowIfCancellationRequested();
            runner ??= new StrategyRunner(options.Value, update.Bar?.Interval ?? TimeSpan.FromMinutes(1), OnStrategyFailed);
            first ??= update.Time;
            await PaceAsync(update.Time - first.Value, started, cancellation);
            await MoveToAsync(update.Time);
            await venue.OnMarketAsync([update]);
            await activity.WhenIdleAsync().WaitAsync(cancellation);
            await PushAsync(StreamNames.Market, AgentJson.Price(update), cancellation);
            foreach (var signal in runner.OnMarket(update))
            {
                await PushAsync(StreamNames.FastSignals, AgentJson.Signal(signal), cancellation);
            }

            report(new ReplayProgress(++events, update.Time));
        }
    }

    private async Task PushAsync(string queue, byte[] payload, CancellationToken cancellation)
    {
        await store.Queues.PushAsync(queue, [payload], cancellation);
        await activity.WhenIdleAsync().WaitAsync(cancellation);
    }

    /// <summary>Moves the clock, and runs the slow tiers' cycles that come due on the way.</summary>
    private async Task MoveToAsync(DateTimeOffset time)
    {
        if (_beats is null)
        {
            clock.SetUtcNow(time);
            _beats = await VirtualBeats.StartAsync(grains, engine.Value, time);
        }

        await _beats.BeatAsync(time);
        if (time > clock.GetUtcNow())
        {
            clock.SetUtcNow(time);
        }
    }

    private void OnStrategyFailed(string strategy, string symbol, Exception exception) =>
        LogStrategyFailed(logger, exception, strategy, symbol);

    private async Task PaceAsync(TimeSpan virtualElapsed, long started, CancellationToken cancellation)
    {
        if (options.Value.ReplaySpeed is { } speed)
        {
            var wait = (virtualElapsed / speed) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellation);
            }
        }
    }

    [LoggerMessage(3202, LogLevel.Error, "Strategy {Strategy} failed on {Symbol} and is not asked again for it in this replay")]
    private static partial void LogStrategyFailed(ILogger logger, Exception exception, string strategy, string symbol);
}
