using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>Alerts as those who are told receive them.</summary>
[Collection(Alone.Name)]
public sealed class AlertTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Secret = "canary-signing-key";
    private const string Token = "12345:canary-bot-token";
    private const string Path = "/hook/canary-path";

    [Fact]
    public async Task Kill_is_told_signed_to_the_webhook_again_where_it_failed_and_to_the_chat_without_secrets_in_the_log()
    {
        using var webhook = new Receiver();
        using var telegram = new Receiver();
        webhook.AnswerWith(500, 429);
        await using var silo = ObservedSilo.Start(
            new Dictionary<string, string>
            {
                ["TRADING_ENGINE_ALERT_WEBHOOK_SECRET"] = Secret,
                ["TRADING_ENGINE_TELEGRAM_TOKEN"] = Token,
                ["TRADING_ENGINE_TELEGRAM_API"] = telegram.Address,
            },
            "--alert-webhook", webhook.Address + Path, "--alert-telegram-chat", "-1001", "--log-format", "json", "--log-level", "trace");
        await silo.ReadyAsync();
        await using var client = await TradingEngineClient.ConnectAsync(silo.Place.ClientOptions, Stop);

        await client.CommandAsync(new EngineCommand("kill", "test") { Reason = "wrong prices" }, Stop);

        await Eventually.HoldsAsync("the webhook to take it at the third try", () => webhook.Requests.Count(request => request.Answer == 200) == 1);
        await Eventually.HoldsAsync("the chat to be written to", () => telegram.Requests.Count == 1);
        var told = webhook.Requests[^1];
        Assert.Equal([500, 429, 200], webhook.Requests.Select(request => request.Answer));
        Assert.Equal(Path, told.Path);
        var alert = JsonDocument.Parse(told.Body).RootElement;
        Assert.Equal("killed", alert.GetProperty("kind").GetString());
        Assert.Equal("critical", alert.GetProperty("severity").GetString());
        Assert.Contains("wrong prices", alert.GetProperty("text").GetString(), StringComparison.Ordinal);
        var signed = Encoding.ASCII.GetBytes(told.Headers["X-TradingEngine-Timestamp"] + ".").Concat(told.Body).ToArray();
        Assert.Equal(
            "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)), told.Headers["X-TradingEngine-Signature"]);
        Assert.Equal($"/bot{Token}/sendMessage", Uri.UnescapeDataString(telegram.Requests[0].Path));
        var message = JsonDocument.Parse(telegram.Requests[0].Body).RootElement;
        Assert.Equal("-1001", message.GetProperty("chat_id").GetString());
        Assert.StartsWith("CRITICAL killed\n", message.GetProperty("text").GetString(), StringComparison.Ordinal);

        var configuration = JsonSerializer.Serialize(await client.GetConfigurationAsync(Stop));
        Assert.Contains("(set)", configuration, StringComparison.Ordinal);
        using var metrics = await silo.GetAsync("/metrics");
        var exposition = await metrics.Content.ReadAsStringAsync(Stop);
        Assert.Matches("(?m)^tradingengine_alerts_total\\{.*\\} 1", exposition);
        var printed = string.Join('\n', silo.Process.Lines.Select(line => line.Text));
        Assert.All(
            [silo.Log, printed, configuration, exposition],
            text => Assert.DoesNotContain("canary", text, StringComparison.Ordinal));
        Assert.All(
            silo.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(20), line => Assert.NotNull(JsonDocument.Parse(line).RootElement.GetProperty("Level").GetString()));
    }

    [Fact]
    public async Task Two_silos_tell_of_a_store_that_is_away_and_back_and_of_a_kill_past_both_once_each()
    {
        using var webhook = new Receiver();
        await using var redis = await RedisServer.StartNewAsync();
        string[] arguments = ["--store", "redis", "--redis", redis.Address, "--feed", "simulated", "--execution", "paper", "--alert-webhook", webhook.Address + Path];
        await using var first = ObservedSilo.Start(null, arguments);
        await first.ReadyAsync();
        await using var second = ObservedSilo.Start(null, arguments);
        await second.ReadyAsync();

        await redis.KillAsync();
        await Told(webhook, "store_away");
        await redis.StartAsync();
        await Told(webhook, "store_back");
        Assert.Equal(0, (await Processes.ClientProcess.RunAsync("kill", "--redis", redis.Address, "--reason", "drill", "--yes")).Code);
        await Told(webhook, "killed");

        await using var other = await TradingEngineClient.ConnectAsync(first.Place.ClientOptions, Stop);
        await other.CommandAsync(new EngineCommand("reset", "test") { Reason = "drill" }, Stop);
        await other.CommandAsync(new EngineCommand("pause", "test"), Stop);

        // While the store was away no prices came either, and that may be told too.
        Assert.Equal(["store_away", "store_back", "killed"], Kinds(webhook).Where(kind => kind != "feed_stale"));
    }

    [Fact]
    public async Task Agents_that_fall_silent_warn_or_send_nonsense_are_told()
    {
        using var webhook = new Receiver();
        await using var redis = await RedisServer.StartNewAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        var agents = connection.GetDatabase();
        Task BeatAsync() => agents.HashSetAsync("agent_stats:execution",
            [new("status", "running"), new("heartbeat_interval", "1"), new("last_heartbeat", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())]);
        await BeatAsync();
        await using var silo = ObservedSilo.Start(
            null, "--store", "redis", "--redis", redis.Address, "--feed", "simulated", "--execution", "redis", "--alert-webhook", webhook.Address + Path);
        await silo.ReadyAsync();

        await Told(webhook, "executor_silent");
        await BeatAsync();
        await Told(webhook, "executor_back");
        await agents.ListLeftPushAsync("strategy_signals", [.. Enumerable.Repeat((RedisValue)"nonsense", 12)]);
        await Told(webhook, "dead_letters");
        await agents.PublishAsync(RedisChannel.Literal("market_warnings"),
            """{"type":"MARKET_ANOMALY_ALERT","warning":{"type":"flash_crash","severity":"critical","probability":0.95,"symbol":"BTCUSD"}}""");
        await Told(webhook, "market_anomaly");

        var told = webhook.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement).ToList();
        Assert.Equal("info", told.First(alert => alert.GetProperty("kind").GetString() == "executor_back").GetProperty("severity").GetString());
        Assert.Equal("BTCUSD", told.Single(alert => alert.GetProperty("kind").GetString() == "market_anomaly").GetProperty("symbol").GetString());
        Assert.Single(told, alert => alert.GetProperty("kind").GetString() == "dead_letters");
    }

    [Theory]
    [InlineData("--alert-webhook", "ftp://nowhere", "--alert-webhook is no address; use https://<host>/<path>")]
    [InlineData("--alert-telegram-chat", "7", "--alert-telegram-chat is 7, but TRADING_ENGINE_TELEGRAM_TOKEN is not set; set it to the token of the bot that writes there")]
    [InlineData("--otlp", "localhost:4317", "--otlp is localhost:4317; use http://host:4317 for gRPC, http://host:4318 for HTTP")]
    [InlineData("--trace-sample", "0.5", "--trace-sample is 0.5, but nobody gets the traces; add --otlp <endpoint>, or leave it away")]
    [InlineData("--dashboard", "yes", "--dashboard is yes; use off or on")]
    public async Task Wrong_setting_is_one_clear_line(string option, string value, string line)
    {
        await using var silo = Processes.SiloProcess.Start(option, value);

        Assert.Equal(2, await silo.EndsAsync());

        Assert.Equal(line, Assert.Single(silo.Errors));
    }

    private static Task Told(Receiver webhook, string kind) => Eventually.HoldsAsync(
        $"an alert of {kind}", () => Task.FromResult(Kinds(webhook).Contains(kind)), seen: () => string.Join(", ", webhook.Requests.Select(request => request.Text)));

    private static List<string> Kinds(Receiver webhook) =>
        [.. webhook.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("kind").GetString()!)];
}
