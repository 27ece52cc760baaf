using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Risk;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Risk;

/// <summary>
/// Asks the risk agent outside about entries that passed every check, and hands its answers to who waits for them. It keeps nothing: a
/// question whose answer is lost with its activation is silence, and a signal that comes again asks again under the same id.
/// </summary>
[GrainType("risk-agent"), ImplicitStreamSubscription(StreamNames.RiskAnswers), KeepAlive]
public sealed partial class RiskAgentGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<RiskAgentGrain> logger) : QueueConsumerGrain(deadLetters, logger), IRiskAgentGrain
{
    private const int MaxKept = 1000;

    // Bounds the table of open questions; whoever is beyond it is answered with silence.
    private const int MostOpen = 10_000;

    private readonly ILogger _logger = logger;
    private readonly EngineOptions _options = options.Value;
    private readonly Dictionary<string, TaskCompletionSource<RiskVerdict>> _open = new(StringComparer.Ordinal);
    private IPartitionStore _partition = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RiskVerdict>> AskAsync(ImmutableArray<RiskQuestion> questions)
    {
        var (policy, now) = (_options.RiskAgent, clock.GetUtcNow());
        var waited = new List<Task<RiskVerdict>>(questions.Length);
        var opened = new List<string>(questions.Length);
        foreach (var question in questions.Take(Math.Max(0, MostOpen - _open.Count)))
        {
            var id = IdOf(question);
            // The same entry asked about twice, as after a lost answer to the caller, waits for one answer.
            if (!_open.TryGetValue(id, out var source))
            {
                _open[id] = source = new(TaskCreationOptions.RunContinuationsAsynchronously);
                opened.Add(id);
            }

            waited.Add(source.Task);
        }

        // Writing the question is part of the wait.
        var over = Task.Delay(policy.Wait, clock);
        try
        {
            await _partition.CommitAsync(
            [
                new Commit
                {
                    Pushes =
                    [
                        .. questions.Take(waited.Count).Select(question => new ListPush(
                            BoardKeys.RiskChecks, RiskCheckWriter.Write(IdOf(question), question, policy.Wait, now), MaxKept)),
                    ],
                },
            ]);
            await Task.WhenAny(Task.WhenAll(waited), over);
        }
        finally
        {
            opened.ForEach(id => _open.Remove(id));
        }

        return [.. await Task.WhenAll(questions.Select((_, i) => i < waited.Count && waited[i].IsCompleted ? waited[i] : Task.FromResult(RiskVerdict.Silent)))];
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var acks = new List<QueueAck>(batch.Messages.Length);
        foreach (var message in batch.Messages)
        {
            if (RiskCheckReader.Read(message.Payload, out var error) is not { } answer)
            {
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            if (!_open.TryGetValue(answer.RequestId, out var source) || !source.TrySetResult(answer.Verdict))
            {
                LogNotAwaited(_logger, answer.RequestId);
            }

            acks.Add(new QueueAck(batch.Queue, message.EntryId));
        }

        await _partition.CommitAsync([new Commit { Acks = [.. acks] }]);
    }

    private static string IdOf(RiskQuestion question) => $"{RiskCheckWriter.Type}-{question.PositionId}";

    [LoggerMessage(2541, LogLevel.Debug, "Nobody waits for the risk agent's answer to {Request}: it came too late, or twice")]
    private static partial void LogNotAwaited(ILogger logger, string request);
}
