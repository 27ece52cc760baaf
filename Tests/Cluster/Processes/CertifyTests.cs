using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>
/// The client's <c>certify</c> on the sample agents, as processes over a real Redis: they keep the rules, and with a fault put
/// into their text they break the rules that the fault is about and no other.
/// </summary>
[Collection(BesideOthers.Name)]
public sealed class CertifyTests
{
    private const string Execution = "execution_agent.py", Strategy = "strategy_agent.py", StreamExecution = "execution_agent_streams.py";

    private static readonly string[] ExecutorRules =
    [
        "heartbeat", "answered", "fill-ids", "adds-up", "duplicate", "no-lots", "reject-reason", "unknown-symbol", "cancel-unknown",
        "cancel-filled", "cancel-race", "connection-lost", "restart", "reconcile",
    ];

    private static readonly string[] StrategyRules =
        ["sent", "readable", "action", "ids", "timestamps", "prices", "connection-lost", "restart", "heartbeat"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_executor_keeps_every_rule()
    {
        var (code, outcomes) = await CertifyAsync("executor", await AgentAsync(Execution));

        Assert.All(outcomes, rule => Assert.NotEqual("fail", rule.Value));
        Assert.Equal(["adds-up", "unknown-symbol"], Where(outcomes, "not_offered"));
        Assert.Equal(ExecutorRules, outcomes.Keys);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Sample_strategy_keeps_every_rule()
    {
        var (code, outcomes) = await CertifyAsync("strategy", await AgentAsync(Strategy), "--count 0 --rate 10");

        Assert.All(outcomes, rule => Assert.NotEqual("fail", rule.Value));
        Assert.Equal(["heartbeat"], Where(outcomes, "not_offered"));
        Assert.Equal(StrategyRules, outcomes.Keys);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Sample_strategy_in_csharp_keeps_every_rule_and_shows_that_it_lives()
    {
        var (code, outcomes) = await CertifyAsync(
            "strategy", "", (_, address) => $"exec dotnet {SiloProcess.PathOf("CSharpAgent")} {address} BTCUSD 5", patience: 30, "lists");

        Assert.All(outcomes, rule => Assert.Equal("pass", rule.Value));
        Assert.Equal(StrategyRules, outcomes.Keys);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Sample_executor_over_streams_keeps_every_rule()
    {
        var (code, outcomes) = await CertifyAsync("executor", await AgentAsync(StreamExecution), transport: "streams");

        Assert.All(outcomes, rule => Assert.NotEqual("fail", rule.Value));
        Assert.Equal(ExecutorRules, outcomes.Keys);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Executor_over_streams_that_executes_repetitions_breaks_the_rules_about_them()
    {
        var agent = await AgentAsync(
            StreamExecution, ("if step.exists(note := NOTE + order[\"order_id\"]):", "note = NOTE + order[\"order_id\"]\n    if False:"),
            ("f'{order[\"order_id\"]}-1'", "str(time.time_ns())"));

        var (code, outcomes) = await CertifyAsync("executor", agent, transport: "streams");

        // Whether the connection is cut between a transaction and its answer, so that it is made again, is chance: then that rule breaks too.
        Assert.Equal(["duplicate", "restart"], Where(outcomes, "fail").Except(["connection-lost"]));
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task Strategy_over_streams_keeps_every_rule()
    {
        var agent = await AgentAsync(
            Strategy, ("db.lpush(\"strategy_signals\", message)", "db.xadd(\"te:{0}:signals:fast\", {\"data\": message})"));

        var (code, outcomes) = await CertifyAsync("strategy", agent, "--count 0 --rate 10", transport: "streams");

        Assert.All(outcomes, rule => Assert.NotEqual("fail", rule.Value));
        Assert.Equal(0, code);
    }

    [Fact]
    public Task Executor_that_executes_repetitions_breaks_the_rules_about_them() => FailsAsync(
        "executor", ["duplicate", "restart"], Execution,
        // What is no longer in processing was done: a transaction that is tried again after a lost connection is no repetition.
        ("if step.exists(note := NOTE + order[\"order_id\"]):", "note = NOTE + order[\"order_id\"]\n    if not step.llen(PROCESSING):"),
        ("f'{order[\"order_id\"]}-1'", "str(time.time_ns())"));

    [Fact]
    public Task Executor_that_gives_every_fill_the_same_id_breaks_that_rule() => FailsAsync(
        "executor", ["fill-ids"], Execution, ("f'{order[\"order_id\"]}-1'", "'fill-1'"));

    [Fact]
    public Task Executor_that_keeps_orders_in_memory_breaks_the_rule_about_restarts() => FailsAsync(
        "executor", ["restart"], Execution,
        ("        if raw := db.lindex(PROCESSING, -1) or db.blmove(\"execution_orders\", PROCESSING, 1, src=\"RIGHT\", dest=\"LEFT\"):\n",
            "        memory = globals().setdefault('memory', [])\n"
            + "        memory.extend(db.rpop('execution_orders', 1000) or db.rpop(PROCESSING, 1000) or [])\n"
            + "        if raw := memory[0] if memory else time.sleep(0.01):\n"),
        ("# begins anew where another agent came between", "\n            memory.pop(0)"));

    [Fact]
    public Task Executor_that_says_it_cancelled_what_is_done_breaks_the_rules_about_cancels() => FailsAsync(
        "executor", ["cancel-unknown", "cancel-filled", "cancel-race"], Execution,
        ("\"status\": \"cancel_rejected\"", "\"status\": \"cancelled\""));

    [Fact]
    public Task Strategy_with_one_id_and_stops_on_the_wrong_side_breaks_those_rules() => FailsAsync(
        "strategy", ["ids", "prices"], Strategy,
        ("uuid.uuid4().hex", "'s'"), ("price * (1 - up * args.stop)", "price * (1 + up * args.stop)"));

    [Fact]
    public async Task Executor_that_answers_nothing_is_said_to()
    {
        var (code, outcomes) = await CertifyAsync("executor", "import time\ntime.sleep(600)", patience: 2);

        Assert.Equal(["heartbeat", "answered"], outcomes.Keys);
        Assert.Equal(["heartbeat", "answered"], Where(outcomes, "fail"));
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task Agent_may_be_restarted_by_a_command_that_leaves_it_in_the_background()
    {
        var directory = Directory.CreateTempSubdirectory("te-agent-");
        await using var server = await RedisServer.StartNewAsync();
        var file = Path.Combine(directory.FullName, "agent.py");
        var identity = Path.Combine(directory.FullName, "pid");
        await File.WriteAllTextAsync(file, await AgentAsync(Execution), Stop);
        var start = $"/usr/bin/python3 {file} --redis redis://{server.Address}/0 > /dev/null 2>&1 & echo $! > {identity}";
        using var first = Process.Start("/bin/sh", ["-c", start]);
        await first.WaitForExitAsync(Stop);
        try
        {
            var run = await ClientProcess.RunAsync(
                "certify", "executor", "--redis", server.Address, "--restart-command", $"kill -9 $(cat {identity}); {start}");

            Assert.True(run.Code == 0, run.Output + run.Error);
            Assert.Contains("The executor keeps the rules.", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            using var agent = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(identity, Stop), CultureInfo.InvariantCulture));
            agent.Kill();
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("te:{0}:control", "holds an engine's store")]
    [InlineData("heartbeat:trading_engine", "shows an engine's life")]
    [InlineData("trading_engine_ready", "shows an engine that runs")]
    [InlineData("position_updates", "has work waiting")]
    public async Task Redis_of_an_engine_or_with_work_in_it_is_refused(string key, string why)
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await redis.GetDatabase().StringSetAsync(key, "true");

        var run = await ClientProcess.RunAsync("certify", "executor", "--redis", server.Address, "--start-command", "false");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Contains($"'{key}'", run.Error, StringComparison.Ordinal);
        Assert.Equal("true", await redis.GetDatabase().StringGetAsync(key));
    }

    [Theory]
    [InlineData("certify", "executor", "--redis", "127.0.0.1:1")]
    [InlineData("certify", "strategy", "--redis", "127.0.0.1:1", "--start-command", "true", "--symbol", "a b")]
    [InlineData("certify", "executor", "--start-command", "true")]
    public async Task Wrong_command_line_is_said_before_anything_is_done(params string[] arguments)
    {
        var run = await ClientProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.NotEmpty(run.Error);
    }

    private static async Task FailsAsync(string kind, string[] rules, string sample, params (string From, string To)[] faults)
    {
        var (code, outcomes) = await CertifyAsync(kind, await AgentAsync(sample, faults), kind == "strategy" ? "--count 0 --rate 10" : "");

        Assert.Equal(rules, Where(outcomes, "fail"));
        Assert.Equal(1, code);
    }

    private static IEnumerable<string> Where(Dictionary<string, string> outcomes, string outcome) =>
        outcomes.Where(rule => rule.Value == outcome).Select(rule => rule.Key);

    /// <summary>The text of a sample, with faults put into it.</summary>
    private static async Task<string> AgentAsync(string sample, params (string From, string To)[] faults)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "python", sample), Stop);
        foreach (var (from, to) in faults)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }

    private static Task<(int Code, Dictionary<string, string> Outcomes)> CertifyAsync(
        string kind, string agent, string options = "", int patience = 5, string transport = "lists") =>
        CertifyAsync(kind, agent, (file, address) => $"exec /usr/bin/python3 {file} --redis redis://{address}/0 {options}", patience, transport);

    private static async Task<(int Code, Dictionary<string, string> Outcomes)> CertifyAsync(
        string kind, string agent, Func<string, string, string> startOf, int patience, string transport)
    {
        var directory = Directory.CreateTempSubdirectory("te-agent-");
        try
        {
            var file = Path.Combine(directory.FullName, "agent.py");
            await File.WriteAllTextAsync(file, agent, Stop);
            await using var server = await RedisServer.StartNewAsync();
            var start = startOf(file, server.Address);
            var run = await ClientProcess.RunAsync(
                "certify", kind, "--redis", server.Address, "--transport", transport, "--start-command", start, "--patience",
                string.Create(CultureInfo.InvariantCulture, $"{(kind == "executor" ? patience : 30)}"), "--output", "json");
            Assert.False(
                run.Error.Contains("No module named 'redis'", StringComparison.Ordinal),
                "The sample agents need redis-py. Install it with: sudo apt-get install python3-redis");
            TestContext.Current.SendDiagnosticMessage(run.Output);
            using var document = JsonDocument.Parse(run.Output.Length > 0 ? run.Output : throw new InvalidOperationException(run.Error));
            return (run.Code, document.RootElement.GetProperty("rules").EnumerateArray().ToDictionary(
                rule => rule.GetProperty("rule").GetString()!, rule => rule.GetProperty("outcome").GetString()!));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
