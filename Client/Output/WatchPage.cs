using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;

namespace TradingEngine.Client.Output;

/// <summary>What watching shows of a moment.</summary>
internal sealed record WatchView(
    DateTimeOffset Time, EngineStatus Status, StoreHealth Store, ImmutableArray<PositionView> Positions, ImmutableArray<OrderView> Orders)
{
    public WatchDocument ToDocument() => new(Time, StatusDocument.Of(Status, Store), [.. Positions.Select(PositionDocument.Of)]);
}

/// <summary>A moment as a page of the terminal's size: what matters most stays when the terminal is small.</summary>
internal static class WatchPage
{
    private const int MostOrders = 8;
    private const int LeastPositions = 3;
    private const string Gap = "   ";

    /// <summary>The page as lines of markup: at most <paramref name="height"/>, each at most <paramref name="width"/> wide.</summary>
    /// <param name="view">What to show; null before the first answer.</param>
    /// <param name="fault">Why there is nothing newer; null where there is.</param>
    /// <param name="width">Characters in a line, 1 or more.</param>
    /// <param name="height">Lines, 1 or more.</param>
    public static IReadOnlyList<string> Lines(WatchView? view, string? fault, int width, int height)
    {
        var foot = Foot(view, fault, width);
        var lines = new List<string>();
        if (view is not null)
        {
            lines.AddRange(Head(view, width));
            if (height >= lines.Count + foot.Count + view.Status.Tiers.Length + LeastPositions + 3)
            {
                lines.Add("");
                lines.AddRange(Tiers(view).ToLines(width, int.MaxValue));
            }

            lines.Add("");
            var left = height - lines.Count - foot.Count;
            var orders = Math.Min(Math.Min(MostOrders, view.Orders.Length), left - view.Positions.Length - 4);
            lines.AddRange(view.Positions.IsEmpty ? ["[grey]No open positions.[/]"] : Positions(view).ToLines(width, left - 1));
            if (orders > 0)
            {
                lines.Add("");
                lines.AddRange(Orders(view, orders).ToLines(width, orders));
            }
        }

        // The foot says how to end, whatever else there is room for.
        var room = Math.Max(0, height - foot.Count);
        return [.. lines.Take(room), .. Enumerable.Repeat("", Math.Max(0, room - lines.Count)), .. foot.TakeLast(height)];
    }

