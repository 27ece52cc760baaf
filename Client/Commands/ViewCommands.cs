using System.CommandLine;
using TradingEngine.Client.Output;

namespace TradingEngine.Client.Commands;

/// <summary>Commands that look and change nothing: status, positions, orders.</summary>
internal static class ViewCommands
{
    private const int DefaultOrders = 20;
    private const int MaxOrders = 10_000;

    /// <summary>Mode, tiers, accounts, totals and the store's health.</summary>
    public static Command Status()
    {
        var command = new TaughtCommand(
            "status", "Shows mode, totals, accounts, the four tiers with their latencies, and the store's health.",
            "status", "status --output json | jq '.tiers[] | {name, cycles, latency_us}'", "status --wait --timeout 60");
        Session.Run(command, StatusAsync);
        return command;
    }

    /// <summary>Positions that are not over.</summary>
    public static Command Positions()
    {
        var command = new TaughtCommand(
            "positions", "Shows the positions that are not over, oldest first, with their marks and whether their exits are armed.",
            "positions", "positions --output json | jq '.positions[] | select(.armed | not)'");
        Session.Run(command, PositionsAsync);
        return command;
    }

    /// <summary>The newest orders.</summary>
    public static Command Orders()
    {
        var count = NumberOption.CreateWhole("--count", $"How many to show, 1 to {MaxOrders}.", "number", 1, MaxOrders);
        count.Aliases.Add("-n");
        count.DefaultValueFactory = _ => DefaultOrders;
        var command = new TaughtCommand(
            "orders", "Shows the newest orders, newest first, and where each stands.", "orders", "orders --count 100 --output json");
        command.Options.Add(count);
        Session.Run(command, (session, cancellationToken) =>
            OrdersAsync(session, session.Parsed.GetValue(count) ?? DefaultOrders, cancellationToken));
        return command;
    }

    private static async Task<int> StatusAsync(Session session, CancellationToken cancellationToken)
    {
        await using var client = await session.ConnectAsync(cancellationToken);
        var status = await client.GetEngineStatusAsync(cancellationToken);
        var health = await client.GetRedisStatusAsync(cancellationToken);
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Write(StatusDocument.Of(status, health), DocumentContext.Default.StatusDocument);
            return ExitCodes.Done;
        }

        screen.Show(StatusPage.Engine(status));
        screen.Line("");
        screen.Show(StatusPage.Tiers(status.Tiers));
        screen.Line("");
        screen.Show(StatusPage.Accounts(status.Accounts));
        screen.Line("");
        screen.Show(StatusPage.Store(health));
        return ExitCodes.Done;
    }

    private static async Task<int> PositionsAsync(Session session, CancellationToken cancellationToken)
    {
        await using var client = await session.ConnectAsync(cancellationToken);
        var positions = await client.GetPositionsAsync(cancellationToken);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new PositionsDocument([.. positions.Select(PositionDocument.Of)]), DocumentContext.Default.PositionsDocument);
        }
        else
        {
            ShowUnlessEmpty(
                session.Screen, BookPage.Positions(positions, TimeProvider.System.GetUtcNow()), "No open positions.");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> OrdersAsync(Session session, int count, CancellationToken cancellationToken)
    {
        await using var client = await session.ConnectAsync(cancellationToken);
        var orders = await client.GetOrdersAsync(count, cancellationToken);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new OrdersDocument([.. orders.Select(OrderDocument.Of)]), DocumentContext.Default.OrdersDocument);
        }
        else
        {
            ShowUnlessEmpty(session.Screen, BookPage.Orders(orders, TimeProvider.System.GetUtcNow()), "No orders yet.");
        }

        return ExitCodes.Done;
    }

    private static void ShowUnlessEmpty(Screen screen, TextTable table, string otherwise)
    {
        if (table.Count == 0)
        {
            screen.Line(otherwise);
            return;
        }

        screen.Show(table);
    }
}
