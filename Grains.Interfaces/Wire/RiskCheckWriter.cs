using System.Text.Json;
using TradingEngine.Grains.Interfaces.Risk;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes what the risk agent is asked about an entry.</summary>
public static class RiskCheckWriter
{
    /// <summary>The <c>type</c> of the request.</summary>
    public const string Type = "pre_trade_check";

    /// <summary>The request.</summary>
    /// <param name="requestId">Repeated by the answer.</param>
    /// <param name="question">The entry.</param>
    /// <param name="waits">How long the answer is waited for.</param>
    /// <param name="now">The time.</param>
    public static byte[] Write(string requestId, RiskQuestion question, TimeSpan waits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(question);
        return TierWriter.Request(Type, requestId, QueueKeys.RiskCheckReplies, now, json =>
        {
            var signal = question.Signal;
            json.WriteNumber("wait_ms", (long)waits.TotalMilliseconds);
            json.WriteString("position_id", question.PositionId);
            json.WriteString("signal_id", signal.Id);
            json.WriteString("account", signal.Account);
            json.WriteString("strategy", signal.Strategy);
            json.WriteString("symbol", signal.Symbol);
            json.WriteString("action", Word(signal.Action));
            json.WriteNumber("quantity", signal.Quantity);
            Number(json, "stop_loss", signal.StopLoss);
            Number(json, "take_profit", signal.TakeProfit);
            json.WriteNumber("buy_notional", question.BuyNotional);
            json.WriteNumber("sell_notional", question.SellNotional);
            json.WriteNumber("confidence", signal.Confidence);
            json.WriteString("risk", question.Decision);
            json.WriteStartArray("legs");
            foreach (var leg in signal.Legs)
            {
                json.WriteStartObject();
                json.WriteString("symbol", leg.Symbol);
                json.WriteString("side", leg.Side == Side.Buy ? "buy" : "sell");
                json.WriteNumber("quantity", leg.Quantity);
                Number(json, "price", leg.Price);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static string Word(SignalAction action) => action switch
    {
        SignalAction.Buy => "buy",
        SignalAction.Sell => "sell",
        SignalAction.Arbitrage => "arbitrage",
        SignalAction.MarketMaking => "market_making",
        SignalAction.Close or SignalAction.Hold => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an entry."),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not a signal action."),
    };

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
