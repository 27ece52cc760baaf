using System.CommandLine;
using System.Globalization;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Client.Commands;

/// <summary>Commands that look at what was traded: position, history, strategies.</summary>
internal static class HistoryCommands
{
    private const int DefaultTrades = 20;
    private const int MaxTrades = 1000;

    /// <summary>One position.</summary>
    public static Command Position()
    {
        var id = new Argument<string>("id") { Description = "Position, as shown by positions, orders or history." };
        var command = new TaughtCommand(
            "position", "Shows one position with its orders, open or not.", "position 3f9c2a", "position 3f9c2a --output json");
        command.Arguments.Add(id);
        Session.Run(command, (session, cancellationToken) =>
            PositionAsync(session, session.Parsed.GetValue(id)!, cancellationToken));
        return command;
    }

    /// <summary>The newest closed positions.</summary>
    public static Command History()
    {
        var count = NumberOption.CreateWhole("--count", $"How many to show, 1 to {MaxTrades}.", "number", 1, MaxTrades);
        count.Aliases.Add("-n");
        count.DefaultValueFactory = _ => DefaultTrades;
        var command = new TaughtCommand(
            "history", "Shows the newest closed positions, newest first.", "history", "history --count 100 --output json");
        command.Options.Add(count);
        Session.Run(command, (session, cancellationToken) =>
            HistoryAsync(session, session.Parsed.GetValue(count) ?? DefaultTrades, cancellationToken));
        return command;
    }

    /// <summary>Strategies with their statistics.</summary>
    public static Command Strategies()
    {
        var command = new TaughtCommand(
            "strategies", "Shows how each strategy did; what cannot be said yet is \"not enough data\".",
            "strategies", "strategies --output json | jq '.strategies[] | {strategy, pnl, sharpe}'");
        Session.Run(command, StrategiesAsync);
        return command;
    }

    private static async Task<int> PositionAsync(Session session, string id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            throw new UsageException("position needs a position's id.");
        }

        await using var client = await session.ConnectAsync(cancellationToken);
        if (await client.GetPositionAsync(id, cancellationToken) is not { } state)
        {
            session.Screen.Error($"There is no position {id}, or it is no longer kept.");
            return ExitCodes.NotDone;
        }

        if (session.Screen.IsJson)
        {
            session.Screen.Write(PositionDetailDocument.Of(state), DocumentContext.Default.PositionDetailDocument);
            return ExitCodes.Done;
        }

        session.Screen.Show(HistoryPage.Position(state));
        if (!state.Orders.IsEmpty)
        {
            session.Screen.Line("");
            session.Screen.Show(BookPage.Orders(
                [.. state.Orders.Select(order => new OrderView(order.Order, order))], TimeProvider.System.GetUtcNow()));
        }

        return ExitCodes.Done;
    }

    private static async Task<int> HistoryAsync(Session session, int count, CancellationToken cancellationToken)
    {
        await using var client = await session.ConnectAsync(cancellationToken);
        var trades = await client.GetTradesAsync(count, cancellationToken);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new HistoryDocument([.. trades.Select(TradeDocument.Of)]), DocumentContext.Default.HistoryDocument);
        }
        else if (trades.IsEmpty)
        {
            session.Screen.Line("Nothing closed yet.");
        }
        else
        {
            session.Screen.Show(HistoryPage.Trades(trades));
        }

        return ExitCodes.Done;
    }

    private static async Task<int> StrategiesAsync(Session session, CancellationToken cancellationToken)
    {
        await using var client = await session.ConnectAsync(cancellationToken);
        var strategies = await client.GetStrategiesAsync(cancellationToken);
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new StrategiesDocument([.. strategies.Select(StrategyDocument.Of)]), DocumentContext.Default.StrategiesDocument);
            return ExitCodes.Done;
        }

        if (strategies.IsEmpty)
        {
            session.Screen.Line("No strategy has traded yet.");
            return ExitCodes.Done;
        }

        session.Screen.Show(HistoryPage.Strategies(strategies));
        if (strategies.Max(view => view.Statistics.Window) is var window
            && strategies.Any(view => view.Statistics.Window < view.Statistics.Trades))
        {
            session.Screen.Line(string.Create(CultureInfo.InvariantCulture,
                $"Drawdown, ratios, longest, best and worst are of the newest {window:#,0} trades of a strategy."));
        }

        return ExitCodes.Done;
    }
}
