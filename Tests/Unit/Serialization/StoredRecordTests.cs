using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Serialization;

/// <summary>Records as earlier versions wrote them, byte for byte: they are read with the meaning they had.</summary>
public sealed class StoredRecordTests
{
    // The first version: no exits but stop and target, no currencies, no quotes, groups or forgotten orders.
    private const string FirstPosition =
        """
        {"Id":"P1","Account":"default","Strategy":"trend","Kind":"Trend","Tier":2,"SignalId":"s1","Side":"Sell","Phase":"Open",
        "Legs":[{"Symbol":"EURUSD","Terms":{"ContractSize":100000,"IsInverse":false,"MoneyDecimals":2},
        "Ledger":{"Quantity":-0.5,"AverageOpen":1.1,"AverageClose":0,"OpenedQuantity":0.5,"ClosedQuantity":0,"Realized":-1.25,"Commissions":1.25}}],
        "Orders":[{"Order":{"OrderId":"AAAAAAAAAAAAAAAAAAAA","SignalId":"s1","PositionId":"P1","Account":"default","Strategy":"trend",
        "Intent":"Open","Side":"Sell","Symbol":"EURUSD","Quantity":1,"Price":1.1,"Time":"2026-01-05T10:00:00+00:00","Type":"Market","StopLoss":1.2,"TakeProfit":1.0,"Leg":0},
        "Status":"PartiallyFilled","CumulativeQuantity":0.5,"AveragePrice":1.1,"FillIds":["f1"]}],
        "Exits":{"StopLoss":1.2,"TakeProfit":1.0},"CreatedAt":"2026-01-05T10:00:00+00:00","OpenedAt":"2026-01-05T10:00:01+00:00",
        "Reject":"None","Attempts":0,"AuditHash":"00ff"}
        """;

    private const string FirstEntry =
        """
        {"Id":"P1","Account":"default","Strategy":"trend","Kind":"Trend","Symbol":"EURUSD","Side":"Sell","Phase":"Open","Quantity":-0.5,
        "AverageOpen":1.1,"ContractSize":100000,"StopLoss":1.2,"TakeProfit":1.0,"CreatedAt":"2026-01-05T10:00:00+00:00","Deadline":"2026-01-05T10:00:30+00:00"}
        """;

    // The second: quotes and groups, time in force, forgotten orders counted and not remembered.
    private const string SecondPosition =
        """
        {"Id":"P2","Account":"default","Strategy":"maker","Kind":"MarketMaking","Tier":1,"SignalId":"s2","Side":"Buy","Phase":"Open",
        "Legs":[{"Symbol":"BTCUSD","Terms":{"ContractSize":1,"IsInverse":false,"MoneyDecimals":2,"QuoteCurrency":"USD","BaseCurrency":"BTC"},
        "Ledger":{"Quantity":1,"OpenedBy":"Buy","AverageOpen":100,"AverageClose":0,"OpenedQuantity":1,"ClosedQuantity":0,"Realized":0,"Commissions":0}}],
        "Orders":[],"Exits":{},"CreatedAt":"2026-01-05T10:00:00+00:00","OpenedAt":"2026-01-05T10:00:01+00:00","Reject":"None","Attempts":3,
        "Quoting":{"MaxAge":"00:00:05","MaxInventory":5,"SkewBps":1,"TickSize":0.01},"DroppedOrders":40,"AuditHash":""}
        """;

