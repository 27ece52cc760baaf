using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Archive;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Audit;

/// <summary>
/// Seals the audit each second, and moves what is old to segment files. How far it came is one record of the store, written
/// by compare and set: of two activations one moves, and the other reads again.
/// </summary>
[GrainType("audit"), KeepAlive]
public sealed partial class AuditGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<AuditGrain> logger) : Grain, IAuditGrain
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly EngineOptions _options = options.Value;
    private readonly IPartitionStore _partition = store.Partition(options.Value.Partition);
    private readonly AuditReader _reader = new(
        store.Partition(options.Value.Partition), options.Value.Archive is { } archive ? new SegmentFiles(archive) : null);

    private bool _isBroken;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!_options.IsLockStep)
        {
            this.RegisterGrainTimer(TickAsync, new() { DueTime = Second, Period = Second, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<AuditHead> GetHeadAsync() => (await AuditHeads.ReadAsync(_partition)).Head;

    /// <inheritdoc/>
    public Task<AuditPage> ReadAsync(AuditCursor from, string? positionId) => _reader.ReadAsync(from, positionId);

    /// <inheritdoc/>
    public Task<ImmutableArray<PositionRecord>> FindAsync(ImmutableArray<string> positionIds) => _reader.FindAsync(positionIds);

    /// <inheritdoc/>
    public Task<ImmutableArray<TradeView>> GetTradesAsync(int count) => Task.FromResult<ImmutableArray<TradeView>>(
        [.. _reader.ArchivedNewestFirst().Select(record => DomainJson.ReadPosition(record.Data.Span))
            .Where(state => state.Phase == PositionPhase.Closed)
            .Take(count).Select(state => TradeWriter.Read(Encoding.UTF8.GetString(TradeWriter.Write(state))))]);

    private async Task TickAsync()
    {
        try
        {
            var now = clock.GetUtcNow();
            await new AuditSealer(_partition).SealAsync(now);
            if (_options.Archive is { } archive)
            {
                await new AuditMover(_partition, new SegmentFiles(archive)).MoveAsync(now, _options.Retention);
            }

            await store.Queues.TrimAsync(StreamNames.Orders);
            _isBroken = false;
        }
        catch (StoreException exception)
        {
            LogWaits(logger, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A full disk or a damaged audit: nothing is removed that is not safe elsewhere, and somebody must look.
            LogFailed(logger, exception.Message);
            if (!_isBroken)
            {
                _isBroken = true;
                facts.Publish([new TradingFact { Kind = FactKind.AuditBroken, Time = clock.GetUtcNow(), Reason = exception.Message }]);
            }
        }
    }

    [LoggerMessage(2601, LogLevel.Warning, "The audit is not sealed for now: {Error}")]
    private static partial void LogWaits(ILogger logger, string error);

    [LoggerMessage(2602, LogLevel.Error, "The audit is not moved to segment files: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}
