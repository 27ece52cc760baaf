using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Positions;

/// <summary>
/// Takes execution reports off their queue and hands them to positions. A report that fits nothing is left unacknowledged
/// for a few deliveries, since it may have come before what it speaks of, and is then set aside.
/// </summary>
[GrainType("execution"), ImplicitStreamSubscription(StreamNames.Updates), KeepAlive]
public sealed class ExecutionGrain(
    DeadLetters deadLetters,
    GrainReferences<IPositionGrain> positions,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<ExecutionGrain> logger) : QueueConsumerGrain(deadLetters, logger), IExecutionGrain
{
    /// <summary>Positions take one call after the other, so reports of one stay in order.</summary>
    protected override int BatchesAtOnce => 4;

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        var byPosition = new Dictionary<string, List<(ReportInput Input, QueueMessage Message)>>(StringComparer.Ordinal);
        var broken = new List<(QueueMessage Message, WireError Error)>();
        foreach (var message in batch.Messages)
        {
            var report = ReportReader.Read(message.Payload, now, out var error);
            if (report is null)
            {
                broken.Add((message, error!));
                continue;
            }

            var input = new ReportInput(report, batch.Queue, message.EntryId, message.Deliveries);
            if (!byPosition.TryGetValue(report.PositionId!, out var inputs))
            {
                byPosition[report.PositionId!] = inputs = [];
            }

            inputs.Add((input, message));
        }

        await Task.WhenAll(
            [.. byPosition.Select(pair => ApplyAsync(batch.Queue, pair.Key, pair.Value)), DeadLetters.AddAsync(batch.Queue, broken)]);
    }

    private async Task ApplyAsync(
        string queue, string positionId, List<(ReportInput Input, QueueMessage Message)> inputs)
    {
        var outcomes = await positions.Of(positionId).ApplyAsync(
            [.. inputs.Select(item => item.Input)]);
        for (var i = 0; i < inputs.Count; i++)
        {
            if (outcomes[i] == ReportOutcome.Unmatched && inputs[i].Message.Deliveries >= MaxDeliveries)
            {
                await DeadLetters.AddAsync(queue, inputs[i].Message, new WireError(
                    RejectReason.InvalidField, $"no order of position {positionId} fits the report"));
            }
        }
    }
}
