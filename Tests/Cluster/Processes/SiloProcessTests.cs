using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The silo as its operator meets it.</summary>
[Collection(Alone.Name)]
public sealed class SiloProcessTests
{
    private const int Positions = 100;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--store", "paper", "--store is paper; use embedded or redis")]
    [InlineData("--silo-port", "zero", "--silo-port is zero; use a port, 1 to 65535")]
    [InlineData("--flavour", "red", "--flavour is no option; --help lists the options")]
    [InlineData("--stored", "redis", "--stored is no option; did you mean --store?; --help lists the options")]
    [InlineData("--store=redis", "--redis=:::no", "--redis is no address of one Redis; use host:port, such as 127.0.0.1:6379")]
    public async Task Wrong_option_is_one_clear_line_and_an_exit_code(string option, string value, string line)
    {
        await using var silo = SiloProcess.Start(option, value);

        Assert.Equal(2, await silo.EndsAsync());

        Assert.Equal(line, Assert.Single(silo.Errors));
        Assert.Single(silo.Lines);
    }

    [Theory]
    [InlineData("""{"Stor":"redis"}""", "TradingEngine:Stor in appsettings.json is no setting; use one of ")]
    [InlineData("""{"PositionModes":{"trend":"both"}}""",
        "TradingEngine:PositionModes:trend in appsettings.json is both; use hedge, net or reverse")]
    [InlineData("""{"Sessions":{"bonds":"always"}}""", "TradingEngine:Sessions:bonds in appsettings.json names no asset class; use ")]
    [InlineData("""{"TierOne":{"making":{"SkewBps":"-1"}}}""", "TradingEngine:TierOne:making:SkewBps in appsettings.json is -1; use 0 to 10000")]
    [InlineData("""{"TierOne":{"making":{"Skew":"1"}}}""",
        "TradingEngine:TierOne:making:Skew in appsettings.json is no setting; use one of GroupTimeoutSeconds, MaxInventory, ")]
    public async Task Wrong_key_or_value_in_the_file_is_one_clear_line_and_an_exit_code(string settings, string beginning)
    {
        using var place = new SiloPlace();
        await File.WriteAllTextAsync(Path.Combine(place.Directory, "appsettings.json"), $$"""{"TradingEngine":{{settings}}}""", Stop);
        await using var silo = SiloProcess.StartIn(place.Directory, place.Arguments);

        Assert.Equal(2, await silo.EndsAsync());

        Assert.StartsWith(beginning, Assert.Single(silo.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_may_set_options_modes_sessions_and_tier_one()
    {
        using var place = new SiloPlace();
        await File.WriteAllTextAsync(Path.Combine(place.Directory, "appsettings.json"), """
            {"TradingEngine":{"Equity":"12345","PositionModes":{"trend":"net"},"Sessions":{"forex":"always"},
            "TierOne":{"making":{"GroupTimeoutSeconds":"0.5","QuoteAgeSeconds":"3","MaxInventory":"2","SkewBps":"4"}}}}
            """, Stop);
        await using var silo = SiloProcess.StartIn(place.Directory, place.Arguments);

        await silo.PrintsAsync("Ready: embedded");

        Assert.Contains(silo.Lines, line => line.Text.EndsWith("equity 12345", StringComparison.Ordinal));
        Assert.Equal(0, await silo.TerminateAsync());
    }

    [Fact]
    public async Task Port_in_use_is_one_clear_line_and_an_exit_code()
    {
        using var place = new SiloPlace();
        using var taken = new TcpListener(IPAddress.Loopback, place.GatewayPort);
        taken.Start();
        await using var silo = SiloProcess.Start(place.Arguments);

        Assert.NotEqual(0, await silo.EndsAsync());

        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture,
                $"--gateway-port is {place.GatewayPort}, but that port is in use; choose another with --gateway-port <port>"),
            Assert.Single(silo.Errors));
    }

    [Fact]
    public async Task Redis_that_is_away_is_waited_for_and_joined()
    {
        using var place = new SiloPlace();
        await using var server = new RedisServer();
        await using var silo = SiloProcess.Start(place.OnRedis(server.Address));
        PrintedLine[] Waiting() =>
            [.. silo.Lines.Where(line => line.Text.StartsWith("Waiting for Redis at " + server.Address, StringComparison.Ordinal))];

        await Eventually.HoldsAsync("three lines about Redis", () => Waiting().Length >= 3);
        Assert.True(silo.IsRunning);
        var times = Waiting().Select(line => line.At).ToList();

        // As read here: a line may be read some milliseconds late, and the next one not.
        Assert.All(times.Zip(times.Skip(1)), pair =>
            Assert.True(Stopwatch.GetElapsedTime(pair.First, pair.Second) > TimeSpan.FromSeconds(0.9)));
        Assert.DoesNotContain(silo.Lines, line => line.Text.StartsWith("Ready", StringComparison.Ordinal));

        await server.StartAsync();
        var appeared = Stopwatch.GetTimestamp();
        var ready = await silo.PrintsAsync("Ready: redis ");

        Assert.True(Stopwatch.GetElapsedTime(appeared, ready.At) < TimeSpan.FromSeconds(5));
        Assert.Equal(0, await silo.TerminateAsync());
    }

    [Fact]
    public async Task Termination_ends_with_a_summary_and_the_sample_runs_before_it()
    {
        using var place = new SiloPlace();
        await using var silo = SiloProcess.Start([.. place.Arguments, "--feed", "simulated"]);
        await silo.PrintsAsync("Ready: embedded");

        using var sample = Process.Start(new ProcessStartInfo(
            "dotnet", [SiloProcess.PathOf("Sample"), place.ClientOptions.Gateway.ToString()]) { RedirectStandardOutput = true })!;
        var said = (await sample.StandardOutput.ReadToEndAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await sample.WaitForExitAsync(Stop);
        Assert.Equal(0, sample.ExitCode);
        Assert.Equal(["mode: Running", "pause: completed", "resume: completed", "running: True"], said[..4]);
        Assert.StartsWith("store: connected True, ", said[4], StringComparison.Ordinal);

        Assert.Equal(0, await silo.TerminateAsync());
        Assert.StartsWith("Ended: ", silo.Lines[^1].Text, StringComparison.Ordinal);
        Assert.Contains(" opened, ", silo.Lines[^1].Text, StringComparison.Ordinal);
        Assert.Empty(silo.Errors);
    }

    [Fact]
    public async Task Hundred_positions_outlive_a_termination_and_a_kill_and_are_closed_once()
    {
        using var place = new SiloPlace();
        await using var server = await RedisServer.StartNewAsync();
        await using var agents = await RedisAgents.ConnectAsync(server);
        await using (var silo = SiloProcess.Start(place.OnRedis(server.Address)))
        {
            await silo.PrintsAsync("Ready: redis ");
            await agents.SignalAsync(Enumerable.Range(0, Positions).Select(i => SentSignal.Buy($"s-{i}")));
            await agents.TakeAsync(Positions);
            await HeldAsync(place, Positions);
            await Eventually.HoldsAsync("the ready flag", async () => await agents.ReadAsync(BoardKeys.Ready) == "true");
            Assert.Equal(0, await silo.TerminateAsync());
            Assert.Null(await agents.ReadAsync(BoardKeys.Ready));
        }

        await using (var silo = SiloProcess.Start(place.OnRedis(server.Address)))
        {
            await silo.PrintsAsync("Ready: redis ");
            await HeldAsync(place, Positions);
            await silo.KillAsync();
        }

        await using (var silo = SiloProcess.Start(place.OnRedis(server.Address)))
        {
            await silo.PrintsAsync("Ready: redis ");
            await HeldAsync(place, Positions);

            await agents.PriceAsync("BTCUSD", 48_000m, 48_001m);
            await agents.TakeAsync(2 * Positions);
            await HeldAsync(place, 0);
            await agents.ExecuteAsync();
            await silo.TerminateAsync();
        }

        var closes = agents.Taken.Skip(Positions).ToList();
        Assert.Equal(Positions, closes.Count);
        Assert.All(closes, order => Assert.Equal(("close", "stop_loss"), (order.Type, order.Reason)));
        Assert.Equal(agents.Taken.Take(Positions).Select(order => order.PositionId).Order(), closes.Select(order => order.PositionId).Order());
    }

    /// <summary>Waits until so many positions are open, armed, and nothing waits in a queue.</summary>
    private static async Task HeldAsync(SiloPlace place, int count)
    {
        await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
        await Eventually.HoldsAsync($"{count} open and armed positions", async () =>
        {
            var positions = await client.GetPositionsAsync(Stop);
            var depths = (await client.GetRedisStatusAsync(Stop)).QueueDepths;
            return positions.Length == count && depths.Values.All(depth => depth == 0)
                && positions.All(position => position.IsArmed && position.Entry.Phase == PositionPhase.Open);
        });
    }
}
