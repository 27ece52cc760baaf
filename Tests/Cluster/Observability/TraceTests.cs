using System.Text;
using TradingEngine.Client;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>What a collector receives.</summary>
[Collection(Alone.Name)]
public sealed class TraceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static readonly string[] s_spans = ["signal", "queue", "tier", "strategy", "account", "commit", "order", "fill"];

    [Fact]
    public async Task Signal_with_a_sampled_trace_is_one_trace_to_its_fill_and_others_are_none()
    {
        using var collector = new Receiver();
        await using var silo = ObservedSilo.Start(null, "--otlp", collector.Address + "/otlp", "--risk", "open");
        await silo.ReadyAsync();
        await using var client = await TradingEngineClient.ConnectAsync(silo.Place.ClientOptions, Stop);

        await client.SubmitSignalAsync(2, $$"""{"signal_id":"traced-1","action":"buy","symbol":"BTCUSD","entry_price":64000,"strategy":"traced","traceparent":"00-{{TraceId}}-00f067aa0ba902b7-01"}""", Stop);
        await client.SubmitSignalAsync(2, """{"signal_id":"untraced-1","action":"buy","symbol":"BTCUSD","entry_price":64000,"strategy":"untraced","traceparent":"no such thing"}""", Stop);
        await Eventually.HoldsAsync("both to be filled", async () =>
        {
            var filled = (await client.GetOrdersAsync(50, Stop)).Where(order => order.State?.CumulativeQuantity > 0m).Select(order => order.Order.SignalId).ToList();
            return filled.Contains("traced-1") && filled.Contains("untraced-1");
        });
        var orders = await client.GetOrdersAsync(50, Stop);
        var traced = orders.Single(order => order.Order.SignalId == "traced-1").Order;
        Assert.StartsWith($"00-{TraceId}-", traced.TraceParent, StringComparison.Ordinal);
        Assert.DoesNotContain("00f067aa0ba902b7", traced.TraceParent, StringComparison.Ordinal);
        Assert.Null(orders.Single(order => order.Order.SignalId == "untraced-1").Order.TraceParent);
        await Eventually.HoldsAsync(
            "figures of the account to be sent", () => Contains(Bytes(collector, "/otlp/v1/metrics"), "tradingengine.account.equity"u8.ToArray()));
        Assert.Equal(0, await silo.Process.TerminateAsync());

        var traces = Bytes(collector, "/otlp/v1/traces");
        foreach (var text in (string[])[.. s_spans, "traced-1", traced.OrderId, traced.PositionId, "TradingEngine", "accepted"])
        {
            Assert.True(Contains(traces, Encoding.UTF8.GetBytes(text)), $"No span says {text}");
        }

        Assert.True(Contains(traces, Convert.FromHexString(TraceId)));
        Assert.False(Contains(traces, "untraced-1"u8.ToArray()));
        Assert.True(Contains(Bytes(collector, "/otlp/v1/metrics"), "tradingengine.signal.duration"u8.ToArray()));
        Assert.True(Contains(Bytes(collector, "/otlp/v1/logs"), "TradingEngine"u8.ToArray()));
    }

    private static byte[] Bytes(Receiver collector, string path) =>
        [.. collector.Requests.Where(request => request.Path == path).SelectMany(request => request.Body)];

    private static bool Contains(byte[] all, byte[] part) => all.AsSpan().IndexOf(part) >= 0;
}
