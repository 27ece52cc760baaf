using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;

namespace TradingEngine.Client.Output;

/// <summary>Agents, instruments, limits and fills for people.</summary>
internal static class OverviewPage
{
    private const decimal Near = 0.8m;

    /// <summary>Agents with the age of their last signs.</summary>
    public static TextTable Agents(ImmutableArray<AgentView> agents)
    {
        var table = new TextTable(new Column("Agent"), new Column("Condition"), new Column("Last sign", 2, IsNumber: true), new Column("Version", 3));
        foreach (var view in agents)
        {
            table.Add(
                view.Agent, new Cell(view.Condition, view.Condition switch { "fresh" => "green", "late" => "yellow", "dead" => "red", _ => "grey" }),
                view.Lag is { } lag ? $"{Words.Age(lag)} ago" : Words.Nothing, view.Version ?? Words.Nothing);
        }

        return table;
    }

    /// <summary>Instruments with their prices.</summary>
    public static TextTable Instruments(ImmutableArray<InstrumentView> instruments, DateTimeOffset now)
    {
        var table = new TextTable(
            new Column("Symbol"), new Column("Bid", IsNumber: true), new Column("Ask", IsNumber: true), new Column("Age", 2, IsNumber: true),
            new Column("Class", 3), new Column("Tick", 4, IsNumber: true), new Column("Lot step", 4, IsNumber: true),
            new Column("Contract", 5, IsNumber: true), new Column("Quote", 5));
        foreach (var view in instruments)
        {
            table.Add(
                view.Symbol, Words.Number(view.Bid), Words.Number(view.Ask),
                new Cell(view.PriceTime is { } time ? Words.Age(now > time ? now - time : TimeSpan.Zero) : Words.Nothing, view.IsStale ? "yellow" : null),
                view.AssetClass, Words.Number(view.TickSize), Words.Number(view.LotStep), Words.Number(view.ContractSize),
                view.QuoteCurrency ?? Words.Nothing);
        }

        return table;
    }

    /// <summary>Limits against use.</summary>
    public static TextTable Limits(IReadOnlyList<LimitUse> uses)
    {
        var table = new TextTable(
            new Column("Account", 3), new Column("Limit"), new Column("Use", IsNumber: true), new Column("Of", IsNumber: true),
            new Column("Unit", 2), new Column("Used", IsNumber: true));
        foreach (var use in uses)
        {
            table.Add(
                use.Account, use.Limit, Words.Number(use.Use is { } used ? Math.Round(used, 6) : null), use.Value is null ? "no limit" : Words.Number(use.Value),
                use.Unit, new Cell(
                    use.Share is { } share ? share.ToString("0%", CultureInfo.InvariantCulture) : Words.Nothing,
                    use.Share >= 1m ? "red" : use.Share >= Near ? "yellow" : null));
        }

        return table;
    }

    /// <summary>What orders traded.</summary>
    public static TextTable Fills(IReadOnlyList<FillDocument> fills)
    {
        var table = new TextTable(
            new Column("Ordered"), new Column("Symbol"), new Column("Side"), new Column("Quantity", IsNumber: true),
            new Column("Price", IsNumber: true), new Column("Intent", 2), new Column("Strategy", 3), new Column("Fills", 4, IsNumber: true),
            new Column("Position", 5), new Column("Order", 4));
        foreach (var fill in fills)
        {
            table.Add(
                fill.OrderedAt.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), fill.Symbol, new Cell(fill.Side, fill.Side == "buy" ? "green" : "red"),
                Words.Number(fill.Quantity), Words.Number(fill.Price), fill.Intent, fill.Strategy, Words.Count(fill.Fills), fill.PositionId, fill.OrderId);
        }

        return table;
    }
}
