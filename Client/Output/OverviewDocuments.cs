using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Output;

// As in Documents.cs: names are a contract.

internal sealed record TiersDocument(ImmutableArray<TierDocument> Tiers);

internal sealed record AgentDocument(string Agent, string Condition, double? LagSeconds, string? Version)
{
    public static AgentDocument Of(AgentView view) => new(view.Agent, view.Condition, view.Lag?.TotalSeconds, view.Version);
}

internal sealed record AgentsDocument(ImmutableArray<AgentDocument> Agents);

internal sealed record InstrumentDocument(
    string Symbol, string AssetClass, decimal? TickSize, decimal? LotStep, decimal? ContractSize, string? QuoteCurrency, decimal? Bid,
    decimal? Ask, DateTimeOffset? PriceTime, double? AgeSeconds, bool Stale)
{
    public static InstrumentDocument Of(InstrumentView view, DateTimeOffset now) => new(
        view.Symbol, view.AssetClass, view.TickSize, view.LotStep, view.ContractSize, view.QuoteCurrency, view.Bid, view.Ask, view.PriceTime,
        view.PriceTime is { } time ? Math.Max(0, (now - time).TotalSeconds) : null, view.IsStale);
}

internal sealed record InstrumentsDocument(ImmutableArray<InstrumentDocument> Instruments);

internal sealed record LimitDocument(string Account, string Limit, decimal? Value, decimal? Use, string Unit, decimal? Share)
{
    public static LimitDocument Of(LimitUse use) => new(use.Account, use.Limit, use.Value, use.Use, use.Unit, use.Share);
}

// As CSV it has one list, so its rows are the limits.
internal sealed record RiskDocument(string LimitsName, ImmutableArray<LimitDocument> Limits, ImmutableArray<HaltDocument>? Halts);

internal sealed record FillDocument(
    string OrderId, string PositionId, string Account, string Strategy, string Intent, string Side, string Symbol, decimal Quantity,
    decimal Price, int Fills, DateTimeOffset OrderedAt)
{
    /// <summary>What an order traded; null where it traded nothing, or is no longer kept.</summary>
    public static FillDocument? Of(OrderView view) => view.State is not { CumulativeQuantity: > 0m } state || view.Order.Intent == OrderIntent.Cancel
        ? null
        : new(
            view.Order.OrderId, view.Order.PositionId, view.Order.Account, view.Order.Strategy, Words.Member(view.Order.Intent),
            Words.Member(view.Order.Side), view.Order.Symbol, state.CumulativeQuantity, state.AveragePrice,
            Math.Max(1, state.FillIds.Length), view.Order.Time);
}

internal sealed record FillsDocument(ImmutableArray<FillDocument> Fills);

internal sealed record HealthDocument(string Address, bool Ready, string Said);
