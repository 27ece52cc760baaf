using System.CommandLine;
using System.Text;
using TradingEngine.Client.Output;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Commands;

/// <summary>Commands that look at one side of the engine: tiers, agents, instruments, risk, fills.</summary>
internal static class OverviewCommands
{
    private const int DefaultFills = 20;
    private const int MaxFills = 10_000;

    /// <summary>The tiers with their cycles.</summary>
    public static Command Tiers()
    {
        var command = new TaughtCommand(
            "tiers", "Shows the tiers with their cycles, overruns, signals, latencies and beats.", "tiers", "tiers --output csv");
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            var tiers = (await client.GetEngineStatusAsync(cancellation)).Tiers;
            return Show(
                session, () => new TiersDocument([.. tiers.Select(TierDocument.Of)]), DocumentContext.Default.TiersDocument,
                () => StatusPage.Tiers(tiers), "No tier runs.");
        });
        return command;
    }

    /// <summary>The agents with their heartbeats.</summary>
    public static Command Agents()
    {
        var command = new TaughtCommand(
            "agents", "Shows the agents with the age of their last signs: fresh, late, dead or never seen.",
            "agents", "agents --output json | jq '.agents[] | select(.condition == \"dead\")'");
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            var agents = await client.GetAgentsAsync(cancellation);
            return Show(
                session, () => new AgentsDocument([.. agents.Select(AgentDocument.Of)]), DocumentContext.Default.AgentsDocument,
                () => OverviewPage.Agents(agents), "No agents.");
        });
        return command;
    }

    /// <summary>The instruments with their prices.</summary>
    public static Command Instruments()
    {
        var command = new TaughtCommand(
            "instruments", "Shows the instruments that are held or have a price, with that price and its age.", "instruments", "instruments --output csv");
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            var instruments = await client.GetInstrumentsAsync(cancellation);
            var now = TimeProvider.System.GetUtcNow();
            return Show(
                session, () => new InstrumentsDocument([.. instruments.Select(view => InstrumentDocument.Of(view, now))]),
                DocumentContext.Default.InstrumentsDocument, () => OverviewPage.Instruments(instruments, now), "No prices yet.");
        });
        return command;
    }

    /// <summary>Limits against use.</summary>
    public static Command Risk()
    {
        var command = new TaughtCommand(
            "risk", "Shows the limits of each account against what is used of them, and what is halted.",
            "risk", "risk --output json | jq '.limits[] | select(.share > 0.8)'");
        Session.Run(command, RiskAsync);
        return command;
    }

    /// <summary>What the newest orders traded.</summary>
    public static Command Fills()
    {
        var count = NumberOption.CreateWhole("--count", $"How many orders to look at, newest first, 1 to {MaxFills}.", "number", 1, MaxFills);
        count.Aliases.Add("-n");
        count.DefaultValueFactory = _ => DefaultFills;
        var command = new TaughtCommand(
            "fills", "Shows what the newest orders traded, all fills of an order together.", "fills", "fills --count 1000 --output csv");
        command.Options.Add(count);
        Session.Run(command, async (session, cancellation) =>
        {
            await using var client = await session.ConnectAsync(cancellation);
            var orders = await client.GetOrdersAsync(session.Parsed.GetValue(count) ?? DefaultFills, cancellation);
            var fills = orders.Select(FillDocument.Of).OfType<FillDocument>().ToList();
            return Show(
                session, () => new FillsDocument([.. fills]), DocumentContext.Default.FillsDocument,
                () => OverviewPage.Fills(fills), "Nothing was traded by these orders.");
        });
        return command;
    }

    private static async Task<int> RiskAsync(Session session, CancellationToken cancellation)
    {
        await using var client = await session.ConnectAsync(cancellation);
        var status = await client.GetEngineStatusAsync(cancellation);
        var limits = LimitsOf((await client.GetConfigurationAsync(cancellation)).Json);
        var uses = status.Accounts.SelectMany(account => LimitUse.Of(account, limits)).ToList();
        if (session.Screen.IsJson)
        {
            session.Screen.Write(
                new RiskDocument(limits.Name, [.. uses.Select(LimitDocument.Of)], session.Screen.IsCsv ? null : [.. status.Halts.Select(HaltDocument.Of)]),
                DocumentContext.Default.RiskDocument);
            return ExitCodes.Done;
        }

        session.Screen.Show(StatusPage.Stops(status));
        session.Screen.Line("");
        session.Screen.Show(OverviewPage.Limits(uses));
        return ExitCodes.Done;
    }

    private static RiskLimits LimitsOf(string json) =>
        (ConfigurationReader.Read(Encoding.UTF8.GetBytes(json)).Configuration
            ?? throw new InvalidOperationException("The engine trades by a configuration that this client cannot read; use one of its version.")).Risk.General;

    private static int Show<T>(
        Session session, Func<T> document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<TextTable> table, string otherwise)
    {
        if (session.Screen.IsJson)
        {
            session.Screen.Write(document(), type);
        }
        else if (table() is { Count: > 0 } shown)
        {
            session.Screen.Show(shown);
        }
        else
        {
            session.Screen.Line(otherwise);
        }

        return ExitCodes.Done;
    }
}
