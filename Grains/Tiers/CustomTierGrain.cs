using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// A tier of the configuration. Each cycle takes what its queue holds, runs its jobs, and writes their messages and the
/// acknowledgements in one commit: a cycle that fails before it is run again by the next one with the same messages.
/// </summary>
[GrainType("tier-custom"), KeepAlive]
public sealed partial class CustomTierGrain(
    IGrainContext context, ITradingStore store, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<CustomTierGrain> logger)
    : TierGrain(Tiers.Of(context, options.Value), options, beats, deadLetters, logger), ICustomTierGrain
{
    private const int MaxMessages = 1000;
    private const int KeptMessages = 1000;

    private readonly ILogger _logger = logger;
    private readonly TierDefinition _tier = Tiers.Of(context, options.Value);
    private readonly IPartitionStore _partition = store.Partition(options.Value.Partition);
    private IQueueReader? _reader;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await base.OnDeactivateAsync(reason, cancellationToken);
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task RunCycleAsync()
    {
        if (_tier.Queue is not null)
        {
            _reader ??= store.Queues.OpenReader(_tier.QueueName);
        }

        var entries = _reader is null ? [] : await _reader.ReadAsync(MaxMessages, TimeSpan.Zero);
        var input = new TierJobInput
        {
            Now = clock.GetUtcNow(),
            Cycle = Meter.Cycles,
            Positions = [.. await new PositionBoard(store, _partition, GrainFactory).ReadEntriesAsync()],
            Messages = [.. entries.Select(entry => Encoding.UTF8.GetString(entry.Payload.Span))],
        };
        var results = _tier.Jobs.Select(job => Run(job, input)).ToList();
        await _partition.CommitAsync([new Commit
        {
            Pushes = [.. results.SelectMany(result => result.Messages)
                .Select(message => new ListPush(message.Key, Encoding.UTF8.GetBytes(message.Json), KeptMessages))],
            Acks = [.. entries.Select(entry => new QueueAck(_tier.QueueName, entry.Id))],
        }]);
        foreach (var _ in entries)
        {
            Meter.Take();
        }

        foreach (var (id, reason) in results.SelectMany(result => result.Closes))
        {
            await GrainFactory.GetGrain<IPositionGrain>(id).CloseAsync(reason, null);
        }
    }

    /// <inheritdoc/>
    protected override Task HandleAsync(QueueBatch batch) => Task.CompletedTask;

    private TierJobResult Run(string name, TierJobInput input)
    {
        try
        {
            var result = TierJobRegistry.Default.Find(name)!.Run(input);
            foreach (var note in result.Notes)
            {
                LogNote(_logger, _tier.Name, name, note);
            }

            return result;
        }
#pragma warning disable CA1031 // A job is anybody's code: what it throws fails the cycle, and the other jobs run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Meter.Fail();
            LogFailed(_logger, exception, _tier.Name, name);
            return new TierJobResult();
        }
    }

    [LoggerMessage(2701, LogLevel.Information, "Tier {Tier}, {Job}: {Note}")]
    private static partial void LogNote(ILogger logger, string tier, string job, string note);

    [LoggerMessage(2702, LogLevel.Error, "Tier {Tier}: the job {Job} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string tier, string job);
}
