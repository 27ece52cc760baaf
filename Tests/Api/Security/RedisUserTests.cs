using System.Diagnostics;
using StackExchange.Redis;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Each party at Redis may do its work and nothing else: the engine and the sample agents run with the users that are deployed.</summary>
public sealed class RedisUserTests
{
    private const int Signals = 5;

    /// <summary>By user, what it must not do; keys of others, the engine's own, and what administers.</summary>
    private static readonly (string User, string Command)[] s_forbidden =
    [
        ("strategy", "LPUSH execution_orders x"), ("strategy", "LPUSH trading_commands x"), ("strategy", "LPUSH position_updates x"),
        ("strategy", "LRANGE strategy_signals 0 -1"), ("strategy", "RPOP strategy_signals"), ("strategy", "PUBLISH strategy_engine:market_data x"),
        ("strategy", "HSET te:{0}:control mode 0"), ("strategy", "GET te:{0}:rec:configuration"), ("strategy", "DEL strategy_signals"),
        ("strategy", "XADD te:{0}:commands * data x"), ("strategy", "XREADGROUP GROUP engine engine STREAMS te:{0}:signals:fast >"),
        ("strategy", "EVAL return_1 0"), ("strategy", "CONFIG GET *"), ("strategy", "KEYS *"), ("strategy", "FLUSHALL"),
        ("execution", "LPUSH strategy_signals x"), ("execution", "LPUSH trading_commands x"), ("execution", "RPOP position_updates"),
        ("execution", "HSET agent_stats:trading_engine mode running"), ("execution", "SET trading_engine_ready true"), ("execution", "SCRIPT FLUSH"),
        ("execution", "XADD te:{0}:orders-other * data x"), ("execution", "XTRIM te:{0}:orders MAXLEN 0"), ("execution", "DEL te:{0}:audit"),
        ("feed", "LPUSH strategy_signals x"), ("feed", "PUBLISH market_warnings x"), ("feed", "HSET agent_stats:execution status running"),
        ("feed", "EVALSHA ffffffffffffffffffffffffffffffffffffffff 0"), ("feed", "SUBSCRIBE strategy_engine:market_data"),
        ("analysis", "LPUSH execution_orders x"), ("analysis", "LPUSH strategy_signals x"), ("analysis", "LRANGE command_history 0 -1"),
        ("analysis", "ACL LIST"), ("analysis", "MONITOR"), ("analysis", "SHUTDOWN NOSAVE"),
        ("operator", "LRANGE trading_commands 0 -1"), ("operator", "RPOP trading_commands"), ("operator", "LPUSH execution_orders x"),
        ("operator", "DEL command_history"), ("operator", "HSET te:{0}:control mode 0"), ("operator", "CLIENT KILL TYPE normal"),
        ("engine", "FLUSHALL"), ("engine", "CONFIG SET requirepass x"), ("engine", "ACL SETUSER x on"), ("engine", "SHUTDOWN NOSAVE"),
    ];

    [Fact]
    public async Task Each_party_does_its_work_and_is_refused_all_else()
    {
        await using var redis = await RedisServer.StartNewAsync();
        var passwords = await LoadUsersAsync(redis);
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start([.. place.OnRedis($"{redis.Address},user=engine,password={passwords["engine"]}")]);
        await silo.PrintsAsync("Ready:", TimeSpan.FromMinutes(2));

        using var executor = Agent("execution_agent.py", redis, "execution", passwords);
        try
        {
            await using (var feed = await ConnectAsync(redis, "feed", passwords))
            {
                using var strategy = Agent("strategy_agent.py", redis, "strategy", passwords, "--price", "60000", "--rate", "5", "--count", $"{Signals}");
                await using var operators = await ConnectAsync(redis, "operator", passwords);
                await Eventually.HoldsAsync("positions to be opened by the sample agents", async () =>
                {
                    await feed.GetSubscriber().PublishAsync(
                        RedisChannel.Literal("strategy_engine:market_data"), """{"symbol":"BTCUSD","category":"crypto","bid":59990,"ask":60010}""");
                    return (await operators.GetDatabase().ListLengthAsync("active_positions")) == Signals;
                });
                await strategy.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, strategy.ExitCode);
                await operators.GetDatabase().ListLeftPushAsync("trading_commands", """{"action":"pause"}""");
                await Eventually.HoldsAsync("the command to be answered", async () =>
                    ((string?)await operators.GetDatabase().ListGetByIndexAsync("command_history", 0))?.Contains("completed", StringComparison.Ordinal) == true);
            }

            await RefusedAsync(redis, passwords);
        }
        finally
        {
            executor.Kill();
        }
    }

    private static async Task RefusedAsync(RedisServer redis, Dictionary<string, string> passwords)
    {
        var passed = new List<string>();
        foreach (var party in s_forbidden.GroupBy(item => item.User))
        {
            foreach (var (user, command) in party)
            {
                var answer = await CliAsync(redis, user, passwords[user], command);
                if (!answer.StartsWith("NOPERM", StringComparison.Ordinal))
                {
                    passed.Add($"{user}: {command} was answered {answer}");
                }
            }
        }

        Assert.True(passed.Count == 0, string.Join('\n', passed));
        Assert.Contains("NOAUTH", await CliAsync(redis, null, null, "GET trading_engine_ready"), StringComparison.Ordinal);
        Assert.Contains("WRONGPASS", await CliAsync(redis, "engine", "wrong", "PING"), StringComparison.Ordinal);
    }

    /// <summary>Lets the deployment's own script make the users, and Redis go by them.</summary>
    private static async Task<Dictionary<string, string>> LoadUsersAsync(RedisServer redis)
    {
        var directory = Directory.CreateTempSubdirectory("te-acl-");
        var file = Path.Combine(directory.FullName, "users.acl");
        var made = await RunAsync("sh", [Path.Combine(AppContext.BaseDirectory, "redis", "make-users.sh"), file]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await redis.RestartAsync("--aclfile", file);
        return made.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer redis, string user, Dictionary<string, string> passwords) =>
        await ConnectionMultiplexer.ConnectAsync($"{redis.Address},user={user},password={passwords[user]}");

    private static Process Agent(string sample, RedisServer redis, string user, Dictionary<string, string> passwords, params string[] options) =>
        Process.Start(new ProcessStartInfo("/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "python", sample), "--redis", $"redis://{user}:{passwords[user]}@{redis.Address}/0", .. options]))!;

    private static Task<string> CliAsync(RedisServer redis, string? user, string? password, string command) => RunAsync(
        "redis-cli",
        [
            "-p", $"{redis.Port}", "--no-auth-warning", .. user is null ? Array.Empty<string>() : ["--user", user, "--pass", password!],
            .. command.Split(' '),
        ]);

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output + error).Trim();
    }
}
