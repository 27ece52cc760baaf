using CsCheck;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Orders;

/// <summary>The same cause has the same id in every process and version; another cause has another.</summary>
public sealed class ClientOrderIdTests
{
    private static readonly Gen<string> Names = Gen.String[Gen.Char["a|\\"], 0, 2];

    [Fact]
    public void Order_ids_are_pinned()
    {
        Assert.Equal("D6F6AM5BU5TSF3Z6DJKUWVARWUJA", ClientOrderId.ForOrder("default", "trend", "s1", 0, OrderIntent.Open, 1));
        Assert.Equal("D6F6AM5BU5TSF3Z6DJKUUGYQ7BMC", ClientOrderId.ForOrder("default", "trend", "s1", 0, OrderIntent.Close, 1));
        Assert.Equal("PD6F6AM5BU5TSF3Z6DJK", ClientOrderId.ForPosition("default", "trend", "s1"));
    }

    [Fact]
    public void Order_id_alone_tells_its_position()
    {
        var position = ClientOrderId.ForPosition("a", "b", "c");

        Assert.Equal(position, ClientOrderId.PositionOf(ClientOrderId.ForOrder("a", "b", "c", 1, OrderIntent.Close, 7)));
        Assert.Equal(position, ClientOrderId.PositionOf(ClientOrderId.ForOrder(position, "other", 0, OrderIntent.Quote, 1)));
        Assert.All(["", "O-1", position, position + position, new string('1', 28)], id => Assert.Null(ClientOrderId.PositionOf(id)));
    }

    [Fact]
    public void Every_argument_makes_another_id()
    {
        string[] ids =
        [
            ClientOrderId.ForOrder("a", "b", "c", 0, OrderIntent.Open, 1),
            ClientOrderId.ForOrder("x", "b", "c", 0, OrderIntent.Open, 1),
            ClientOrderId.ForOrder("a", "x", "c", 0, OrderIntent.Open, 1),
            ClientOrderId.ForOrder("a", "b", "x", 0, OrderIntent.Open, 1),
            ClientOrderId.ForOrder("a", "b", "c", 1, OrderIntent.Open, 1),
            ClientOrderId.ForOrder("a", "b", "c", 0, OrderIntent.Close, 1),
            ClientOrderId.ForOrder("a", "b", "c", 0, OrderIntent.Open, 2),
            ClientOrderId.ForOrder("A", "b", "c", 0, OrderIntent.Open, 1),
            ClientOrderId.ForPosition("a", "b", "c"),
            ClientOrderId.ForPosition("x", "b", "c"),
            ClientOrderId.ForPosition("a", "x", "c"),
            ClientOrderId.ForPosition("a", "b", "x"),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[A-Z2-7]{28}$|^P[A-Z2-7]{19}$", id));
    }

    [Fact]
    public void Different_causes_never_share_an_id_whatever_the_names_contain() =>
        Gen.Select(Names, Names, Names).Select(Gen.Select(Names, Names, Names)).Sample((one, two) =>
        {
            Assert.Equal(one == two, ClientOrderId.ForPosition(one.Item1, one.Item2, one.Item3)
                == ClientOrderId.ForPosition(two.Item1, two.Item2, two.Item3));
            Assert.Equal(one == two, ClientOrderId.ForOrder(one.Item1, one.Item2, one.Item3, 0, OrderIntent.Open, 1)
                == ClientOrderId.ForOrder(two.Item1, two.Item2, two.Item3, 0, OrderIntent.Open, 1));
        }, iter: 8_000);

    [Fact]
    public void Separator_in_a_name_does_not_move_the_border() => Assert.NotEqual(
        ClientOrderId.ForPosition("a|b", "c", "d"), ClientOrderId.ForPosition("a", "b|c", "d"));

    [Fact]
    public void Ten_thousand_attempts_are_ten_thousand_ids() => Assert.Equal(10_000, Enumerable.Range(1, 10_000)
        .Select(attempt => ClientOrderId.ForOrder("default", "trend", "s1", 0, OrderIntent.Close, attempt)).Distinct().Count());
}