    [Fact]
    public void Position_of_the_first_version_is_read_and_lives_on()
    {
        var state = DomainJson.ReadPosition(Encoding.UTF8.GetBytes(FirstPosition));

        Assert.Equal(new ExitPlan(1.2m, 1.0m), state.Exits);
        Assert.True(state.Exits.IsPlain);
        Assert.Equal((PositionPhase.Open, RejectReason.None, 0, null, null),
            (state.Phase, state.Reject, state.DroppedOrders, state.Quoting, state.GroupDeadline));
        Assert.Empty(state.Forgotten);
        Assert.Equal((OrderStatus.PartiallyFilled, 0.5m, null),
            (state.Orders[0].Status, state.Orders[0].LeavesQuantity, state.Orders[0].UnnamedQuantity));
        Assert.Equal((-0.5m, -1.25m), (state.Legs[0].Ledger.Quantity, state.Realized));

        // Its orders' ids were made otherwise: a repeated fill is one all the same, and a new one counts.
        var repeated = Fill(state, "f1", 0.5m, 1.1m);
        Assert.Equal(ReportOutcome.Duplicate, PositionLifecycle.Apply(state, repeated, Given.Now).Outcome);
        state = PositionLifecycle.Apply(state, Fill(state, "f2", 0.5m, 1.11m), Given.Now).Transition.State;
        Assert.Equal((-1m, 1.105m), (state.Legs[0].Ledger.Quantity, state.Legs[0].Ledger.AverageOpen));

        var closing = PositionLifecycle.Close(state, "stop_loss", 1.2m, Given.Now);
        Assert.Equal((Side.Buy, 1m), (closing.Orders[0].Side, closing.Orders[0].Quantity));
        var close = closing.Orders[0];
        state = PositionLifecycle.Apply(
            closing.State, Given.Report(close, OrderStatus.Filled, 1m, 1.2m, "c1"), Given.Now).Transition.State;
        Assert.Equal((PositionPhase.Closed, -9_501.25m), (state.Phase, state.Realized));
        Assert.Equal(-0.085972850678733, state.Legs[0].Ledger.PriceReturn()!.Value, 12);
        Assert.Equal(state.Realized, DomainJson.ReadPosition(DomainJson.Write(state)).Realized);
    }

    [Fact]
    public void Entry_of_the_first_version_arms_its_stop_and_target_alone()
    {
        var entry = DomainJson.ReadIndexEntry(Encoding.UTF8.GetBytes(FirstEntry));

        Assert.Equal((1.2m, 1.0m, null, null), (entry.StopLoss, entry.TakeProfit, entry.Exits, entry.OpenedAt));
        Assert.Equal((-0.5m, PositionPhase.Open, Side.Sell), (entry.Quantity, entry.Phase, entry.Side));
    }

    [Fact]
    public void Position_of_the_second_version_is_read_and_quotes_on()
    {
        var state = DomainJson.ReadPosition(Encoding.UTF8.GetBytes(SecondPosition));

        Assert.True(state.Exits.IsEmpty);
        Assert.Equal((40, 40, 0), (state.DroppedOrders, state.SentOrders, state.Forgotten.Length));
        var transition = PositionLifecycle.Quote(state, Given.Signal(SignalAction.MarketMaking, id: "s3"), new QuotePlan(
            [new PlannedOrder(0, Side.Buy, 1m, 99m, OrderType.Limit, OrderIntent.Quote)], state.Quoting!), Given.Now);
        // Bid one of five lots long at one basis point: lower by 0.00198, down to a tick.
        Assert.Equal((98.99m, 1), (transition.Orders.Single().LimitPrice, transition.State.Orders.Length));
    }

    [Fact]
    public void Every_stored_type_reads_what_is_not_written_as_a_new_one_has_it()
    {
        var position = Written(new PositionState
        {
            Id = "P1", Account = "a", Strategy = "s", Kind = StrategyKind.Trend, Tier = 2, SignalId = "s1", Side = Side.Buy,
            Phase = PositionPhase.Open, CreatedAt = Given.Now,
        });
        var order = Written(new OrderState { Order = new Life(Given.Opening()).Entry });
        Written(order.Order);
        Written(position.Exits);
        Written(new ExitMemory());
        Written(new LegLedger());
        Written(new ContractTerms());
    }

    /// <summary>Reads it from its required properties alone, and compares all.</summary>
    private static T Written<T>(T value)
    {
        var text = JsonSerializer.SerializeToNode(value, DomainJson.Options)!.AsObject();
        foreach (var property in typeof(T).GetProperties().Where(property => !property.IsDefined(typeof(RequiredMemberAttribute), false)))
        {
            text.Remove(property.Name);
        }

        var read = text.Deserialize<T>(DomainJson.Options)!;
        Assert.Equal(JsonSerializer.Serialize(value, DomainJson.Options), JsonSerializer.Serialize(read, DomainJson.Options));
        return value;
    }

    [Fact]
    public void Property_of_a_later_version_is_no_obstacle()
    {
        var text = SecondPosition.Replace("\"Attempts\":3", "\"Attempts\":3,\"Later\":{\"Than\":[1]}", StringComparison.Ordinal);
        Assert.Equal(3, DomainJson.ReadPosition(Encoding.UTF8.GetBytes(text)).Attempts);
    }

    private static ExecutionReport Fill(PositionState state, string id, decimal lots, decimal price) =>
        Given.Report(state.Orders[0].Order, OrderStatus.PartiallyFilled, lots, price, id);
}
