using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Positions;

/// <summary>Turns a position's transition into the one commit that makes it true.</summary>
internal static class PositionCommits
{
    private const int RecentLength = 1000;

    public static string RecordKey(string positionId) => "position/" + positionId;

    /// <summary>A record that only the first handling of a signal can create, for signals that change what is open already.</summary>
    public static RecordWrite MarkerOf(Signal signal, EngineOptions options) =>
        new(MarkerKey(signal), 0, Encoding.UTF8.GetBytes(signal.Action.ToString()), options.Retention);

    public static string MarkerKey(Signal signal) =>
        "signal/" + ClientOrderId.ForPosition(signal.Account, signal.Strategy, signal.Id);

    /// <summary>Two commits as one: both happen, or neither.</summary>
    public static Commit Join(Commit first, Commit second) => first with
    {
        AllowedModes = first.AllowedModes & second.AllowedModes,
        HaltScopes = first.HaltScopes.AddRange(second.HaltScopes),
        Fence = first.Fence ?? second.Fence,
        Records = first.Records.AddRange(second.Records),
        Index = first.Index.AddRange(second.Index),
        Counters = first.Counters.AddRange(second.Counters),
        Appends = first.Appends.AddRange(second.Appends),
        Pushes = first.Pushes.AddRange(second.Pushes),
        Audit = first.Audit.AddRange(second.Audit),
        Acks = first.Acks.AddRange(second.Acks),
    };

    /// <summary>Builds the commit, and the state as it will be stored.</summary>
    /// <param name="before">State before, null for a new position.</param>
    /// <param name="version">Version of the record before, 0 for a new one.</param>
    /// <param name="transition">What was decided.</param>
    /// <param name="input">Id of what caused it, for the audit.</param>
    /// <param name="acks">Inputs it answers.</param>
    /// <param name="options">The engine's configuration.</param>
    /// <param name="rawSignal">The signal's message, where its orders repeat it.</param>
    public static (Commit Commit, PositionState State) Of(
        PositionState? before, long version, Transition transition, string input,
        ImmutableArray<QueueAck> acks, EngineOptions options, string? rawSignal = null)
    {
        var (data, line, hash) = AuditLineJson.Write(transition, version + 1, input);
        var state = transition.State with { AuditHash = hash };
        var record = new RecordWrite(
            RecordKey(state.Id), version, data, state.Phase == PositionPhase.Rejected ? options.Retention : null);
        var commit = new Commit
        {
            AllowedModes = ModesFor(transition.Orders),
            HaltScopes = HaltsFor(transition),
            Records = [record],
            Index = IndexOf(before, state, version + 1, options),
            Counters = CountersOf(before, state),
            Appends = [.. transition.Orders.Select(order => new QueueAppend(
                StreamNames.Orders, order.OrderId, OrderWriter.Write(order, rawSignal, options.ClosesAsOpposite)))],
            Pushes = PushesOf(before, state, transition),
            Audit = [line],
            Acks = acks,
        };
        return (commit, state);
    }

    /// <summary>The class of the riskiest order decides; a transition without orders states facts, which no mode can forbid.</summary>
    private static int ModesFor(ImmutableArray<Order> orders) =>
        orders.Any(order => order.Intent is OrderIntent.Open or OrderIntent.ArbitrageLeg or OrderIntent.Quote)
            ? ModeTable.Mask(OrderClass.Entry)
            : orders.Any(order => order.Intent == OrderIntent.Close) ? ModeTable.Mask(OrderClass.Exit) : ~0;

    private static ImmutableArray<string> HaltsFor(Transition transition)
    {
        var state = transition.State;
        var entered = transition.Orders
            .Where(order => order.Intent is not (OrderIntent.Close or OrderIntent.Cancel))
            .Select(order => (order.Symbol, order.Side)).ToList();
        return entered.Count == 0 ? [] : EntryHalts(state, entered);
    }

    /// <summary>Makes a commit pass only where its entries would, though they are sent later.</summary>
    public static Commit AsEntry(Commit commit, PositionState state) => commit with
    {
        AllowedModes = commit.AllowedModes & ModeTable.Mask(OrderClass.Entry),
        HaltScopes = EntryHalts(
            state, state.Legs.SelectMany(leg => new[] { (leg.Symbol, Side.Buy), (leg.Symbol, Side.Sell) })),
    };

    private static ImmutableArray<string> EntryHalts(PositionState state, IEnumerable<(string Symbol, Side Side)> entered)
    {
        var scopes = ImmutableArray.CreateBuilder<string>(8);
        scopes.Add(HaltScopes.Strategy(state.Strategy));
        scopes.Add(HaltScopes.Tier(state.Tier));
        scopes.Add(HaltScopes.Account(state.Account));
        scopes.Add(HaltScopes.Account(state.Account, state.Strategy));
        foreach (var (symbol, side) in entered.Distinct())
        {
            scopes.Add(HaltScopes.Symbol(symbol));
            scopes.Add(HaltScopes.Symbol(symbol, side));
            scopes.Add(HaltScopes.Strategy(state.Strategy, side));
            scopes.Add(HaltScopes.Tier(state.Tier, side));
        }

        return scopes.ToImmutable();
    }

    private static ImmutableArray<IndexWrite> IndexOf(
        PositionState? before, PositionState state, long version, EngineOptions options)
    {
        if (before is null && state.IsFinal)
        {
            return [];
        }

        var writes = ImmutableArray.CreateBuilder<IndexWrite>();
        foreach (var leg in state.Legs.DistinctBy(leg => leg.Symbol))
        {
            // A null array would become an empty memory, which is a value and not the removal.
            ReadOnlyMemory<byte>? entry = state.IsFinal
                ? (ReadOnlyMemory<byte>?)null
                : DomainJson.Write(PositionIndexEntry.Of(state, leg, options.UnansweredAfter, version));
            writes.Add(new IndexWrite(leg.Symbol, state.Id, entry));
        }

        return writes.ToImmutable();
    }

    private static ImmutableArray<CounterDelta> CountersOf(PositionState? before, PositionState state) =>
        [.. Contributions.Between(before, state).Select(change =>
            new CounterDelta(change.Key.Group, change.Key.Field, change.Delta))];

    private static ImmutableArray<ListPush> PushesOf(
        PositionState? before, PositionState state, Transition transition)
    {
        var pushes = ImmutableArray.CreateBuilder<ListPush>();
        foreach (var order in transition.Orders)
        {
            pushes.Add(new ListPush(
                BoardKeys.RecentOrders, JsonSerializer.SerializeToUtf8Bytes(order, DomainJsonContext.Default.Order),
                RecentLength));
        }

        if (state.Phase == PositionPhase.Closed && before?.Phase != PositionPhase.Closed)
        {
            pushes.Add(new ListPush(BoardKeys.RecentTrades, TradeWriter.Write(state), RecentLength));
            pushes.Add(new ListPush(
                StrategyBoard.TradesKey(state.Account, state.Strategy), DomainJson.Write(ClosedTrade.Of(state)),
                StrategyBoard.KeptTrades));
        }

        return pushes.ToImmutable();
    }
}
