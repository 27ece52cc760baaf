using System.Diagnostics;
using System.Globalization;
using System.Net;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>Redis is emptied under a silo that trades: nothing goes on as if it were new, until somebody says so.</summary>
[Collection(Alone.Name)]
public sealed class StoreLossTests
{
    private const string EpochFile = "redis.epoch";
    private static readonly TimeSpan NotReadyWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emptied_store_stops_orders_and_restarts_until_it_is_initialised_by_hand()
    {
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var agents = await RedisAgents.ConnectAsync(server);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        var ready = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}/health/ready"));
        string[] arguments = [.. place.OnRedis(server.Address).Select(argument => argument == "none" ? ready.GetLeftPart(UriPartial.Authority) : argument)];
        string lost;
        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: redis ");
            lost = await EpochOfAsync(place);
            using var load = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var loading = LoadAsync(agents, load.Token);
            await agents.TakeAsync(20);
            Assert.Equal(HttpStatusCode.OK, await CodeAsync(ready));

            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
            var flushed = Stopwatch.GetTimestamp();
            await Eventually.HoldsAsync("the silo to be not ready", async () => await CodeAsync(ready) == HttpStatusCode.ServiceUnavailable);
            Assert.True(Stopwatch.GetElapsedTime(flushed) < NotReadyWithin, $"not ready after {Stopwatch.GetElapsedTime(flushed)}");
            await load.CancelAsync();
            await loading;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await CodeAsync(ready));
            await silo.KillAsync();
        }

        // What was sent after the loss waits as it was pushed; no order came of it, and nobody says that the engine runs.
        Assert.Equal(0, await redis.GetDatabase().ListLengthAsync("execution_orders"));
        Assert.False(await redis.GetDatabase().KeyExistsAsync("te:{0}:control"));

        // One that was being written across the loss ends by itself.
        await Eventually.HoldsAsync("the engine to be shown as not running", async () => await agents.ReadAsync(BoardKeys.Ready) is null);
        await using (var silo = SiloProcess.Start(arguments))
        {
            Assert.Equal(2, await silo.EndsAsync());
            var line = Assert.Single(silo.Errors);
            Assert.Contains(lost, line, StringComparison.Ordinal);
            Assert.Contains($"Client -- init --redis {server.Address}", line, StringComparison.Ordinal);
        }

        await redis.GetDatabase().KeyDeleteAsync("strategy_signals");
        var epoch = await InitialiseAsync(server, redis);
        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("The store was initialised anew by hand: epoch " + epoch);
            await silo.PrintsAsync("Ready: redis ");
            Assert.Equal(epoch, await EpochOfAsync(place));
            var taken = agents.Taken.Count;
            await agents.SignalAsync([SentSignal.Buy("after")]);
            await agents.TakeAsync(taken + 1);
            Assert.Equal(0, await silo.TerminateAsync());
        }

        // A silo of another store finds no way in: which one was lost was settled by the first that came.
        using var elsewhere = new SiloPlace();
        await File.WriteAllTextAsync(Path.Combine(elsewhere.Directory, EpochFile), "0123456789abcdef", Stop);
        await using var stranger = SiloProcess.Start(elsewhere.OnRedis(server.Address));
        Assert.Equal(2, await stranger.EndsAsync());
    }

    [Theory]
    [InlineData("lists", false)]
    [InlineData("streams", true)]
    public async Task Idle_silo_without_its_store_says_so_once_takes_nothing_and_ends_soon(string transport, bool isReplaced)
    {
        const string Line = "The store is lost, and this silo takes no work any more.";
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        var ready = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}/health/ready"));
        await using var silo = SiloProcess.Start(
            [.. place.OnRedis(server.Address).Select(argument => argument == "none" ? ready.GetLeftPart(UriPartial.Authority) : argument), "--transport", transport]);
        await silo.PrintsAsync("Ready: redis ");
        await Eventually.HoldsAsync("the silo to be ready", async () => await CodeAsync(ready) == HttpStatusCode.OK);
        var lost = await EpochOfAsync(place);

        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var flushed = Stopwatch.GetTimestamp();
        if (isReplaced)
        {
            // A store as it would stand there with work for it: none of it is this silo's.
            await redis.GetDatabase().HashSetAsync("te:{0}:control", [new("epoch", "another"), new("protocol", "1"), new("partitions", "1")]);
            await redis.GetDatabase().StreamCreateConsumerGroupAsync("te:{0}:signals:fast", "engine", "0");
        }

        await Eventually.HoldsAsync("the silo to be not ready", async () => await CodeAsync(ready) == HttpStatusCode.ServiceUnavailable);
        Assert.True(Stopwatch.GetElapsedTime(flushed) < NotReadyWithin, $"not ready after {Stopwatch.GetElapsedTime(flushed)}");
        var said = await silo.PrintsAsync(Line);
        Assert.Contains(lost, said.Text, StringComparison.Ordinal);
        Assert.Contains($"Client -- init --redis {server.Address}", said.Text, StringComparison.Ordinal);
        await SendAsync(redis.GetDatabase(), transport);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CodeAsync(ready));

        var asked = Stopwatch.GetTimestamp();
        await silo.TerminateAsync();
        Assert.True(Stopwatch.GetElapsedTime(asked) < EndsWithin, $"ended after {Stopwatch.GetElapsedTime(asked)}");
        Assert.Single(silo.Errors, line => line.StartsWith(Line, StringComparison.Ordinal));
        Assert.Equal(0, await redis.GetDatabase().KeyExistsAsync("te:{0}:orders") ? 1 : await redis.GetDatabase().ListLengthAsync("execution_orders"));
        Assert.Equal(1, await WaitingAsync(redis.GetDatabase(), transport));
    }

    [Fact]
    public async Task Store_put_back_to_an_older_state_lets_exits_alone_pass()
    {
        const string Control = "te:{0}:control";
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await using var silo = SiloProcess.Start(place.OnRedis(server.Address));
        await silo.PrintsAsync("Ready: redis ");
        await Eventually.HoldsAsync("the silo to look twice", async () => (long)await redis.GetDatabase().HashGetAsync(Control, "looks") >= 2);

        await redis.GetDatabase().HashSetAsync(Control, "looks", 0);

        await silo.PrintsAsync("No new risk is taken from now on.");
        await Eventually.HoldsAsync(
            "the mode to be reduce-only", async () => (int)await redis.GetDatabase().HashGetAsync(Control, "mode") == (int)EngineMode.ReduceOnly);
        Assert.Equal(0, await silo.TerminateAsync());
    }

    [Fact]
    public async Task Silo_of_another_order_protocol_does_not_start()
    {
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await redis.GetDatabase().HashSetAsync("te:{0}:control", [new("epoch", "theirs"), new("protocol", "7")]);
        await using var silo = SiloProcess.Start(place.OnRedis(server.Address));

        Assert.Equal(2, await silo.EndsAsync());

        var line = Assert.Single(silo.Errors);
        Assert.Contains("order protocol 7", line, StringComparison.Ordinal);
        Assert.Contains("docs/upgrade.md", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_that_may_not_initialise_starts_after_init()
    {
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        string[] arguments = [.. place.OnRedis(server.Address), "--init", "never"];
        await using (var silo = SiloProcess.Start(arguments))
        {
            Assert.Equal(2, await silo.EndsAsync());
        }

        await InitialiseAsync(server, redis);
        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: redis ");
            Assert.Equal(0, await silo.TerminateAsync());
        }
    }

    [Theory]
    [InlineData(2, "init")]
    [InlineData(2, "init", "--redis", "a:1,b:2", "--yes")]
    [InlineData(3, "init", "--redis", "127.0.0.1:1", "--yes")]
    public async Task Init_that_cannot_be_done_says_why_in_a_line(int code, params string[] arguments)
    {
        var run = await ClientProcess.RunAsync(arguments);

        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.NotEmpty(run.Error);
    }

    /// <summary>Initialises, after asking is refused where nobody can answer; a second time does nothing.</summary>
    private static async Task<string> InitialiseAsync(RedisServer server, ConnectionMultiplexer redis)
    {
        var unasked = await ClientProcess.RunAsync("init", "--redis", server.Address);
        Assert.Equal((2, ""), (unasked.Code, unasked.Output));
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        var done = await ClientProcess.RunAsync("init", "--redis", server.Address, "--yes");
        Assert.Equal((0, ""), (done.Code, done.Error));
        var epoch = (string)(await redis.GetDatabase().HashGetAsync("te:{0}:control", "epoch"))!;
        Assert.StartsWith($"init: wrote te:{{0}}:control with epoch {epoch} and nothing else", done.Output, StringComparison.Ordinal);
        var again = await ClientProcess.RunAsync("init", "--redis", server.Address, "--yes", "--output", "json");
        Assert.Equal((1, ""), (again.Code, again.Error));
        Assert.Contains("\"status\": \"rejected\"", again.Output, StringComparison.Ordinal);
        Assert.Contains(epoch, again.Output, StringComparison.Ordinal);
        return epoch;
    }

    private static async Task SendAsync(IDatabase redis, string transport)
    {
        var signal = SentSignal.Buy("late").Json;
        if (transport == "lists")
        {
            await redis.ListLeftPushAsync("strategy_signals", signal);
        }
        else
        {
            await redis.StreamAddAsync("te:{0}:signals:fast", "data", signal);
        }
    }

    /// <summary>Messages that nobody was given.</summary>
    private static async Task<long> WaitingAsync(IDatabase redis, string transport)
    {
        const string Stream = "te:{0}:signals:fast";
        if (transport == "lists")
        {
            // A blocked move that was not cut yet may have carried it to the list it wakes by, which is as safe.
            return await redis.ListLengthAsync("strategy_signals") + await redis.ListLengthAsync("te:{0}:wake:strategy_signals");
        }

        var groups = await redis.StreamGroupInfoAsync(Stream);
        return await redis.StreamLengthAsync(Stream) - groups.Sum(group => group.PendingMessageCount);
    }

    private static async Task LoadAsync(RedisAgents agents, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var sent = 0; !stop.IsCancellationRequested; sent++)
        {
            await agents.SignalAsync([SentSignal.Buy(string.Create(CultureInfo.InvariantCulture, $"load-{sent}"))]);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task<HttpStatusCode> CodeAsync(Uri address)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(address, Stop);
        return answer.StatusCode;
    }

    private static async Task<string> EpochOfAsync(SiloPlace place) =>
        (await File.ReadAllTextAsync(Path.Combine(place.Directory, EpochFile), Stop)).Trim();
}
