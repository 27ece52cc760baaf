using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;
using Role = TradingEngine.Grains.Interfaces.Security.Role;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Commands over Redis from who holds a key: once, soon, and no further than the key's role.</summary>
public sealed class SignedCommandTests
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(0, CommandKey.SecretLength).Select(i => (byte)i)];
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_760_000_000);

    [Theory]
    [InlineData("""{"action":"pause"}""", "ops", "0123456789abcdef", "60a5d1f4ed284e6d79384db1aee6b50db43bcbbee7a49ba95bf42d8566b3b770")]
    [InlineData("""{"action":"halt","symbol":"EURUSD","reason":"nächste Sitzung"}""", "desk-2", "N_-N_-N_-N_-N_-N", "97d98b730fdf2458b256dcfacfe704c4809d4609e38b55b643901ba889acc2a5")]
    public void The_signature_of_known_bytes_is_known(string command, string key, string nonce, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(SignedCommand.Sign(s_secret, command, key, nonce, 1_760_000_005)));

    [Fact]
    public void Nothing_of_a_signed_command_can_be_changed_and_none_counts_late()
    {
        var keys = new CommandKeys([new CommandKey("ops", Role.Risk, s_secret, s_now.AddDays(1))]);
        var signed = Signed("""{"action":"pause"}""", 5);
        Assert.Null(signed.RefusalOf(keys, s_now));
        foreach (var changed in new[]
        {
            signed with { Command = """{"action":"start"}""" }, signed with { Nonce = "other-nonce-0123" }, signed with { Expires = signed.Expires + 1 },
            signed with { Key = "desk" }, signed with { Signature = new byte[32] }, signed with { Signature = new byte[5] },
        })
        {
            Assert.Contains("does not fit", changed.RefusalOf(keys, s_now), StringComparison.Ordinal);
        }

        Assert.Contains("after it had ended", signed.RefusalOf(keys, s_now.AddSeconds(5)), StringComparison.Ordinal);
        Assert.Contains("more than 10 s", Signed("""{"action":"pause"}""", 12).RefusalOf(keys, s_now), StringComparison.Ordinal);
        Assert.Contains("no such key", signed.RefusalOf(keys, s_now.AddDays(1)), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(s_secret), keys.Keys[0].ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("nonce", "\"short\"")]
    [InlineData("nonce", "\"with space in it 0\"")]
    [InlineData("expires", "1760000005.5")]
    [InlineData("expires", "-1")]
    [InlineData("signature", "\"ab\"")]
    [InlineData("key", "\"a|b\"")]
    public void A_part_that_is_none_is_named(string field, string value)
    {
        var message = JsonNode.Parse(Message(Signed("{}", 5)))!.AsObject();
        message[field] = JsonNode.Parse(value);
        Assert.Null(SignedCommandReader.Read(Encoding.UTF8.GetBytes(message.ToJsonString()), out var error));
        Assert.Contains(field, error!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_with_keys_follows_signed_commands_once_and_no_others()
    {
        await using var redis = await RedisServer.StartNewAsync();
        using var place = new SiloPlace();
        var file = Path.Combine(place.Directory, "command.keys");
        var secrets = new Dictionary<string, string>();
        foreach (var (name, role) in new[] { ("ops", "risk"), ("desk", "trader") })
        {
            var made = await ClientProcess.RunAsync("keys", "create", "--commands", "--name", name, "--role", role, "--file", file);
            Assert.True(made.Code == 0, made.Error);
            secrets[name] = made.Output.Trim();
        }

        await using var silo = SiloProcess.Start([.. place.OnRedis(redis.Address), "--command-keys", file]);
        await silo.PrintsAsync("Ready:", TimeSpan.FromMinutes(2));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        var database = connection.GetDatabase();
        async Task<JsonNode> AnsweredAsync(string message)
        {
            var before = await database.ListLengthAsync("command_history");
            await database.ListLeftPushAsync("trading_commands", message);
            await Eventually.HoldsAsync($"an answer to {message}", async () => await database.ListLengthAsync("command_history") > before);
            return JsonNode.Parse((string)(await database.ListGetByIndexAsync("command_history", 0))!)!;
        }

        var paused = await SignAsync("""{"action":"pause","reason":"drill"}""", "desk", secrets["desk"]);
        Assert.Equal(("pause", "completed", "desk"), Of(await AnsweredAsync(paused)));
        var again = await AnsweredAsync(paused);
        Assert.Equal(("pause", "rejected", "desk"), Of(again));
        Assert.Equal("its nonce was used before", (string)again["reason"]!);
        var unsigned = await AnsweredAsync("""{"action":"resume"}""");
        Assert.Equal(("resume", "rejected", "queue"), Of(unsigned));
        Assert.Contains("not signed", (string)unsigned["reason"]!, StringComparison.Ordinal);
        var low = await AnsweredAsync(await SignAsync("""{"action":"resume"}""", "desk", secrets["desk"]));
        Assert.Equal("desk is trader, and resume takes risk", (string)low["reason"]!);
        Assert.Equal(("resume", "rejected", "queue"), Of(await AnsweredAsync(Message(Signed("""{"action":"resume"}""", 5)))));

        // Still paused, or it would say that it runs already.
        var resumed = await AnsweredAsync(await SignAsync("""{"action":"resume"}""", "ops", secrets["ops"]));
        Assert.Equal(("resume", "completed", "ops"), Of(resumed));
        Assert.Equal("running", (string)resumed["reason"]!);
        Assert.DoesNotContain(silo.Lines, line => secrets.Values.Any(secret => line.Text.Contains(secret, StringComparison.Ordinal)));
    }

    private static (string, string, string) Of(JsonNode answer) => ((string)answer["command"]!, (string)answer["status"]!, (string)answer["by"]!);

    private static SignedCommand Signed(string command, int seconds)
    {
        var expires = s_now.ToUnixTimeSeconds() + seconds;
        return new SignedCommand(command, "ops", "0123456789abcdef", expires, SignedCommand.Sign(s_secret, command, "ops", "0123456789abcdef", expires));
    }

    private static string Message(SignedCommand signed) => new JsonObject
    {
        ["signed"] = signed.Command, ["key"] = signed.Key, ["nonce"] = signed.Nonce, ["expires"] = signed.Expires,
        ["signature"] = Convert.ToHexStringLower(signed.Signature.Span),
    }.ToJsonString();

    /// <summary>Signs as the sample in Python does.</summary>
    private static async Task<string> SignAsync(string command, string key, string secret)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "python", "sign_command.py"), command, "--key", key])
        {
            RedirectStandardOutput = true, Environment = { ["TRADING_ENGINE_COMMAND_SECRET"] = secret },
        })!;
        var message = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return message.Trim();
    }
}
