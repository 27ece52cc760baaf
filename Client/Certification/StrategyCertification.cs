using System.Collections.Immutable;
using System.Diagnostics;
using TradingEngine.Client.Redis;

namespace TradingEngine.Client.Certification;

/// <summary>Leads a strategy agent through the rules: shows it prices, and takes its signals as an engine does.</summary>
internal sealed class StrategyCertification(
    RedisPlace place, CertificationGround ground, AgentProcess agent, StrategyOptions options, int seed, string ownName, Action<string> say)
    : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly SignalBook _signals = new();
    private readonly ImmutableArray<(QueueTaker Taker, int Tier)> _queues =
    [
        .. new[] { (WireQueue.HftSignals, 1), (WireQueue.StrategySignals, 2), (WireQueue.FastSignals, 2), (WireQueue.TacticalSignals, 3) }
            .DistinctBy(queue => ground.Queues.KeyOf(queue.Item1)).Select(queue => (new QueueTaker(ground.Queues, queue.Item1), queue.Item2)),
    ];

    /// <summary>Runs it; the results in the order of the table.</summary>
    public async Task<IReadOnlyList<RuleResult>> RunAsync(CancellationToken cancellation)
    {
        await using var feed = new PriceFeed(place, options.Symbol, options.Price, seed);
        foreach (var (taker, tier) in _queues)
        {
            taker.Start(message => _signals.Add(SeenSignal.Read(tier, message, TimeProvider.System.GetUtcNow(), feed.Last)));
        }

        await using var heartbeat = new HeartbeatWatch(place.Database, options.Agent);
        await agent.StartAsync("strategy", cancellation);
        say($"{options.Signals} signals");
        await CountAsync(options.Signals, cancellation);
        var (first, wanted) = (_signals.Count, Math.Max(1, options.Signals / 2));
        var results = new List<RuleResult>();
        if (first > 0)
        {
            say($"{wanted} more after its connections are cut");
            var cut = await BreakAsync(
                StrategyRules.Cut, () => ground.CutConnectionsAsync(ownName), wanted, hasNewPrices: false, cancellation);
            say($"{wanted} more after a restart");
            await agent.PrepareRestartAsync(cancellation);
            heartbeat.Overlook(isRestarting: true);
            var restart = await BreakAsync(
                StrategyRules.Restart, () => agent.RestartAsync(cancellation), wanted, hasNewPrices: true, cancellation);
            heartbeat.Overlook(isRestarting: false);
            results.AddRange([cut, restart]);
        }

        results.InsertRange(0, StrategyRules.Judge(_signals.All, options.Signals, first));
        results.Add(await heartbeat.JudgeAsync(isNeeded: false, cancellation));
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (taker, _) in _queues)
        {
            await taker.DisposeAsync();
        }
    }

    private async Task<RuleResult> BreakAsync(
        string rule, Func<Task> breaks, int wanted, bool hasNewPrices, CancellationToken cancellation)
    {
        var before = _signals.All;
        await breaks();
        await CountAsync(_signals.Count + wanted, cancellation);
        return StrategyRules.JudgeBreak(rule, before, [.. _signals.All.Skip(before.Count)], wanted, hasNewPrices);
    }

    private async Task CountAsync(int count, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (_signals.Count < count && Stopwatch.GetElapsedTime(started) < options.Patience)
        {
            await Task.Delay(Look, cancellation);
        }
    }
}
