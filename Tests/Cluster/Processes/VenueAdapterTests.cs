using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The sample adapter to a venue: on paper it keeps the rules, and an exchange that loses its answers gets no order twice.</summary>
[Collection(BesideOthers.Name)]
public sealed class VenueAdapterTests
{
    private static readonly string Adapter = Path.Combine(AppContext.BaseDirectory, "venue", "venue_adapter.py");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adapter_on_paper_keeps_every_rule()
    {
        await using var server = await RedisServer.StartNewAsync();

        var run = await ClientProcess.RunAsync(
            "certify", "executor", "--redis", server.Address, "--patience", "5",
            "--start-command", $"exec /usr/bin/python3 {Adapter} --redis redis://{server.Address}/0");

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("The executor keeps the rules.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_whose_answer_was_lost_is_found_at_the_exchange_and_not_sent_again()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var exchange = await SpotExchange.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        exchange.Breaks = 1;
        using var agent = Start(server, exchange);
        try
        {
            await redis.GetDatabase().ListLeftPushAsync("execution_orders", Order("LOST"));

            var report = await ReportAsync(redis, "LOST", "filled");

            Assert.Equal((0.01, 60_010.0, 0.6, "USD"), (
                report.GetProperty("last_quantity").GetDouble(), report.GetProperty("last_price").GetDouble(),
                report.GetProperty("commission").GetDouble(), report.GetProperty("commission_currency").GetString()));
            Assert.Equal("BTCUSDT", Assert.Single(exchange.Orders).Value.Symbol);
            Assert.Equal(0, exchange.Refused);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task Working_order_is_told_in_parts_and_its_cancel_with_what_traded()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var exchange = await SpotExchange.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        using var agent = Start(server, exchange);
        try
        {
            await redis.GetDatabase().ListLeftPushAsync("execution_orders", Order("WORKS", ""","order_type":"limit","limit_price":59000"""));
            await ReportAsync(redis, "WORKS", "accepted");
            exchange.Fill("WORKS", 0.004m);
            await ReportAsync(redis, "WORKS", "partially_filled");

            await redis.GetDatabase().ListLeftPushAsync(
                "execution_orders", """{"order_id":"C","position_id":"p","type":"cancel","action":"cancel","symbol":"BTCUSD","target_order_id":"WORKS"}""");

            Assert.Equal(0.004, (await ReportAsync(redis, "WORKS", "cancelled")).GetProperty("cumulative_quantity").GetDouble());
            Assert.Equal(3, (await ReportsAsync(redis)).Count);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task Symbol_that_is_not_traded_there_and_entries_after_a_kill_are_refused()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var exchange = await SpotExchange.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await redis.GetDatabase().HashSetAsync("agent_stats:trading_engine", "mode", "killed");
        using var agent = Start(server, exchange);
        try
        {
            await redis.GetDatabase().ListLeftPushAsync(
                "execution_orders", [Order("ENTRY"), Order("OTHER").Replace("\"open\"", "\"close\"", StringComparison.Ordinal).Replace("BTCUSD", "NO.SUCH", StringComparison.Ordinal)]);

            Assert.Contains("killed", (await ReportAsync(redis, "ENTRY", "rejected")).GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Contains("NO.SUCH", (await ReportAsync(redis, "OTHER", "rejected")).GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Empty(exchange.Orders);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task Exchange_without_its_settings_is_refused_at_the_start()
    {
        using var agent = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Adapter, "--venue", "spot"]) { RedirectStandardError = true })!;
        var said = await agent.StandardError.ReadToEndAsync(Stop);
        await agent.WaitForExitAsync(Stop);

        Assert.Equal(1, agent.ExitCode);
        Assert.Contains("VENUE_URL, VENUE_KEY, VENUE_SECRET", said, StringComparison.Ordinal);
    }

    private static Process Start(RedisServer server, SpotExchange exchange)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Adapter, "--redis", $"redis://{server.Address}/0", "--venue", "spot"]);
        start.Environment["VENUE_URL"] = exchange.Url;
        start.Environment["VENUE_KEY"] = SpotExchange.Key;
        start.Environment["VENUE_SECRET"] = SpotExchange.Secret;
        return Process.Start(start)!;
    }

    private static string Order(string id, string more = "") => string.Create(CultureInfo.InvariantCulture,
        $$"""{"order_id":"{{id}}","position_id":"p","type":"open","action":"buy","symbol":"BTCUSD","quantity":0.01,"price":60000,"account":"default"{{more}}}""");

    private static async Task<JsonElement> ReportAsync(ConnectionMultiplexer redis, string order, string status)
    {
        JsonElement? found = null;
        await Eventually.HoldsAsync($"the report that {order} is {status}", async () => (found = (await ReportsAsync(redis))
            .Select(report => (JsonElement?)report)
            .FirstOrDefault(report => report!.Value.GetProperty("order_id").GetString() == order && report.Value.GetProperty("status").GetString() == status)) is not null);
        return found!.Value;
    }

    private static async Task<List<JsonElement>> ReportsAsync(ConnectionMultiplexer redis) =>
        [.. (await redis.GetDatabase().ListRangeAsync("position_updates")).Select(text => JsonSerializer.Deserialize<JsonElement>((string)text!).GetProperty("updates"))];
}
