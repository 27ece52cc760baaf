using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Diagnostics;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Diagnostics;

/// <summary>
/// Figures of the state as metrics: counts that others keep anyway, read when somebody collects. What is not known is absent, never 0.
/// Those of a silo add up over the cluster; those of the engine are the same at every silo.
/// </summary>
public sealed class EngineGauges : IDisposable
{
    /// <summary>Symbols that have series of their own, first in order: a feed of thousands must not fill a database of metrics.</summary>
    public const int MostSymbols = 100;

    /// <summary>Accounts that have series of their own, first in order.</summary>
    public const int MostAccounts = 50;

    private static readonly EngineMode[] s_modes = Enum.GetValues<EngineMode>();
    private static readonly RejectReason[] s_reasons = [.. Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None)];
    private static readonly FactKind[] s_kinds = Enum.GetValues<FactKind>();

    private readonly Meter _meter = new(EngineTelemetry.Name);
    private readonly EngineReadings _readings;
    private readonly PriceBoard _prices;
    private readonly FactHub _facts;
    private readonly TierBoard _tiers;
    private readonly TimeProvider _clock;

    /// <summary>Offers them.</summary>
    public EngineGauges(
        EngineReadings readings, PriceBoard prices, FactHub facts, TierBoard tiers, [FromKeyedServices(EngineClock.Key)] TimeProvider clock)
    {
        (_readings, _prices, _facts, _tiers, _clock) = (readings, prices, facts, tiers, clock);
        AddSignals();
        AddTiers();
        AddPositions();
        AddAccounts();
        AddControl();
        AddStore();
        AddSurroundings();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void AddSignals()
    {
        Count("tradingengine.signals", "{signal}", "Signals answered, by tier and result.", () => _tiers.Meters.SelectMany(tier => new[]
        {
            Of(tier.Accepted, ("tier", tier.Name), ("result", "accepted")),
            Of(tier.Rejected, ("tier", tier.Name), ("result", "rejected")),
            Of(tier.Duplicates, ("tier", tier.Name), ("result", "duplicate")),
        }));
        Count("tradingengine.signals.refused", "{signal}", "Signals refused, by tier and code.", () => _tiers.Meters.SelectMany(tier => s_reasons
            .Where(reason => tier.RefusedWith(reason) > 0)
            .Select(reason => Of(tier.RefusedWith(reason), ("tier", tier.Name), ("code", reason.Code())))));
        Count("tradingengine.orders", "{order}", "Orders sent by positions that live in this silo.", () => [Of(_facts.CountOf(FactKind.OrderSent))]);
        Count("tradingengine.fills", "{fill}", "Fills counted by positions that live in this silo.", () => [Of(_facts.CountOf(FactKind.OrderFilled))]);
        Count("tradingengine.facts", "{fact}", "What else was committed or seen in this silo, by kind.", () => s_kinds
            .Where(kind => kind is not (FactKind.OrderSent or FactKind.OrderFilled))
            .Select(kind => Of(_facts.CountOf(kind), ("kind", NameOf(kind)))));
        Count("tradingengine.deadletters", "{message}", "Messages ever set aside in the engine, by queue and code.", () => _readings.Newest?.DeadLetters
            .Select(pair => (Parts: pair.Key.Split(' '), pair.Value)).Where(letter => letter.Parts.Length == 2)
            .Select(letter => Of(letter.Value, ("queue", letter.Parts[0]), ("code", letter.Parts[1]))) ?? []);
    }

    private void AddTiers()
    {
        void Tier(string name, string unit, string what, Func<TierMeter, long> value) =>
            Count(name, unit, what, () => _tiers.Meters.Select(tier => Of(value(tier), ("tier", tier.Name))));
        Tier("tradingengine.tier.cycles", "{cycle}", "Beats a tier handled.", tier => tier.Cycles);
        Tier("tradingengine.tier.cycles.failed", "{cycle}", "Cycles in which something failed.", tier => tier.FailedCycles);
        Tier("tradingengine.tier.overruns", "{cycle}", "Beats that were due and could not be handled in time.", tier => tier.Overruns);
    }

    private void AddPositions()
    {
        Engine("tradingengine.positions", "{position}", "Positions that are not over.", reading => reading.Status?.Totals.Active);
        Engine("tradingengine.positions.armed", "{position}", "Positions with exits armed.", reading => reading.Status?.Monitoring.Armed);
        Engine("tradingengine.positions.doubtful", "{position}", "Positions with an order whose outcome is unknown.", reading => reading.Status?.Monitoring.InDoubt);
        Engine("tradingengine.positions.overdue", "{position}", "Positions for which a time has passed that was to change something.", reading => reading.Status?.Monitoring.Overdue);
        Engine("tradingengine.symbols.stale", "{symbol}", "Symbols that are held and get no fresh price.", reading => reading.Status?.Monitoring.StaleSymbols.Length);
    }

    private void AddAccounts()
    {
        void Account(string name, string what, Func<AccountSummary, double?> value) => Gauge(name, "", what, () =>
            (_readings.Newest?.Status?.Accounts ?? []).Take(MostAccounts)
                .Select(account => (account.Account, Value: value(account))).Where(found => found.Value is not null)
                .Select(found => Of(found.Value!.Value, ("account", found.Account))));
        Account("tradingengine.account.equity", "What an account is worth, in its currency.", account => (double)account.Equity);
        Account("tradingengine.account.realized", "Realised P&L, commissions taken off, in the account's currency.", account => (double)account.Realized);
        Account("tradingengine.account.unrealized", "Open P&L, in the account's currency.", account => (double)account.Unrealized);
        Account("tradingengine.account.day_pnl", "Equity less that at the beginning of the session day, in the account's currency.", account => (double?)(account.Equity - account.DayStart));
        Account("tradingengine.account.drawdown", "Share of the highest equity that is lost, 0 to 1.", account => account.Peak is { } peak and > 0m ? (double)Math.Max(0m, (peak - account.Equity) / peak) : null);
        Account("tradingengine.account.exposure.long", "Long notional with working buys, in the account's currency.", account => (double)account.Long);
        Account("tradingengine.account.exposure.short", "Short notional with working sells, in the account's currency.", account => (double)account.Short);
        Account("tradingengine.account.orders.working", "Orders of an account that may still trade.", account => account.WorkingOrders);
    }

    private void AddControl()
    {
        Gauge("tradingengine.mode", "", "1 for the mode that stands, 0 for the others.", () => _readings.Newest?.Status is { } status
            ? s_modes.Select(mode => Of(status.Mode == mode ? 1d : 0d, ("mode", ModeCommands.NameOf(mode))))
            : []);
        Gauge("tradingengine.halts", "{halt}", "Halts that stand, by what is halted.", () => _readings.Newest?.Status?.Halts
            .GroupBy(halt => halt.Scope.Split('/', ':')[0]).Select(group => Of((double)group.Count(), ("scope", group.Key))) ?? []);
        Engine("tradingengine.silos", "{silo}", "Silos of the cluster that are active.", reading => reading.Status?.Silos);
        Engine("tradingengine.reconciliation.breaks", "{break}", "Holdings on which the execution agent does not agree.", reading => reading.Status?.Reconciliation.Breaks.Length);
        Engine("tradingengine.audit.unsealed_age", "s", "Age of the oldest audit entry that has no seal yet.", reading => reading.UnsealedAge?.TotalSeconds);
    }

    private void AddStore()
    {
        Engine("tradingengine.store.connected", "", "1 while the store answers this silo, else 0.", reading => reading.Store.Connected ? 1 : 0);
        Engine("tradingengine.store.roundtrip", "s", "Round trip of an empty call to the store.", reading => reading.Store.Latency?.TotalSeconds);
        Gauge("tradingengine.queue.depth", "{message}", "Messages that wait in a queue.", () =>
            (_readings.Newest?.Store.QueueDepths ?? new Dictionary<string, long>()).Select(pair => Of((double)pair.Value, ("queue", pair.Key))));
    }

    private void AddSurroundings()
    {
        Gauge("tradingengine.agents", "{agent}", "Agents by condition.", () => _readings.Newest is { Agents.IsEmpty: false } reading
            ? Enum.GetValues<AgentCondition>().Select(condition =>
                Of((double)reading.Agents.Count(agent => agent.Condition == condition), ("condition", AgentHealth.NameOf(condition))))
            : []);
        Gauge("tradingengine.agent.heartbeat.age", "s", "Time since an agent's last sign.", () => (_readings.Newest?.Agents ?? [])
            .Where(agent => agent.Lag is not null).Select(agent => Of(agent.Lag!.Value.TotalSeconds, ("agent", agent.Name))));
        Gauge("tradingengine.feed.age", "s", "Age of the newest price of a symbol whose instrument lives in this silo.", () =>
        {
            var now = _clock.GetUtcNow();
            return _prices.Symbols.Order(StringComparer.Ordinal).Take(MostSymbols)
                .Select(symbol => (Symbol: symbol, Price: _prices.Find(symbol))).Where(found => found.Price is { IsKnown: true })
                .Select(found => Of(Math.Max(0d, (now - found.Price!.Time).TotalSeconds), ("symbol", found.Symbol)));
        });
        Gauge("tradingengine.feed.symbols", "{symbol}", "Symbols whose prices this silo holds.", () => [Of((double)_prices.Symbols.Count())]);
    }

    private void Engine(string name, string unit, string what, Func<EngineReading, double?> value) => Gauge(name, unit, what, () =>
        _readings.Newest is { } reading && value(reading) is { } found ? [Of(found)] : []);

    private void Gauge(string name, string unit, string what, Func<IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, read, unit, what);

    private void Count(string name, string unit, string what, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, read, unit, what);

    private static Measurement<T> Of<T>(T value, params ReadOnlySpan<(string Key, string Value)> tags) where T : struct
    {
        var all = new KeyValuePair<string, object?>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            all[i] = new KeyValuePair<string, object?>(tags[i].Key, tags[i].Value);
        }

        return new Measurement<T>(value, all);
    }

    private static string NameOf(FactKind kind) => string.Concat(kind.ToString().Select((letter, i) =>
        char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
}
