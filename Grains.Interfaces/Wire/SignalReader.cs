using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads signals in all the shapes that producers send.</summary>
public static partial class SignalReader
{
    /// <summary>Most legs of one signal: each is an order, and all of them leave in one commit.</summary>
    public const int MaxLegs = 16;

    private const decimal DefaultQuantity = 0.01m;

    private static readonly string[] QuantityNames = ["quantity", "volume", "amount", "size"];
    private static readonly string[] PriceNames = ["entry_price", "price", "expected_price"];
    private static readonly string[] StrategyFields = ["strategy", "strategy_type", "type"];
    private static readonly string[] IdNames = ["signal_id", "message_id", "id"];

    /// <summary>Reads a signal.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="tier">Tier of the queue it came from.</param>
    /// <param name="entryId">Id of the queue entry, which names a signal that has no id of its own.</param>
    /// <param name="now">When it came in; the time of a signal that has none.</param>
    /// <param name="error">Why it was not taken; null when it was.</param>
    public static Signal? Read(
        ReadOnlyMemory<byte> payload, int tier, string entryId, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            return Read(message, tier, entryId, now);
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
        }
        catch (UnknownActionException exception)
        {
            error = new WireError(RejectReason.UnknownAction, exception.Message);
        }

        return null;
    }

    /// <summary>True for a symbol that may appear on the wire.</summary>
    public static bool IsSymbol(string text) => SymbolPattern().IsMatch(text);

    private static Signal Read(WireObject message, int tier, string entryId, DateTimeOffset now)
    {
        var action = ActionOf(message, tier);
        var strategy = (message.Text(StrategyFields)
            ?? DefaultStrategy(action)).ToLowerInvariant();
        var legs = action switch
        {
            SignalAction.Arbitrage => ArbitrageLegs(message),
            SignalAction.MarketMaking => QuoteLegs(message),
            _ => [],
        };
        var (orderType, timeInForce) = OrderTermsReader.Read(message);
        return new Signal
        {
            Id = WireText.Name(message.Text(IdNames) ?? entryId, "signal_id", WireText.LongestId),
            Tier = tier,
            Account = WireText.Account(message.Text("account") ?? "default"),
            Strategy = WireText.Name(strategy, "strategy"),
            Kind = action switch
            {
                SignalAction.Arbitrage => StrategyKind.Arbitrage,
                SignalAction.MarketMaking => StrategyKind.MarketMaking,
                _ => StrategyNames.KindOf(strategy),
            },
            Action = action,
            Symbol = SymbolOf(message, action, legs),
            Quantity = action == SignalAction.Hold ? 0m : message.Positive(QuantityNames) ?? DefaultQuantity,
            EntryPrice = message.Positive(PriceNames),
            OrderType = orderType,
            LimitPrice = message.Positive("limit_price"),
            StopPrice = message.Positive("stop_price"),
            TimeInForce = timeInForce,
            StopLoss = message.Positive("stop_loss"),
            TakeProfit = message.Positive("take_profit"),
            Exits = ExitReader.Read(message),
            Confidence = message.Share("confidence") ?? 0.5m,
            Time = message.Time("timestamp") ?? now,
            PositionId = message.Text("position_id") is { } id ? WireText.Name(id, "position_id", WireText.LongestId) : null,
            Legs = legs,
            TraceParent = TraceParentOf(message),
            Raw = tier == 1 ? message.ToText() : null,
        };
    }

    /// <summary>A context that is none is passed over: no order fails for want of a trace.</summary>
    private static string? TraceParentOf(WireObject message) =>
        message.Text("traceparent") is { } text && ActivityContext.TryParse(text, null, out _) ? text : null;

    private static string DefaultStrategy(SignalAction action) => action switch
    {
        SignalAction.Arbitrage => "arbitrage",
        SignalAction.MarketMaking => "market_making",
        SignalAction.Buy or SignalAction.Sell or SignalAction.Close or SignalAction.Hold => "generic",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not a signal action."),
    };

    private static SignalAction ActionOf(WireObject message, int tier)
    {
        var text = message.Text("action") ?? message.Text("message_type") ?? "";
        var action = text.ToLowerInvariant();
        if (action.StartsWith("hft_", StringComparison.Ordinal))
        {
            action = action[4..];
        }

        return (tier, action) switch
        {
            (1, "arbitrage") => SignalAction.Arbitrage,
            (1, "market_making" or "market_maker") => SignalAction.MarketMaking,
            (2, "buy" or "long") => SignalAction.Buy,
            (2, "sell" or "short") => SignalAction.Sell,
            (_, "close" or "exit" or "flat") => SignalAction.Close,
            (_, "hold") => SignalAction.Hold,
            _ => throw new UnknownActionException(
                $"action is {WireText.Shown(text, WireText.LongestName)}; tier {tier} takes "
                + (tier == 1 ? "arbitrage or market_making" : "buy, sell, close or hold")),
        };
    }

    private static ImmutableArray<SignalLeg> ArbitrageLegs(WireObject message)
    {
        var quantity = message.Positive(QuantityNames) ?? DefaultQuantity;
        var named = message.Objects("legs");
        if (named.Count > MaxLegs)
        {
            throw new WireFieldException("legs", $"{named.Count} legs", $"at most {MaxLegs}");
        }

        if (named.Count > 0)
        {
            return [.. named.Select(leg => new SignalLeg(
                leg.Text("symbol") is { } own ? Checked(own) : Symbol(message),
                SideOf(leg),
                leg.Positive(QuantityNames) ?? quantity,
                leg.Positive(PriceNames),
                Venue(leg.Text("venue", "exchange"))))];
        }

        var symbol = Symbol(message);
        var buy = message.Positive("buy_price");
        var sell = message.Positive("sell_price");
        if (buy is not null || sell is not null)
        {
            return
            [
                new SignalLeg(symbol, Side.Buy, quantity, buy, Venue(message.Text("buy_exchange", "buy_venue"))),
                new SignalLeg(symbol, Side.Sell, quantity, sell, Venue(message.Text("sell_exchange", "sell_venue"))),
            ];
        }

        return [new SignalLeg(symbol, SideOf(message), quantity, message.Positive(PriceNames), null)];
    }

    private static ImmutableArray<SignalLeg> QuoteLegs(WireObject message)
    {
        var symbol = Symbol(message);
        var quantity = message.Positive(QuantityNames) ?? DefaultQuantity;
        var bid = message.Positive("bid", "bid_price");
        var ask = message.Positive("ask", "ask_price");
        if ((bid is null || ask is null) && message.Positive(PriceNames) is { } middle)
        {
            var half = middle * (message.Positive("spread_bps") ?? 10m) / 20_000m;
            bid ??= middle - half;
            ask ??= middle + half;
        }

        if (bid is null || ask is null)
        {
            throw new WireFieldException("bid", "absent", "given with ask, or entry_price with spread_bps");
        }

        if (bid <= 0m || bid >= ask)
        {
            throw new WireFieldException("bid", $"{bid}", $"greater than 0 and below the ask {ask}");
        }

        return [new SignalLeg(symbol, Side.Buy, quantity, bid, null), new SignalLeg(symbol, Side.Sell, quantity, ask, null)];
    }

    private static Side SideOf(WireObject message) => (message.Text("side") ?? "buy").ToLowerInvariant() switch
    {
        "buy" or "long" => Side.Buy,
        "sell" or "short" => Side.Sell,
        var other => throw new WireFieldException("side", other, "buy or sell"),
    };

    /// <summary>A hold needs no symbol, nor does a close that names its position.</summary>
    private static string SymbolOf(WireObject message, SignalAction action, ImmutableArray<SignalLeg> legs) =>
        !legs.IsEmpty ? legs[0].Symbol
        : message.Text("symbol") is null
            && (action == SignalAction.Hold || (action == SignalAction.Close && message.Text("position_id") is not null))
            ? ""
            : Symbol(message);

    private static string Symbol(WireObject message) =>
        Checked(message.Text("symbol") ?? throw new WireFieldException("symbol", "absent", "given"));

    internal static string Checked(string symbol) => IsSymbol(symbol)
        ? symbol
        : throw new WireFieldException("symbol", symbol, "1 to 32 of A-Z a-z 0-9 . _ / # + -");

    private static string? Venue(string? text) => text is null ? null : WireText.Name(text, "venue");

    [GeneratedRegex(@"^[A-Za-z0-9._/#+-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SymbolPattern();

    private sealed class UnknownActionException(string message) : Exception(message);
}
