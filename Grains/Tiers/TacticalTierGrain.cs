using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Tier 3, 30 s: measures markets and the portfolio's risk, watches agents, asks them for analysis, health and risk, and follows what they
/// answer and warn of. Where none answers, its own measure counts.
/// </summary>
[GrainType("tier-tactical"), KeepAlive]
[ImplicitStreamSubscription(StreamNames.TacticalSignals), ImplicitStreamSubscription(StreamNames.Warnings)]
[ImplicitStreamSubscription(StreamNames.Alerts), ImplicitStreamSubscription(StreamNames.TacticalAnswers)]
public sealed partial class TacticalTierGrain(
    ITradingStore store, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters, PriceBoard prices, SizingBoard sizes, FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<TacticalTierGrain> logger)
    : TierGrain(3, "tactical", TimeSpan.FromSeconds(30), options, beats, deadLetters, logger), ITacticalTierGrain
{
    private const string Analysis = "market_analysis";
    private const string HealthCheck = "health_check";
    private const string RiskAssessment = "portfolio_risk_assessment";
    private const int KeptDecisions = 1000;

    private readonly ILogger _logger = logger;
    private readonly IPartitionStore _partition = store.Partition(options.Value.Partition);
    private readonly MarketObserver _observer = new(options.Value.Regimes);
    private readonly Requests _requests = new(options.Value.AnswerWithin);
    private readonly AgentBoard _agents = new(store);
    private readonly Dictionary<string, AgentCondition> _conditions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task RunCycleAsync()
    {
        var now = clock.GetUtcNow();
        await ObserveAsync();
        var decisions = new List<ListPush>();
        if (!_requests.IsAnswered(Analysis))
        {
            await SwitchAsync(standing => standing.Measured(_observer.Regime(), now), decisions, now);
        }

        var agents = await _agents.ReadAsync(now);
        NoteAgents(agents, decisions, now);
        var measures = _observer.Measures();
        var risk = await AssessAsync();
        var regime = _regime.Regime;
        await _partition.CommitAsync(
        [
            new Commit
            {
                Pushes =
                [
                    _requests.Ask(BoardKeys.MarketAnalysisRequests, Analysis, Meter.Cycles, now, json => WriteMarkets(json, measures, regime)),
                    _requests.Ask(BoardKeys.CoordinationMessages, HealthCheck, Meter.Cycles, now, json => WriteAgents(json, agents, regime)),
                    _requests.Ask(BoardKeys.RiskAssessmentRequests, RiskAssessment, Meter.Cycles, now, json => TierWriter.Write(json, risk)),
                    .. decisions,
                ],
            },
        ]);
        await ShowAsync(measures, risk);
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var broken = new List<(QueueMessage Message, WireError Error)>();
        foreach (var message in batch.Messages)
        {
            var now = clock.GetUtcNow();
            var read = ActionsOf(batch.Queue, message, now, out var volatilities);
            if (read.Error is { } error)
            {
                Meter.DeadLetter();
                broken.Add((message, error));
                continue;
            }

            // What it asks for is done first, each part of it once however often the message comes, and then the message is acknowledged.
            var decisions = new List<ListPush>();
            foreach (var action in read.Actions)
            {
                await CarryOutAsync(action, message.EntryId, decisions, now);
            }

            Tell(read.Actions, now);

            foreach (var (symbol, volatility) in volatilities)
            {
                sizes.SetVolatility(symbol, volatility);
            }

            await _partition.CommitAsync([new Commit { Acks = [new QueueAck(batch.Queue, message.EntryId)], Pushes = [.. decisions] }]);
            Meter.Take();
        }

        await DeadLetters.AddAsync(batch.Queue, broken);
    }

    private (ImmutableArray<TacticalAction> Actions, WireError? Error) ActionsOf(
        string queue, QueueMessage message, DateTimeOffset now, out IReadOnlyDictionary<string, decimal> volatilities)
    {
        volatilities = ImmutableDictionary<string, decimal>.Empty;
        var policy = Options.Tactics;
        WireError? error;
        switch (queue)
        {
            case StreamNames.TacticalSignals:
                var signal = TacticalReader.Read(message.Payload, now, out error);
                return (signal is null ? [] : TacticalDecisions.Decide(signal, policy, now), error);
            case StreamNames.TacticalAnswers:
                if (AnswerReader.Read(message.Payload, out error) is not { } answer)
                {
                    return ([], error);
                }

                var (type, why) = _requests.Take(answer.RequestId, message.EntryId, now);
                if (type is null)
                {
                    return ([new TacticalAction(TacticalActionKind.Log, $"answer of {answer.Agent ?? "an agent"} not used: {why}")], null);
                }

                volatilities = type == Analysis ? answer.Volatilities : volatilities;
                return (answer.Decide(policy, now), null);
            default:
                var alert = AlertReader.Read(message.Payload, now, out error);
                return (alert is null ? [] : TacticalDecisions.Decide(alert, policy, now), error);
        }
    }

    /// <summary>Tells people of what took risk away; the gravest of it once for each instrument.</summary>
    private void Tell(ImmutableArray<TacticalAction> actions, DateTimeOffset now)
    {
        foreach (var action in actions
            .Where(action => action.Kind is TacticalActionKind.HaltEntries or TacticalActionKind.Reduce or TacticalActionKind.Close)
            .DistinctBy(action => action.Symbol))
        {
            facts.Publish([new TradingFact { Kind = FactKind.MarketAnomaly, Time = now, Symbol = action.Symbol, Reason = action.Reason }]);
        }
    }

    /// <summary>Samples the price of every symbol that is traded, or that this silo hears of.</summary>
    private async Task ObserveAsync()
    {
        var symbols = (await _partition.ReadIndexVersionsAsync()).Keys.Concat(prices.Symbols).Distinct()
            .Order(StringComparer.Ordinal).Take(MarketObserver.MaxMarkets);
        foreach (var symbol in symbols)
        {
            var price = prices.Find(symbol) ?? await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetPriceAsync();
            if (price.IsKnown)
            {
                _observer.Add(symbol, price.AssetClass, price.Bid, price.Ask, price.Time);
                if (!_requests.IsAnswered(Analysis) && _observer.Measure(symbol)?.Volatility is { } volatility and > 0d)
                {
                    sizes.SetVolatility(symbol, (decimal)volatility);
                }
            }
        }
    }

    /// <summary>Notes agents whose condition is another than at the last look.</summary>
    private void NoteAgents(ImmutableArray<AgentHealth> agents, List<ListPush> decisions, DateTimeOffset now)
    {
        foreach (var agent in agents)
        {
            if (_conditions.TryGetValue(agent.Name, out var before) && before != agent.Condition)
            {
                Note(decisions, $"agent {agent.Name} is {AgentHealth.NameOf(agent.Condition)}", $"it was {AgentHealth.NameOf(before)}", now);
            }

            _conditions[agent.Name] = agent.Condition;
        }
    }

    private void Note(List<ListPush> decisions, string what, string why, DateTimeOffset now)
    {
        LogDecision(_logger, what, why);
        decisions.Add(new ListPush(BoardKeys.TierDecisions, TierWriter.Decision("tactical", what, why, now), KeptDecisions));
    }

    private static void WriteMarkets(Utf8JsonWriter json, ImmutableArray<MarketMeasure> measures, MarketRegime regime)
    {
        json.WriteString("regime", MarketRegimes.NameOf(regime));
        json.WriteStartArray("symbols");
        foreach (var measure in measures)
        {
            json.WriteStartObject();
            TierWriter.Write(json, measure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAgents(Utf8JsonWriter json, ImmutableArray<AgentHealth> agents, MarketRegime regime)
    {
        json.WriteString("regime", MarketRegimes.NameOf(regime));
        json.WriteString("parameter_set", ParameterSets.Of(regime).Name);
        json.WriteStartArray("agents");
        foreach (var agent in agents)
        {
            json.WriteStartObject();
            TierWriter.Write(json, agent);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    [LoggerMessage(2711, LogLevel.Information, "Tier tactical: {What} ({Why})")]
    private static partial void LogDecision(ILogger logger, string what, string why);
}
