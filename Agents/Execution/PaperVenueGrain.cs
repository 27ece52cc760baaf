using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Agents.Hosting;
using TradingEngine.Agents.Wire;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Simulation;

namespace TradingEngine.Agents.Execution;

/// <summary>
/// Executes orders on paper: reads the orders' queue, answers on the updates', and knows nothing else of the engine. An
/// order is acknowledged in the commit that reports its end: one that still works is kept by its queue, which delivers it
/// again to a venue that has forgotten it.
/// </summary>
[GrainType("paper-venue"), KeepAlive]
[ImplicitStreamSubscription(StreamNames.Orders), ImplicitStreamSubscription(StreamNames.Market), ImplicitStreamSubscription(StreamNames.Reconcile)]
public sealed class PaperVenueGrain(
    ITradingStore store,
    IOptions<AgentOptions> options,
    IServiceProvider services,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<PaperVenueGrain> logger) : QueueConsumerGrain(deadLetters, logger), IPaperVenueGrain
{
    private static readonly TimeSpan AdvancePeriod = TimeSpan.FromMilliseconds(20);

    private readonly AgentOptions _options = options.Value;
    private readonly PaperVenue _venue = new(options.Value.Venue);
    private readonly Dictionary<string, QueueAck> _working = new(StringComparer.Ordinal);
    private readonly OrderJournal? _journal = services.GetService<OrderJournal>();
    private IPartitionStore _partition = null!;

    private bool IsReplay => _options.ReplaysFile is not null;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(this.GetPrimaryKeyString());
        if (_options.ExecutesOnPaper && !IsReplay)
        {
            this.RegisterGrainTimer(AdvanceAsync, new() { DueTime = AdvancePeriod, Period = AdvancePeriod, KeepAlive = true });
            this.RegisterGrainTimer(
                _ => Heartbeat.SendAsync(store.Board, AgentNames.Execution, clock.GetUtcNow(), reconciles: true),
                new() { DueTime = TimeSpan.Zero, Period = Heartbeat.Period, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task OnMarketAsync(ImmutableArray<MarketUpdate> updates)
    {
        foreach (var update in updates.Where(update => !update.IsHistory))
        {
            await ReportAsync(_venue.OnMarket(update, clock.GetUtcNow()), []);
        }
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        if (batch.Queue == StreamNames.Orders)
        {
            await ExecuteAsync(batch);
        }
        else if (batch.Queue == StreamNames.Reconcile)
        {
            await AnswerAsync(batch);
        }
        else if (_options.ExecutesOnPaper && !IsReplay)
        {
            var now = clock.GetUtcNow();
            await OnMarketAsync([.. batch.Messages.Select(message => MarketReader.Read(message.Payload, now, out _))
                .OfType<MarketUpdate>()]);
        }
    }

    private async Task ExecuteAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        foreach (var message in batch.Messages)
        {
            if (OrderReader.Read(message.Payload, now, out var error) is not { } order)
            {
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            if (_working.ContainsKey(order.OrderId))
            {
                // Its queue only asks whether it is forgotten.
                continue;
            }

            _journal?.Add(message.Payload.Span);
            var reports = order.Intent == OrderIntent.Cancel && order.TargetOrderId is { } target
                ? _venue.OnCancel(target, now)
                : _venue.OnOrder(order, now);
            var ack = new QueueAck(batch.Queue, message.EntryId);
            if (!IsReplay && _venue.IsWorking(order.OrderId))
            {
                // A replay has no second life, and waits for every entry to be acknowledged.
                _working[order.OrderId] = ack;
                await ReportAsync(reports, []);
            }
            else
            {
                await ReportAsync(reports, [ack]);
            }
        }
    }

    /// <summary>Says what it knows of the orders asked for; of positions it says nothing, since it forgets at each start.</summary>
    private async Task AnswerAsync(QueueBatch batch)
    {
        foreach (var message in batch.Messages)
        {
            if (ReconcileRequestReader.Read(message.Payload, out var error) is not { } request)
            {
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            var answer = AgentJson.Reconciled(
                request.RequestId, [.. request.OrderIds.Select(id => (id, _venue.ReportsOf(id)))]);
            await _partition.CommitAsync(
            [
                new Commit
                {
                    Appends = [new QueueAppend(StreamNames.Reconciled, request.RequestId, answer)],
                    Acks = [new QueueAck(batch.Queue, message.EntryId)],
                },
            ]);
        }
    }

    private async Task ReportAsync(IReadOnlyList<ExecutionReport> reports, ImmutableArray<QueueAck> acks)
    {
        foreach (var report in reports)
        {
            if (report.OrderId is { } id && !_venue.IsWorking(id) && _working.Remove(id, out var ended))
            {
                acks = acks.Add(ended);
            }
        }

        if (reports.Count == 0 && acks.IsEmpty)
        {
            return;
        }

        var commit = new Commit
        {
            Appends = [.. reports.Select(report =>
                new QueueAppend(StreamNames.Updates, report.FillId ?? report.OrderId ?? "", AgentJson.Report(report)))],
            Acks = acks,
        };
        try
        {
            await _partition.CommitAsync([commit]);
        }
        catch (StoreException)
        {
            // What the venue thinks it said may never have been heard: it forgets, and gets its orders again.
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task AdvanceAsync()
    {
        var now = clock.GetUtcNow();
        if (_venue.NextDue <= now)
        {
            await ReportAsync(_venue.Advance(now), []);
        }
    }
}
