using System.Collections.Immutable;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Strategies;

/// <content>How an entry is sized, and what it is judged by.</content>
public sealed partial class StrategyGrain
{
    /// <summary>The signal with the quantity that its strategy's rule gives, or why there is none.</summary>
    private async ValueTask<(Signal Signal, RejectReason Reject)> SizeAsync(Signal signal)
    {
        var quote = PriceOf(signal.Symbol);
        if (signal.Action is not (SignalAction.Buy or SignalAction.Sell)
            || _options.InstrumentOf(signal.Symbol, quote.AssetClass) is not { } instrument)
        {
            return (signal, RejectReason.None);
        }

        var expected = signal.LimitPrice ?? signal.StopPrice ?? signal.EntryPrice
            ?? (signal.Action == SignalAction.Buy ? quote.Ask : quote.Bid);
        if (expected <= 0m)
        {
            // The plan refuses what has no price.
            return (signal, RejectReason.None);
        }

        var rule = _options.Sizing.GetValueOrDefault(signal.Strategy, SizingRule.AsSent);
        var record = sizes.Of(signal.Strategy);
        var worth = rule.Method == SizingMethod.Fixed
            ? null
            : await AccountOf(signal.Account).GetWorthAsync(instrument.SettlementCurrency);
        var sized = PositionSizer.Size(
            rule,
            new SizingInput
            {
                Quantity = signal.Quantity,
                Price = expected,
                StopLoss = signal.StopLoss,
                Equity = worth?.Equity,
                Rate = worth?.Rate,
                Volatility = sizes.VolatilityOf(signal.Symbol),
                WinRate = record.WinRate,
                PayOff = record.PayOff,
                Weight = _options.Steers ? record.Weight * sizes.FactorOf(signal.Kind) : 1m,
            },
            instrument);
        return (signal with { Quantity = sized.Lots }, sized.Reject);
    }

    /// <summary>The plan whose entry orders carry the decision they are sent by.</summary>
    private static SignalPlan StampedOf(SignalPlan plan, string stamp) => plan with
    {
        Open = plan.Open is { } open ? open with { Risk = stamp } : null,
        Changes = [.. plan.Changes.Select(change => change with { Risk = stamp })],
    };

    private EntryRequest RequestOf(Work work, DateTimeOffset now)
    {
        var (signal, plan) = (work.Signal, work.Plan);
        var price = PriceOf(signal.Symbol);
        return new EntryRequest
        {
            Signal = signal,
            Instrument = _options.InstrumentOf(signal.Symbol, price.AssetClass),
            Price = price,
            IsSessionOpen = IsSessionOpen(signal.Symbol, now) && signal.Legs.All(leg => IsSessionOpen(leg.Symbol, now)),
            SessionEnd = signal.Legs.Select(leg => leg.Symbol).Append(signal.Symbol).Min(symbol => SessionEndOf(symbol, now)),
            BuyNotional = plan.BuyNotional,
            SellNotional = plan.SellNotional,
            Orders = plan.EntryOrders,
            Legs = plan.Open?.Legs ?? [],
            Markets = signal.Legs.IsEmpty ? [] : MarketsOf(signal),
            StopLoss = plan.Open is { } open ? open.Exits.StopLoss : signal.StopLoss,
            ParentQuantity = signal.Legs.IsEmpty ? signal.Quantity : signal.Legs.Sum(leg => leg.Quantity),
            OpensPosition = plan.Open is not null,
        };
    }

    private ImmutableArray<LegMarket> MarketsOf(Signal signal) =>
    [
        .. signal.Legs.Select(leg => leg.Symbol).Distinct(StringComparer.Ordinal).Where(symbol => symbol != signal.Symbol)
            .Select(symbol => (Symbol: symbol, Price: PriceOf(symbol)))
            .Select(item => new LegMarket(item.Symbol, _options.InstrumentOf(item.Symbol, item.Price.AssetClass), item.Price)),
    ];

    private DateTimeOffset? SessionEndOf(string symbol, DateTimeOffset now) =>
        _options.InstrumentOf(symbol, PriceOf(symbol).AssetClass) is { } instrument
            ? _options.SessionEnd(instrument.AssetClass, now)
            : null;
}
