using System.Text;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>The exact text of statistics and trades.</summary>
public sealed class StrategyWriterTests
{
    [Fact]
    public void Nothing_is_said_before_the_first_trade() => Assert.Equal(
        """{"trades":0,"wins":0,"losses":0,"rejected":2,"win_rate":null,"pnl":0,"commissions":0,"average_win":null,"average_loss":null,"profit_factor":null,"expectancy":null,"average_seconds":null,"window":0,"best":null,"worst":null,"longest_seconds":null,"max_drawdown":null,"sharpe":null,"sortino":null}""",
        StrategyWriter.Write(StrategyStatistics.None with { Rejected = 2 }));

    [Fact]
    public void Everything_is_said_once_there_is_enough()
    {
        var trades = Enumerable.Range(0, 20).Select(i => new ClosedTrade("P1", i % 2 == 0 ? 3m : -1m, 0.5m, 100m, TimeSpan.FromSeconds(i)));

        Assert.Equal(
            """{"trades":20,"wins":10,"losses":10,"rejected":0,"win_rate":50,"pnl":20,"commissions":10.0,"average_win":3,"average_loss":1,"profit_factor":3,"expectancy":1,"average_seconds":9.5,"window":20,"best":3,"worst":-1,"longest_seconds":19,"max_drawdown":1,"sharpe":0.48734,"sortino":1.378405}""",
            StrategyWriter.Write(StrategyStatistics.Of([.. trades])));
    }

    [Fact]
    public void Stored_trade_is_read_back()
    {
        var trade = new ClosedTrade("P1", -1.25m, 0.5m, 100m, TimeSpan.FromSeconds(90.5));

        var line = Encoding.UTF8.GetString(DomainJson.Write(trade));

        Assert.Equal("""{"PositionId":"P1","Pnl":-1.25,"Commissions":0.5,"Notional":100,"Duration":"00:01:30.5000000"}""", line);
        Assert.Equal(trade, DomainJson.ReadTrade(line));
    }

    [Fact]
    public void Shown_trade_is_read_back()
    {
        var life = new Life(Given.Opening(Side.Sell, 2m));
        life.Fill(life.Entry, 2m, 100m, "f1", commission: 1m);
        life.Now += TimeSpan.FromSeconds(90);
        life.Close("take_profit");
        life.Fill(life.LastClose, 2m, 90m, "f2", commission: 0.5m);

        var trade = TradeWriter.Read(Encoding.UTF8.GetString(TradeWriter.Write(life.State)));

        Assert.Equal(("P1", "default", "trend", "BTCUSD", Side.Sell), (trade.PositionId, trade.Account, trade.Strategy, trade.Symbol, trade.Side));
        Assert.Equal((2m, 100m, 90m, 18.5m, 1.5m), (trade.Quantity, trade.EntryPrice, trade.ExitPrice, trade.Pnl, trade.Commission));
        Assert.Equal(("take_profit", Given.Now, life.Now), (trade.Reason, trade.OpenedAt, trade.ClosedAt));
    }
}