    private static IEnumerable<string> Head(WatchView view, int width)
    {
        var (status, totals) = (view.Status, view.Status.Totals);
        var unrealized = view.Positions.Sum(position => position.Unrealized ?? 0m);
        var parts = new List<Cell>
        {
            new(Words.Member(status.Mode), StatusPage.StyleOf(status.Mode)),
            new(view.Time.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new($"up {Words.Age(status.Uptime)}"),
            new($"{Words.Count(status.Silos)} {(status.Silos == 1 ? "silo" : "silos")}"),
            view.Store.Connected
                ? new Cell(string.Create(CultureInfo.InvariantCulture, $"store {view.Store.LatencyMs:0.##} ms"))
                : new Cell("store not connected", "bold red"),
            new($"feed {status.Feed}"),
            new($"{Words.Count(totals.Active)} active"),
            new($"{Words.Count(totals.Orders)} orders"),
            new($"realized {Words.Money(totals.Realized, isSigned: true)}", StatusPage.Gain(totals.Realized)),
            new($"unrealized {Words.Money(unrealized, isSigned: true)}", StatusPage.Gain(unrealized)),
        };
        parts.AddRange(status.Accounts.SelectMany(AccountParts));
        parts.AddRange(Troubles(status));
        return Flow(parts, width);
    }

    private static IEnumerable<Cell> AccountParts(AccountSummary account)
    {
        yield return new($"{account.Account} {Words.Money(account.Equity)} {account.Currency}".TrimEnd());
        if (account.Equity - account.DayStart is { } day)
        {
            yield return new($"day {Words.Money(day, isSigned: true)}", StatusPage.Gain(day));
        }

        if (account.Peak is { } peak and > 0m && peak > account.Equity)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"drawdown {(peak - account.Equity) / peak:0.00%}"));
        }
    }

    private static IEnumerable<Cell> Troubles(EngineStatus status)
    {
        var monitoring = status.Monitoring;
        if (status.ModeReason.Length > 0 && status.Mode != Trading.Risk.EngineMode.Running)
        {
            yield return new(status.ModeReason, "yellow");
        }

        foreach (var halt in status.Halts)
        {
            yield return new($"halted {halt.Scope}: {halt.Halt.Reason}", "yellow");
        }

        if (monitoring.StaleSymbols.Length > 0)
        {
            yield return new($"no fresh price of {string.Join(", ", monitoring.StaleSymbols.Take(5))}", "yellow");
        }

        if (monitoring.InDoubt > 0)
        {
            yield return new($"{Words.Count(monitoring.InDoubt)} with an order in doubt", "yellow");
        }

        if (status.Reconciliation.Breaks.Length > 0)
        {
            yield return new("engine and venue do not agree: see status", "red");
        }
    }

    private static TextTable Tiers(WatchView view)
    {
        var table = new TextTable(
            new Column("Tier"), new Column("Cycles", 3, IsNumber: true), new Column("Overruns", 4, IsNumber: true), new Column("Failed", 4, IsNumber: true),
            new Column("Signals", 1, IsNumber: true), new Column("Accepted", 2, IsNumber: true), new Column("Rejected", 2, IsNumber: true),
            new Column("p50/p99 µs", 2, IsNumber: true), new Column("Beat µs", 5, IsNumber: true));
        foreach (var tier in view.Status.Tiers)
        {
            table.Add(
                $"{tier.Tier} {tier.Name}", Words.Count(tier.Cycles), new Cell(Words.Count(tier.Overruns), tier.Overruns > 0 ? "yellow" : null),
                new Cell(Words.Count(tier.FailedCycles), tier.FailedCycles > 0 ? "red" : null), Words.Count(tier.Signals), Words.Count(tier.Accepted),
                Words.Count(tier.Rejected), Words.Percentiles(tier.Latency), Words.Percentiles(tier.BeatPeriod));
        }

        return table;
    }

    private static TextTable Positions(WatchView view)
    {
        var table = new TextTable(
            new Column("Symbol"), new Column("Side"), new Column("Quantity", 1, IsNumber: true), new Column("P&L", 1, IsNumber: true),
            new Column("Mark", 2, IsNumber: true), new Column("Open", 2, IsNumber: true), new Column("Stop", 3, IsNumber: true),
            new Column("Target", 3, IsNumber: true), new Column("Strategy", 4), new Column("Armed", 5), new Column("Age", 4, IsNumber: true),
            new Column("Position", 6));
        foreach (var position in view.Positions)
        {
            var entry = position.Entry;
            table.Add(
                entry.Symbol, new Cell(Words.Member(entry.Side), entry.Side == Trading.Orders.Side.Buy ? "green" : "red"), Words.Number(entry.Quantity),
                new Cell(Words.Money(position.Unrealized, isSigned: true), StatusPage.Gain(position.Unrealized)), Words.Number(position.Mark),
                entry.AverageOpen == 0m ? Words.Nothing : Words.Number(entry.AverageOpen), Words.Number(entry.StopLoss), Words.Number(entry.TakeProfit),
                entry.Strategy, new Cell(Words.YesNo(position.IsArmed), position.IsArmed ? null : "yellow"), Words.Age(view.Time - entry.CreatedAt), entry.Id);
        }

        return table;
    }

    private static TextTable Orders(WatchView view, int count)
    {
        var table = new TextTable(
            new Column("Order"), new Column("Side"), new Column("Quantity", 1, IsNumber: true), new Column("Price", 2, IsNumber: true),
            new Column("Status", 1), new Column("Strategy", 4), new Column("Age", 3, IsNumber: true));
        foreach (var (order, state) in view.Orders.Take(count))
        {
            table.Add(
                order.Symbol, new Cell(Words.Member(order.Side), order.Side == Trading.Orders.Side.Buy ? "green" : "red"), Words.Number(order.Quantity),
                Words.Number(order.Price), state is null ? Words.Nothing : Words.Member(state.Status), order.Strategy, Words.Age(view.Time - order.Time));
        }

        return table;
    }

    private static List<string> Foot(WatchView? view, string? fault, int width)
    {
        var keys = Cut("q or Esc ends", width);
        return fault is null
            ? [$"[grey]{Markup.Escape(view is null ? Cut("Waiting for the engine; q or Esc ends", width) : keys)}[/]"]
            : [$"[red]{Markup.Escape(Cut(fault, width))}[/]", $"[grey]{Markup.Escape(keys)}[/]"];
    }

    /// <summary>Parts one after the other, in as many lines as they need.</summary>
    private static IEnumerable<string> Flow(IEnumerable<Cell> parts, int width)
    {
        var (line, used) = ("", 0);
        foreach (var part in parts.Select(part => part with { Text = Cut(part.Text, width) }))
        {
            if (used > 0 && used + Gap.Length + part.Text.Length > width)
            {
                yield return line;
                (line, used) = ("", 0);
            }

            line += (used > 0 ? Gap : "") + part.ToMarkup();
            used += (used > 0 ? Gap.Length : 0) + part.Text.Length;
        }

        if (used > 0)
        {
            yield return line;
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : width <= 1 ? "" : text[..(width - 1)] + "…";
}
