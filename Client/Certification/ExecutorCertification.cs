using TradingEngine.Grains.Interfaces;
using System.Collections.Immutable;
using System.Diagnostics;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using Order = TradingEngine.Trading.Orders.Order;

namespace TradingEngine.Client.Certification;

/// <summary>Leads an execution agent through the rules, being its engine on the wire.</summary>
internal sealed class ExecutorCertification(
    RedisPlace place, CertificationGround ground, AgentProcess agent, ExecutorOptions options, string run, string ownName, Action<string> say)
    : IAsyncDisposable
{
    private const int Openings = 4;
    private const int TwiceSent = 4;
    private const int Races = 10;
    private const int InFlight = 200;
    private const int SentAgain = 5;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a second answer to what is answered may take.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly ExecutorRun _run = new();
    private readonly ExecutorOrders _orders = new(options, run);
    private readonly QueueTaker _updates = new(ground.Queues, WireQueue.Updates);
    private readonly QueueTaker _answers = new(ground.Queues, WireQueue.ReconcileReplies);
    private int _asked;

    /// <summary>Runs it; the results in the order of the table.</summary>
    public async Task<IReadOnlyList<RuleResult>> RunAsync(CancellationToken cancellation)
    {
        _updates.Start(message => _run.Reports.Add(message, TimeProvider.System.GetUtcNow()));
        await using var heartbeat = new HeartbeatWatch(place.Database, AgentNames.Execution);
        await agent.StartAsync("execution", cancellation);
        await heartbeat.FirstAsync(cancellation);
        _run.OffersReconcile = await heartbeat.OffersAsync(AgentFields.Reconcile);
        if (_run.OffersReconcile)
        {
            _run.Before = await AskAsync([], cancellation);
        }

        await SendPlainAsync(cancellation);
        if (_run.Reports.OrderIds.Count == 0)
        {
            // Nobody is there: waiting for each of the others would say no more.
            return [await heartbeat.JudgeAsync(isNeeded: true, cancellation), ExecutorRules.JudgeAnswered(_run)];
        }

        await SendTwiceAsync(cancellation);
        await SendRefusableAsync(cancellation);
        await CancelAsync(cancellation);
        await CutAsync(cancellation);
        await RestartAsync(heartbeat, cancellation);
        say("waiting for answers that come twice");
        await Task.Delay(Settling, cancellation);
        if (_run.OffersReconcile)
        {
            _run.NeverSent = _orders.Open().OrderId;
            _run.Asked = [.. _run.Plain, _run.Empty!, .. _run.Restarted.Skip(SentAgain).Take(SentAgain)];
            _run.After = await AskAsync([.. _run.Asked.Select(order => order.OrderId), _run.NeverSent], cancellation);
        }

        return
        [
            await heartbeat.JudgeAsync(isNeeded: true, cancellation),
            .. ExecutorRules.Judge(_run),
            ReconcileRule.Judge(_run, TimeProvider.System.GetUtcNow()),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync();
        await _answers.DisposeAsync();
    }

    private async Task SendPlainAsync(CancellationToken cancellation)
    {
        say("orders that open and close");
        var openings = _orders.Open(Openings);
        _run.Plain = [.. openings, .. openings.Take(2).Select(ExecutorOrders.Close)];
        await SendAsync(openings);
        await EndedAsync(openings, cancellation);
        if (_run.Reports.OrderIds.Count > 0)
        {
            await SendAsync(_run.Plain.Skip(Openings));
            await EndedAsync(_run.Plain, cancellation);
        }
    }

    private async Task SendTwiceAsync(CancellationToken cancellation)
    {
        say("orders sent twice");
        _run.Twice = _orders.Open(TwiceSent);
        var (atOnce, later) = (_run.Twice[..2], _run.Twice[2..]);
        await SendAsync([.. atOnce, .. atOnce, .. later]);
        await EndedAsync(_run.Twice, cancellation);
        await SendAsync(later);
    }

    private async Task SendRefusableAsync(CancellationToken cancellation)
    {
        say("orders to refuse");
        _run.Empty = _orders.Open() with { Quantity = 0m };
        _run.Strange = _orders.Open() with { Symbol = ExecutorOrders.StrangeSymbol };
        await SendAsync([_run.Empty, _run.Strange]);
        await EndedAsync([_run.Empty, _run.Strange], cancellation);
    }

    private async Task CancelAsync(CancellationToken cancellation)
    {
        say("cancels");
        _run.CancelOfNothing = ExecutorOrders.Cancel(_orders.Open());
        _run.Done = _orders.Open();
        await SendAsync([_run.Done]);
        await EndedAsync([_run.Done], cancellation);
        _run.CancelOfDone = ExecutorOrders.Cancel(_run.Done);
        _run.Races = [.. _orders.Open(Races).Select(order => (order, ExecutorOrders.Cancel(order)))];
        await SendAsync([_run.CancelOfNothing, _run.CancelOfDone, .. _run.Races.SelectMany(race => new[] { race.Order, race.Cancel })]);
        await EndedAsync(_run.Races.Select(race => race.Order), cancellation);
        Order[] cancels = [_run.CancelOfNothing, _run.CancelOfDone, .. _run.Races.Select(race => race.Cancel)];
        await UntilAsync(() => cancels.All(IsHeard), cancellation);
    }

    private async Task CutAsync(CancellationToken cancellation)
    {
        say("connections cut at work");
        _run.Cut = _orders.Open(InFlight);
        await SendAsync(_run.Cut);
        await BegunAsync(_run.Cut, cancellation);
        await ground.CutConnectionsAsync(ownName);
        await EndedAsync(_run.Cut, cancellation);
    }

    private async Task RestartAsync(HeartbeatWatch heartbeat, CancellationToken cancellation)
    {
        say("the agent restarted at work");
        await agent.PrepareRestartAsync(cancellation);
        _run.Restarted = _orders.Open(InFlight);
        _run.RestartedTwice = _run.Restarted[..SentAgain];
        await SendAsync(_run.Restarted);
        await BegunAsync(_run.Restarted, cancellation);
        heartbeat.Overlook(isRestarting: true);
        await agent.RestartAsync(cancellation);
        heartbeat.Overlook(isRestarting: false);
        await EndedAsync(_run.Restarted, cancellation);
        await SendAsync(_run.RestartedTwice);
        // Behind them, so that its answer says that they were looked at.
        var last = _orders.Open(1);
        await SendAsync(last);
        _run.Restarted = [.. _run.Restarted, .. last];
        await EndedAsync(last, cancellation);
    }

    private async Task<Reconciled> AskAsync(IReadOnlyList<string> orders, CancellationToken cancellation)
    {
        say("a reconcile request");
        var id = $"{run}-reconcile-{++_asked}";
        var now = TimeProvider.System.GetUtcNow();
        Reconciled? found = null;
        _answers.Start(message =>
        {
            var answer = ReconcileReader.Read(message, now, out var error);
            found ??= answer is null ? new Reconciled(null, $"an answer cannot be read: {error!.Detail}")
                : answer.RequestId == id ? new Reconciled(answer, null)
                : null;
        });
        await ground.Queues.SendAsync(WireQueue.ReconcileRequests, [(id, ReconcileWriter.Write(id, orders, asksPositions: true, now))]);
        await UntilAsync(() => found is not null, cancellation);
        return found ?? new Reconciled(null, $"no answer to {id} within {options.Patience.TotalSeconds:0} s");
    }

    private Task SendAsync(IEnumerable<Order> orders) =>
        ground.Queues.SendAsync(WireQueue.Orders, orders.Select(order => (order.OrderId, _orders.Write(order))));

    /// <summary>Waits for the end of all, as long as there is progress; what is missing is the rules' to say.</summary>
    private async Task EndedAsync(IEnumerable<Order> orders, CancellationToken cancellation)
    {
        var (left, before) = (orders.ToImmutableArray(), int.MaxValue);
        while (!left.IsEmpty && left.Length < before)
        {
            before = left.Length;
            await UntilAsync(() => left.All(IsEnded), cancellation);
            left = [.. left.Where(order => !IsEnded(order))];
        }
    }

    private Task<bool> BegunAsync(ImmutableArray<Order> orders, CancellationToken cancellation) =>
        UntilAsync(() => orders.Any(order => _run.Reports.Of(order.OrderId).Count > 0), cancellation);

    private bool IsEnded(Order order) => _run.Reports.EndsOf(order.OrderId).Count > 0;

    private bool IsHeard(Order cancel) => _run.Reports.Of(cancel.OrderId).Concat(_run.Reports.Of(cancel.TargetOrderId!))
        .Any(report => report.Status is OrderStatus.CancelRejected or OrderStatus.Cancelled);

    private async Task<bool> UntilAsync(Func<bool> isSo, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > options.Patience)
            {
                return false;
            }

            await Task.Delay(Look, cancellation);
        }

        return true;
    }
}
