using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Output;

/// <summary>The engine's status for people.</summary>
internal static class StatusPage
{
    /// <summary>Mode, parts and totals.</summary>
    public static Facts Engine(EngineStatus status)
    {
        var totals = status.Totals;
        var reason = status.ModeReason.Length > 0 ? $" ({status.ModeReason})" : "";
        return new Facts()
            .Add("mode", new Cell($"{Words.Member(status.Mode)}{reason}", StyleOf(status.Mode)))
            .Add("halts", Halts(status.Halts))
            .Add("version", status.Version)
            .Add("store", status.Store)
            .Add("feed", status.Feed)
            .Add("execution", status.Execution)
            .Add("uptime", $"{Words.Age(status.Uptime)}, {Words.Count(status.Silos)} {(status.Silos == 1 ? "silo" : "silos")}")
            .Add("positions", $"{Words.Count(totals.Active)} active ({Words.Count(totals.Long)} long, "
                + $"{Words.Count(totals.Short)} short), {Words.Count(totals.Opened)} opened, {Words.Count(totals.Closed)} closed, "
                + $"{Words.Count(totals.Rejected)} rejected")
            .Add("monitoring", Monitoring(status.Monitoring))
            .Add("reconciliation", Reconciliation(status.Reconciliation))
            .Add("unrealized", Unrealized(status.Monitoring.Marks))
            .Add("orders", Words.Count(totals.Orders))
            .Add("realized", new Cell(Words.Money(totals.Realized, isSigned: true), Gain(totals.Realized)));
    }

    /// <summary>What takes no entries: the mode, if it does not, and halts.</summary>
    public static Facts Stops(EngineStatus status) => new Facts()
        .Add("mode", new Cell($"{Words.Member(status.Mode)}{(status.ModeReason.Length > 0 ? $" ({status.ModeReason})" : "")}", StyleOf(status.Mode)))
        .Add("halts", Halts(status.Halts));

    private static Cell Halts(ImmutableArray<HaltView> halts) => halts.IsEmpty
        ? new Cell("none")
        : new Cell(string.Join("; ", halts.Select(view => $"{view.Scope} by {view.Halt.By}: {view.Halt.Reason}"
            + (view.Halt.Until is { } until ? $", until {until:yyyy-MM-dd HH:mm:ss} UTC" : ""))), "yellow");

    private static Cell Monitoring(MonitoringView view)
    {
        if (view.Watched == 0)
        {
            return new Cell("nothing is held");
        }

        var text = $"{Words.Count(view.Armed)} of {Words.Count(view.Watched)} with exits armed, oldest {Words.Age(view.OldestAge)}";
        var troubles = new List<string>();
        if (view.Overdue > 0)
        {
            troubles.Add($"{Words.Count(view.Overdue)} overdue");
        }

        if (view.InDoubt > 0)
        {
            troubles.Add($"{Words.Count(view.InDoubt)} with an order in doubt");
        }

        if (view.StaleSymbols.Length > 0)
        {
            troubles.Add("no fresh price of " + string.Join(", ", view.StaleSymbols.Take(5)) + (view.StaleSymbols.Length > 5 ? ", …" : ""));
        }

        return troubles.Count == 0 ? new Cell(text) : new Cell(text + "; " + string.Join(", ", troubles), "yellow");
    }

    private static Cell Reconciliation(ReconciliationView view)
    {
        if (view.Breaks.Length > 0)
        {
            return new Cell(string.Join("; ", view.Breaks.Select(found =>
                $"{found.Holding.Symbol} ({found.Holding.Account}): {Words.Number(found.Engine)} by fills, {Words.Number(found.Venue)} by the agent")), "red");
        }

        var missing = view.NotFound.Length == 0 ? "" : $", {Words.Count(view.NotFound.Length)} orders it never received";
        return view switch
        {
            { IsOffered: false, AnsweredAt: null } => new Cell("not offered by the execution agent"),
            { AnsweredAt: null } => new Cell("asked, not answered yet", "yellow"),
            { AnsweredAt: { } at } => new Cell($"agrees, answered at {at:HH:mm:ss} UTC{missing}", missing.Length > 0 ? "yellow" : null),
        };
    }

