using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Tier 4, 5 min: divides capital over the strategies, reviews them, and asks an agent for a better division, whose answer takes the place of
/// its own within the same bounds. Weights are committed, then sizes go by them.
/// </summary>
[GrainType("tier-strategic"), KeepAlive, ImplicitStreamSubscription(StreamNames.StrategicAnswers)]
public sealed partial class StrategicTierGrain(
    ITradingStore store, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters, SizingBoard sizes, PriceBoard prices,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<StrategicTierGrain> logger)
    : TierGrain(4, "strategic", TimeSpan.FromMinutes(5), options, beats, deadLetters, logger), IStrategicTierGrain
{
    private const string Optimisation = "portfolio_optimization";
    private const string Party = "review";
    private const int KeptDecisions = 1000;
    private const decimal WorthALine = 0.01m;

    private readonly ILogger _logger = logger;
    private readonly IPartitionStore _partition = store.Partition(options.Value.Partition);
    private readonly StrategyBoard _strategies = new(store, store.Partition(options.Value.Partition));
    private readonly Requests _requests = new(options.Value.AnswerWithin);
    private readonly Dictionary<string, List<(DateTimeOffset Time, decimal Price)>> _prices = new(StringComparer.Ordinal);
    private CapitalState? _state;
    private ImmutableSortedDictionary<string, decimal> _before = ImmutableSortedDictionary<string, decimal>.Empty;
    private long _version;
    private Task _changing = Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task RunCycleAsync() => InTurnAsync(ReviewAsync);

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        foreach (var message in batch.Messages)
        {
            if (AnswerReader.Read(message.Payload, out var error) is not { } answer)
            {
                Meter.DeadLetter();
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            await InTurnAsync(async () =>
            {
                var now = clock.GetUtcNow();
                var decisions = new List<ListPush>();
                var state = await RestoreAsync();
                var (type, why) = _requests.Take(answer.RequestId, message.EntryId, now);
                if (type is null)
                {
                    Note(decisions, $"answer of {answer.Agent ?? "an agent"} not used", why, now);
                }
                else
                {
                    // In place of the own step, and from where that began: two steps in one cycle would be twice as far.
                    var known = answer.Weights.Where(pair => state.Shares.ContainsKey(pair.Key)).ToDictionary(StringComparer.Ordinal);
                    state = state.With(StepsOf(_before, known, $"answer of {answer.Agent ?? "an agent"}", decisions, now));
                }

                await WriteAsync(state, decisions, [new QueueAck(batch.Queue, message.EntryId)]);
                Meter.Take();
            });
        }
    }

    private async Task ReviewAsync()
    {
        var now = clock.GetUtcNow();
        var decisions = new List<ListPush>();
        var state = await RestoreAsync();
        var views = await _strategies.ReadAsync();
        var equity = await EquityAsync(views.Select(view => view.Account));
        var figures = new List<StrategyFigures>();
        foreach (var view in views)
        {
            figures.Add(new StrategyFigures(
                view.Account, view.Strategy, view.Statistics, await _strategies.ReadNewestAsync(view.Account, view.Strategy, Options.Review.Window)));
        }

        if (equity > 0m)
        {
            state = state.Look(
                views.GroupBy(view => view.Strategy, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Sum(view => view.Statistics.Pnl), StringComparer.Ordinal),
                equity.Value);
        }

        var review = ReviewResult.Of(state, figures, equity, Options.Review, now);
        state = review.State;
        if (Options.Steers)
        {
            await HaltAsync(review, decisions, now);
        }

        _before = state.Weights();
        var targets = Allocation.WeightsOf(state.Optimise(Options.Weights));
        state = state.With(StepsOf(_before, targets, Options.Weights.Method.ToString(), decisions, now));
        var bySymbol = SharesBySymbol(now);
        decisions.Add(_requests.Ask(
            BoardKeys.OptimizationRequests, Optimisation, Meter.Cycles, now, json => WriteRequest(json, state, targets, bySymbol)));
        await WriteAsync(state, decisions, []);
        await store.Board.SetHashAsync(BoardKeys.StrategyWeights, state.Shares.ToDictionary(
            pair => pair.Key, pair => TierWriter.Share(pair.Value, SizingBoard.EffectiveWeight(pair.Value, Options.Review)), StringComparer.Ordinal));
    }

    /// <summary>Steps towards targets, noted with before and after where one is more than rounding.</summary>
    private ImmutableArray<CapitalChange> StepsOf(
        IReadOnlyDictionary<string, decimal> from, IReadOnlyDictionary<string, decimal> targets, string why, List<ListPush> decisions, DateTimeOffset now)
    {
        var changes = Allocation.Step(from, targets, Options.Weights);
        if (changes.Any(change => Math.Abs(change.After - change.Before) >= WorthALine))
        {
            Note(
                decisions,
                "weights " + string.Join(", ", changes.Select(change =>
                    string.Create(CultureInfo.InvariantCulture, $"{change.Name} {change.Before:0.###} -> {change.After:0.###}"))),
                $"{why}, targets " + string.Join(", ", changes.Select(change =>
                    string.Create(CultureInfo.InvariantCulture, $"{change.Name} {change.Target:0.###}"))),
                now);
        }

        return changes;
    }

    /// <summary>Suspended strategies take no entries; the halt is set before the standing is written, so that a crash repeats it.</summary>
    private async Task HaltAsync(ReviewResult review, List<ListPush> decisions, DateTimeOffset now)
    {
        foreach (var (strategy, before, after) in review.Changes)
        {
            var scope = HaltScopes.Strategy(strategy);
            if (after.Standing == StrategyStanding.Suspended)
            {
                await HaltRegister.SetAsync(_partition, scope, new Halt(Party, after.Reason, now + Options.Review.SuspendFor));
            }
            else if (before == StrategyStanding.Suspended)
            {
                await HaltRegister.LiftAsync(_partition, scope, Party);
            }

            Note(decisions, $"strategy {strategy} {TierWriter.NameOf(before)} -> {TierWriter.NameOf(after.Standing)}", after.Reason, now);
        }
    }

    private async Task<decimal?> EquityAsync(IEnumerable<string> accounts)
    {
        const int most = 100;
        var names = accounts.Distinct(StringComparer.Ordinal).DefaultIfEmpty("default").Take(most + 1).ToList();
        if (names.Count > most)
        {
            return null;
        }

        var summaries = await Task.WhenAll(names.Select(name => GrainFactory.GetGrain<IAccountGrain>(name).GetSummaryAsync()));
        return summaries.Any(summary => !summary.Unvalued.IsEmpty || summary.Currency != Options.Currency) ? null : summaries.Sum(summary => summary.Equity);
    }

    /// <summary>How capital would be divided over the symbols this silo hears of, by their returns from cycle to cycle: advice for agents.</summary>
    private ImmutableSortedDictionary<string, double> SharesBySymbol(DateTimeOffset now)
    {
        foreach (var symbol in prices.Symbols.Order(StringComparer.Ordinal).Take(CapitalState.MaxStrategies))
        {
            if (prices.Find(symbol) is { IsKnown: true } price)
            {
                if (!_prices.TryGetValue(symbol, out var known))
                {
                    _prices[symbol] = known = [];
                }

                known.Add((now, price.Mid));
                known.RemoveRange(0, Math.Max(0, known.Count - CapitalState.KeptReturns - 1));
            }
        }

        // Those that were there at every cycle: the others' returns would not be in step.
        var names = _prices.Where(pair => pair.Value[^1].Time == now && pair.Value.Count > Allocation.MinObservations)
            .Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
        return Allocation.Of(
            names,
            names.ConvertAll(name => _prices[name].Zip(_prices[name].Skip(1), (a, b) => Math.Log((double)(b.Price / a.Price))).ToImmutableArray()),
            Options.Weights);
    }

    private async Task<CapitalState> RestoreAsync()
    {
        if (_state is null)
        {
            var record = await _partition.ReadAsync(TierRecords.Capital);
            (_state, _version) = record is null ? (CapitalState.None, 0) : (DomainJson.ReadCapital(record.Data.Span), record.Version);
            sizes.Adopt(_version, _state.Shares, Options.Review);
            _before = _state.Weights();
        }

        return _state;
    }

    private async Task WriteAsync(CapitalState state, List<ListPush> pushes, ImmutableArray<QueueAck> acks)
    {
        CommitResult result;
        try
        {
            result = (await _partition.CommitAsync(
            [
                new Commit
                {
                    Records = [new RecordWrite(TierRecords.Capital, _version, DomainJson.Write(state))], Pushes = [.. pushes], Acks = acks,
                },
            ]))[0];
        }
        catch (StoreException)
        {
            _state = null;
            throw;
        }

        if (!result.IsCommitted)
        {
            _state = null;
            throw new StoreException($"The weights were written elsewhere: {result.Outcome} {result.Detail}");
        }

        (_state, _version) = (state, _version + 1);
        sizes.Adopt(_version, state.Shares, Options.Review);
    }

    /// <summary>One change of the state at a time, since a cycle may meet an answer.</summary>
    private async Task InTurnAsync(Func<Task> change)
    {
        var (before, own) = (_changing, new TaskCompletionSource());
        _changing = own.Task;
        await before;
        try
        {
            await change();
        }
        finally
        {
            own.SetResult();
        }
    }

    private void Note(List<ListPush> decisions, string what, string why, DateTimeOffset now)
    {
        LogDecision(_logger, what, why);
        decisions.Add(new ListPush(BoardKeys.TierDecisions, TierWriter.Decision("strategic", what, why, now), KeptDecisions));
    }

    private static void WriteRequest(
        Utf8JsonWriter json, CapitalState state, IReadOnlyDictionary<string, decimal> targets, ImmutableSortedDictionary<string, double> bySymbol)
    {
        json.WriteStartObject("weights");
        foreach (var (strategy, share) in state.Shares)
        {
            json.WriteNumber(strategy, share.Weight);
        }

        json.WriteEndObject();
        json.WriteStartObject("targets");
        foreach (var (strategy, target) in targets)
        {
            json.WriteNumber(strategy, target);
        }

        json.WriteEndObject();
        json.WriteStartObject("symbol_shares");
        foreach (var (symbol, share) in bySymbol)
        {
            TierWriter.Number(json, symbol, share);
        }

        json.WriteEndObject();
    }

    [LoggerMessage(2721, LogLevel.Information, "Tier strategic: {What} ({Why})")]
    private static partial void LogDecision(ILogger logger, string what, string why);
}
