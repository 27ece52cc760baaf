using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Engine;

/// <summary>Gathers what the engine shows: for status calls, and under the keys of the wire at their periods.</summary>
internal sealed class EngineBoard(
    ITradingStore store, IGrainFactory grains, EngineOptions options, DateTimeOffset wokeAt)
{
    private static readonly TimeSpan ReadyLifetime = TimeSpan.FromSeconds(15);

    private readonly IPartitionStore _partition = store.Partition(options.Partition);
    private readonly StrategyBoard _strategies = new(store, store.Partition(options.Partition));
    private readonly PositionBoard _positions = new(store, store.Partition(options.Partition), grains);
    private readonly HealthBoard _health = new(store, store.Partition(options.Partition));
    private long _shown;

    /// <summary>Shows what is due, once a second.</summary>
    public async Task ShowAsync(DateTimeOffset now)
    {
        var control = await _partition.ReadControlAsync();
        var isRunning = (EngineMode)control.Mode == EngineMode.Running;
        await store.Board.SetStringAsync(BoardKeys.Ready, isRunning ? "true" : null, ReadyLifetime);
        await _positions.ShowAsync(await ReadTotalsAsync(), _shown % 2 == 0, now);
        if (_shown % 10 == 0)
        {
            await ShowStatsAsync(control, now);
        }

        if (_shown % 30 == 0)
        {
            await _health.ShowAsync(await ReadTiersAsync(), now);
        }

        _shown++;
    }

    /// <summary>The whole status.</summary>
    public async Task<EngineStatus> ReadAsync(DateTimeOffset now)
    {
        var control = await _partition.ReadControlAsync();
        return new EngineStatus
        {
            Mode = (EngineMode)control.Mode,
            ModeReason = control.Reason,
            Version = options.Version,
            Uptime = now - wokeAt,
            Store = store.Description,
            Feed = options.Feed,
            Execution = options.Execution,
            Tiers = await ReadTiersAsync(),
            Accounts = await ReadAccountsAsync(),
            Totals = await ReadTotalsAsync(),
            Reconciliation = await grains.GetGrain<IReconciliationGrain>(options.Partition).GetViewAsync(),
            Monitoring = await _positions.WatchAsync(now),
            Halts = [.. HaltRegister.Of(control).SelectMany(found => found.Halts.Select(halt => new HaltView(found.Scope, halt)))],
            Silos = (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count,
        };
    }

    /// <summary>All positions that are not over, oldest first.</summary>
    public Task<IReadOnlyList<PositionIndexEntry>> ReadEntriesAsync() => _positions.ReadEntriesAsync();

    /// <summary>Positions that are not over.</summary>
    public async Task<long> CountActiveAsync() => (await ReadTotalsAsync()).Active;

    /// <summary>Positions with marks and whether they are armed.</summary>
    public Task<ImmutableArray<PositionView>> ReadPositionsAsync() => _positions.ReadViewsAsync();

    /// <summary>Says that the engine takes no more work; what it shows otherwise ages.</summary>
    public ValueTask HideReadyAsync() => store.Board.SetStringAsync(BoardKeys.Ready, null, null);

    /// <summary>Strategies with their statistics.</summary>
    public Task<ImmutableArray<StrategyView>> ReadStrategiesAsync() => _strategies.ReadAsync();

    /// <summary>The newest closed positions, newest first.</summary>
    public async Task<ImmutableArray<TradeView>> ReadTradesAsync(int count) =>
        [.. (await store.Board.ReadListAsync(BoardKeys.RecentTrades, count)).Select(TradeWriter.Read)
            .DistinctBy(trade => trade.PositionId)];

    /// <summary>A position, whatever became of it; null when there is none or it is no longer kept.</summary>
    public Task<PositionState?> ReadPositionAsync(string id) => _positions.ReadAsync(id);

    /// <summary>The newest orders with where they stand.</summary>
    public async Task<ImmutableArray<OrderView>> ReadOrdersAsync(int count)
    {
        var listed = await store.Board.ReadListAsync(BoardKeys.RecentOrders, count);
        var orders = listed.Select(text =>
            JsonSerializer.Deserialize(text, DomainJsonContext.Default.Order)!).ToList();
        var keys = orders.Select(order => "position/" + order.PositionId).Distinct().ToList();
        var records = await _partition.ReadManyAsync(keys);
        var states = new Dictionary<string, OrderState>(StringComparer.Ordinal);
        foreach (var record in records.Where(record => record is not null))
        {
            foreach (var state in DomainJson.ReadPosition(record!.Data.Span).Orders)
            {
                states[state.Order.OrderId] = state;
            }
        }

        return [.. orders.Select(order => new OrderView(order, states.GetValueOrDefault(order.OrderId)))];
    }

    private async Task<ImmutableArray<TierStatistics>> ReadTiersAsync()
    {
        return [.. await Task.WhenAll(Tiers.Tiers.All(grains, options).Select(tier => tier.GetStatisticsAsync()))];
    }

    private async Task<ImmutableArray<AccountSummary>> ReadAccountsAsync()
    {
        var prefix = Contributions.AccountGroup("");
        var groups = await _partition.ReadCounterGroupsAsync(prefix);
        var names = groups.Select(group => group[prefix.Length..]).DefaultIfEmpty("default").Order(StringComparer.Ordinal);
        return [.. await Task.WhenAll(names.Select(name => grains.GetGrain<IAccountGrain>(name).GetSummaryAsync()))];
    }

    private async Task<EngineTotals> ReadTotalsAsync()
    {
        var fields = (await _partition.ReadCountersAsync(Contributions.TotalsGroup))?.Fields
            ?? new Dictionary<string, long>();
        long Of(string field) => fields.GetValueOrDefault(field);
        return new EngineTotals(
            Of("orders"), Of("opened"), Of("closed"), Of("rejected"), Of("active"), Of("long"), Of("short"),
            Of("realized") / Contributions.Scale);
    }

    private async Task ShowStatsAsync(ControlState control, DateTimeOffset now)
    {
        var tiers = await ReadTiersAsync();
        var totals = await ReadTotalsAsync();
        var cycles = tiers.Sum(tier => tier.Cycles);
        var failed = tiers.Sum(tier => tier.FailedCycles);
        var mode = ModeCommands.NameOf((EngineMode)control.Mode);
        var uptime = Text((decimal)(now - wokeAt).TotalSeconds);
        var fields = new Dictionary<string, string>
        {
            ["state"] = mode,
            ["uptime"] = uptime,
            ["total_cycles"] = Text(cycles),
            ["successful_cycles"] = Text(cycles - failed),
            ["failed_cycles"] = Text(failed),
            ["success_rate"] = cycles == 0 ? "" : Text(Math.Round(100m * (cycles - failed) / cycles, 2)),
            ["positions_opened"] = Text(totals.Opened),
            ["positions_closed"] = Text(totals.Closed),
            ["total_pnl"] = Text(totals.Realized),
            ["active_positions"] = Text(totals.Active),
            ["last_update"] = Text(TradeWriter.Seconds(now)),
        };
        foreach (var tier in tiers)
        {
            fields[tier.Name + "_cycles"] = Text(tier.Cycles);
        }

        await store.Board.SetHashAsync(BoardKeys.TradingStats, fields);
        await store.Board.SetHashAsync(BoardKeys.AgentStats + AgentNames.Engine, new Dictionary<string, string>
        {
            ["status"] = "running",
            ["mode"] = mode,
            ["start_time"] = Text(TradeWriter.Seconds(wokeAt)),
            ["uptime_seconds"] = uptime,
            ["last_heartbeat"] = Text(TradeWriter.Seconds(now)),
            ["timestamp"] = Text(TradeWriter.Seconds(now)),
        });
        var beat = Text(TradeWriter.Seconds(now));
        await store.Board.SetStringAsync(BoardKeys.Heartbeat + AgentNames.Engine, beat, TimeSpan.FromMinutes(5));
        await store.Board.PublishAsync(BoardKeys.Heartbeat + AgentNames.Engine, beat);
        await _strategies.ShowAsync();
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