    private static Cell Unrealized(ImmutableArray<AccountMark> marks) => marks.IsEmpty
        ? new Cell(Words.Nothing)
        : new Cell(string.Join(", ", marks.Select(mark => $"{Words.Money(mark.Unrealized, isSigned: true)} {mark.Currency} ({mark.Account})")));

    /// <summary>The tiers; latencies and beats in microseconds.</summary>
    public static TextTable Tiers(ImmutableArray<TierStatistics> tiers)
    {
        var table = new TextTable(
            new Column("Tier"), new Column("Period", 2, IsNumber: true), new Column("Cycles", IsNumber: true),
            new Column("Overruns", 3, IsNumber: true), new Column("Failed", 4, IsNumber: true),
            new Column("Signals", 2, IsNumber: true), new Column("Accepted", 3, IsNumber: true),
            new Column("Rejected", 4, IsNumber: true), new Column("Duplicates", 6, IsNumber: true),
            new Column("Dead", 6, IsNumber: true), new Column("Latency p50/p99 µs", 1, IsNumber: true),
            new Column("Beat p50/p99 µs", 5, IsNumber: true));
        foreach (var tier in tiers)
        {
            table.Add(
                $"{tier.Tier} {tier.Name}", Words.Period(tier.Period), Words.Count(tier.Cycles),
                Alarming(tier.Overruns, "yellow"), Alarming(tier.FailedCycles, "red"),
                Words.Count(tier.Signals), Words.Count(tier.Accepted), Words.Count(tier.Rejected),
                Words.Count(tier.Duplicates), Words.Count(tier.DeadLetters),
                Words.Percentiles(tier.Latency), Words.Percentiles(tier.BeatPeriod));
        }

        return table;
    }

    /// <summary>The accounts, money in the currency of each.</summary>
    public static TextTable Accounts(ImmutableArray<AccountSummary> accounts)
    {
        var table = new TextTable(
            new Column("Account"), new Column("Equity", IsNumber: true), new Column("Realized", 2, IsNumber: true),
            new Column("Long", 3, IsNumber: true), new Column("Short", 3, IsNumber: true),
            new Column("Open", 2, IsNumber: true), new Column("Working", 4, IsNumber: true), new Column("Limits", 5));
        foreach (var account in accounts)
        {
            table.Add(
                account.Account, Words.Money(account.Equity),
                new Cell(Words.Money(account.Realized, isSigned: true), Gain(account.Realized)),
                Words.Money(account.Long), Words.Money(account.Short), Words.Count(account.OpenPositions),
                Words.Count(account.WorkingOrders), account.Limits);
        }

        return table;
    }

    /// <summary>The store's health.</summary>
    public static Facts Store(StoreHealth health)
    {
        var facts = new Facts()
            .Add("store connected", new Cell(Words.YesNo(health.Connected), health.Connected ? "green" : "red"))
            .Add("store latency", health.LatencyMs is { } latency ? FormattableString.Invariant($"{latency:0.###} ms") : Words.Nothing)
            .Add("persistence", health.Persistence)
            .Add("queues", health.QueueDepths.IsEmpty
                ? Words.Nothing
                : string.Join(", ", health.QueueDepths.OrderBy(depth => depth.Key, StringComparer.Ordinal)
                    .Select(depth => $"{depth.Key} {Words.Count(depth.Value)}")));
        return health.Error is { } error ? facts.Add("store error", new Cell(error, "red")) : facts;
    }

    /// <summary>Colour of a gain or loss.</summary>
    public static string? Gain(decimal? value) => value switch
    {
        > 0m => "green",
        < 0m => "red",
        _ => null,
    };

    private static Cell Alarming(long count, string style) => new(Words.Count(count), count > 0 ? style : null);

    /// <summary>Colour of a mode.</summary>
    public static string StyleOf(EngineMode mode) => mode switch
    {
        EngineMode.Running => "bold green",
        EngineMode.Paused or EngineMode.ReduceOnly or EngineMode.Stopping => "bold yellow",
        EngineMode.Stopped or EngineMode.Killed or EngineMode.KilledFlattening => "bold red",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a mode."),
    };
}
