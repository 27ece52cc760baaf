using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Reconciliation;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Reconciliation;

/// <summary>
/// Asks an execution agent that offers it: at the start and each minute of all working orders and positions, every five
/// seconds of orders without an answer. What it answers of orders and fills goes the way of every execution report, so a
/// fill counts once however it became known. Positions that differ twice in a row stop the entries of their symbol.
/// </summary>
[GrainType("reconciliation"), ImplicitStreamSubscription(StreamNames.Reconciled), KeepAlive]
public sealed partial class ReconciliationGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<ReconciliationGrain> logger) : QueueConsumerGrain(deadLetters, logger), IReconciliationGrain
{
    /// <summary>Begins the reason of halts that are set and lifted here.</summary>
    public const string HaltReason = "reconciliation";

    /// <summary>Orders in one request, so that its answer stays a message of ordinary size.</summary>
    private const int MostOrders = 100;

    private static readonly TimeSpan TimerPeriod = TimeSpan.FromSeconds(1);

    /// <summary>An agent that did not answer in this time is asked again.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FreshHeartbeat = TimeSpan.FromSeconds(60);

    private readonly ILogger _logger = logger;
    private readonly EngineOptions _options = options.Value;
    private ReconciliationView _view = ReconciliationView.None;
    private PositionComparison _comparison = PositionComparison.None;
    private IPartitionStore _partition = null!;
    private string? _asked;
    private DateTimeOffset _allAskedAt;
    private long _number;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        if (!_options.IsLockStep)
        {
            this.RegisterGrainTimer(AskAsync, new() { DueTime = TimerPeriod, Period = TimerPeriod, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync() => _options.IsLockStep ? Task.CompletedTask : AskAsync();

    /// <inheritdoc/>
    public Task<ReconciliationView> GetViewAsync() => Task.FromResult(_view);

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        foreach (var message in batch.Messages)
        {
            if (ReconcileReader.Read(message.Payload, now, out var error) is not { } answer)
            {
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            await _partition.CommitAsync(
            [
                new Commit
                {
                    Appends =
                    [
                        .. answer.Reports.Select((report, i) => new QueueAppend(
                            StreamNames.Updates, string.Create(CultureInfo.InvariantCulture, $"{message.EntryId}/{i}"), report)),
                    ],
                    Acks = [new QueueAck(batch.Queue, message.EntryId)],
                },
            ]);

            // Positions of an old answer are compared with nothing: they were true then.
            if (answer.RequestId == _asked)
            {
                _asked = null;
                await CompareAsync(answer.Positions, now);
                _view = _view with { AnsweredAt = now, NotFound = answer.NotFound };
            }
        }
    }

    private async Task AskAsync()
    {
        var now = clock.GetUtcNow();
        try
        {
            if ((_asked is null || now - _view.AskedAt > LongestAnswer) && await IsOfferedAsync(now))
            {
                await AskAsync(now);
            }
        }
        catch (StoreException exception)
        {
            LogNotAsked(_logger, exception.Message);
        }
    }

    private async Task AskAsync(DateTimeOffset now)
    {
        var asksAll = now - _allAskedAt >= _options.ReconcileEvery;
        if (!asksAll && now - _view.AskedAt < _options.AskAfter)
        {
            return;
        }

        var orders = await OrdersInQuestionAsync(asksAll ? null : now - _options.AskAfter);
        if (orders.Count == 0 && !asksAll)
        {
            return;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"reconcile-{now.ToUnixTimeMilliseconds()}-{_number++}");
        var request = ReconcileWriter.Write(id, orders, asksAll, now);
        await _partition.CommitAsync([new Commit { Appends = [new QueueAppend(StreamNames.Reconcile, id, request)] }]);
        _asked = id;
        _view = _view with { AskedAt = now };
        if (asksAll)
        {
            _allAskedAt = now;
        }
    }

    /// <summary>True when the execution agent lives and says that it answers: to others a request would only pile up.</summary>
    private async Task<bool> IsOfferedAsync(DateTimeOffset now)
    {
        var agent = await store.Board.ReadHashAsync(BoardKeys.AgentStats + AgentNames.Execution);
        var beat = agent.GetValueOrDefault(AgentFields.LastHeartbeat) ?? agent.GetValueOrDefault(AgentFields.Timestamp);
        var isOffered = agent.GetValueOrDefault(AgentFields.Reconcile) == "true"
            && decimal.TryParse(beat, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && TradeWriter.Seconds(now) - seconds < (decimal)FreshHeartbeat.TotalSeconds;
        _view = _view with { IsOffered = isOffered };
        return isOffered;
    }

    /// <summary>Orders without an answer since <paramref name="before"/>, or with null all that may still trade.</summary>
    private async Task<IReadOnlyList<string>> OrdersInQuestionAsync(DateTimeOffset? before)
    {
        var ids = new List<string>();
        foreach (var symbol in (await _partition.ReadIndexVersionsAsync()).Keys)
        {
            foreach (var position in await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetUnsettledAsync(before, MostOrders))
            {
                if (await GrainFactory.GetGrain<IPositionGrain>(position).GetAsync() is { } state)
                {
                    ids.AddRange(PositionLifecycle.OrdersInQuestion(state, before));
                }
            }
        }

        return [.. ids.Distinct(StringComparer.Ordinal).Take(MostOrders)];
    }

    private async Task CompareAsync(IReadOnlyDictionary<Holding, decimal>? venue, DateTimeOffset now)
    {
        if (venue is null)
        {
            return;
        }

        var engine = new Dictionary<Holding, decimal>();
        foreach (var symbol in (await _partition.ReadIndexVersionsAsync()).Keys)
        {
            foreach (var net in (await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetReportAsync()).Nets)
            {
                engine[new Holding(net.Account, symbol)] = net.Lots;
            }
        }

        // An agent may state all that a venue holds, and so accounts of other partitions, of which nothing is counted here.
        var stated = venue.Where(item => _options.OtherPartitionOf(item.Key.Account) is null).ToDictionary();
        var before = _comparison.Breaks;
        _comparison = _comparison.Take(engine, stated);
        _view = _view with { Breaks = [.. _comparison.Breaks.Values.OrderBy(found => found.Holding.Symbol, StringComparer.Ordinal)] };
        foreach (var found in _comparison.Breaks.Values.Where(found => !before.ContainsKey(found.Holding)))
        {
            await BreakAsync(found, now);
        }

        var broken = _comparison.Breaks.Keys.Select(holding => holding.Symbol).ToHashSet(StringComparer.Ordinal);
        foreach (var (scope, halts) in HaltRegister.Of(await _partition.ReadControlAsync()))
        {
            if (halts.Any(halt => halt.By == HaltReason) && !broken.Any(symbol => scope == HaltScopes.Symbol(symbol)))
            {
                await HaltRegister.LiftAsync(_partition, scope, HaltReason);
                LogAgree(_logger, scope);
            }
        }
    }

    /// <summary>Stops the symbol's entries; halts by others stand beside it.</summary>
    private async Task BreakAsync(PositionBreak found, DateTimeOffset now)
    {
        var (account, symbol) = found.Holding;
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"{HaltReason}: {account} holds {found.Engine} {symbol} by its fills, {found.Venue} by the execution agent");
        await HaltRegister.SetAsync(_partition, HaltScopes.Symbol(symbol), new Halt(HaltReason, reason));
        facts.Publish(ImmutableArray.Create(
            new TradingFact { Kind = FactKind.ReconciliationBreak, Time = now, Symbol = symbol, Reason = reason }));
        LogBreak(_logger, reason);
    }

    [LoggerMessage(2501, LogLevel.Warning, "The execution agent could not be asked: {Error}")]
    private static partial void LogNotAsked(ILogger logger, string error);

    [LoggerMessage(2502, LogLevel.Error, "Entries of the symbol are stopped. {Reason}")]
    private static partial void LogBreak(ILogger logger, string reason);

    [LoggerMessage(2503, LogLevel.Warning, "Positions agree again: the halt of {Scope} is lifted")]
    private static partial void LogAgree(ILogger logger, string scope);
}
