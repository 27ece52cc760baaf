using System.Text;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>The context of a trace from the signal to the last order of its position.</summary>
public sealed class TraceParentTests
{
    private const string Sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Theory]
    [InlineData(Sampled, Sampled)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]
    [InlineData("", null)]
    [InlineData("nonsense", null)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", null)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", null)]
    public void Context_is_read_and_one_that_is_none_is_passed_over(string sent, string? read)
    {
        var signal = SignalReader.Read(
            Encoding.UTF8.GetBytes($$"""{"action":"buy","symbol":"BTCUSD","traceparent":"{{sent}}"}"""), 2, "e-1", Given.Now, out var error);

        Assert.Null(error);
        Assert.Equal(read, signal!.TraceParent);
    }

    [Fact]
    public void Every_order_of_a_position_carries_the_context_of_its_signal()
    {
        var opening = Given.Opening();
        var life = new Life(opening with { Signal = opening.Signal with { TraceParent = Sampled } });
        life.Fill(life.Entry, 1m, 100m, "f-1");
        life.Close();

        Assert.Equal([OrderIntent.Open, OrderIntent.Close], life.Sent.Select(order => order.Intent));
        Assert.All(life.Sent, order => Assert.Equal(Sampled, order.TraceParent));
        Assert.EndsWith($"\"traceparent\":\"{Sampled}\"}}", Encoding.UTF8.GetString(OrderWriter.Write(life.LastClose)), StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_without_a_trace_say_nothing_of_one()
    {
        var life = new Life(Given.Opening());

        Assert.DoesNotContain("traceparent", Encoding.UTF8.GetString(OrderWriter.Write(life.Entry)), StringComparison.Ordinal);
    }
}
