using System.Text.Json.Nodes;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>Silo and client as an operator meets them: a file at the start, a change while it runs, and who wins at the next start.</summary>
[Collection(Alone.Name)]
public sealed class ConfigurationProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_wrong_setting_is_told_at_once()
    {
        using var place = new SiloPlace();
        await WriteAsync(place, "appsettings.json", """
            {"TradingEngine":{"Stor":"redis","PositionModes":{"trend":"both"},"TierOne":{"making":{"SkewBps":"-1","Skew":"1"}},"Sessions":{"bonds":"always"}}}
            """);
        await WriteAsync(place, "engine.json", """{"risk": {"maxGrosShare": 1}, "weights": {"damping": 2}}""");
        await using var silo = SiloProcess.StartIn(
            place.Directory, "--store", "paper", "--silo-port", "zero", "--flavour", "red", "--equity", "0", "--paper-partial-rate", "2",
            "--speed", "3", "--risk", "norisk.json", "--config", "engine.json", "--redis", ":::no");

        Assert.Equal(2, await silo.EndsAsync());

        string[] expected =
        [
            "--flavour is no option; --help lists the options",
            "TradingEngine:Stor in appsettings.json is no setting; use one of ",
            "--store is paper; use embedded or redis",
            "--redis is no address of one Redis; use host:port, such as 127.0.0.1:6379",
            "--paper-partial-rate is 2; use 0 to 1",
            "TradingEngine:PositionModes:trend in appsettings.json is both; use hedge, net or reverse",
            "TradingEngine:TierOne:making:Skew in appsettings.json is no setting; use one of ",
            "TradingEngine:TierOne:making:SkewBps in appsettings.json is -1; use 0 to 10000",
            "--risk is norisk.json; use conservative, open, or a JSON file ",
            "TradingEngine:Sessions:bonds in appsettings.json names no asset class; use ",
            "--equity is 0; use an amount of at least 1",
            "--silo-port is zero; use a port, 1 to 65535",
            "--speed is for a replay; add --feed replay:<csv[.gz]>",
            "--config is engine.json, which is no configuration:",
            "  risk.maxGrosShare is 1; use a limit that is known, such as MaxGrossShare",
            "  weights.damping is 2; use a number above 0, at most 1",
        ];
        Assert.Equal(expected.Length, silo.Errors.Count());
        Assert.All(expected, line => Assert.Single(silo.Errors, error => error.StartsWith(line, StringComparison.Ordinal)));
        Assert.All(silo.Lines, line => Assert.True(line.IsError, line.Text));
    }

    [Fact]
    public async Task File_starts_it_client_changes_it_and_the_store_wins_from_then_on()
    {
        using var place = new SiloPlace();
        await WriteAsync(place, "engine.json", """{"risk": {"basedOn": "conservative", "name": "desk", "maxGrossShare": 2}, "logLevel": "debug"}""");
        string[] arguments = [.. place.Arguments, "--config", Path.Combine(place.Directory, "engine.json"), "--equity", "5000", "--feed", "simulated"];
        var file = Path.Combine(place.Directory, "edited.json");
        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: embedded");
            var shown = await ClientAsync(place, 0, "show");
            Assert.Matches(@"risk\.maxGrossShare +2 +engine\.json\n", shown.Output);
            Assert.Matches(@"account\.equity +5000 +--equity 5000\n", shown.Output);
            Assert.Matches(@"risk\.maxDailyLoss +0\.02 +default\n", shown.Output);
            Assert.Matches(@"silo-port +\d+ +--silo-port\n", (await ClientAsync(place, 0, "show", "--silo")).Output);

            // What is shown as JSON is what may be applied.
            var tree = JsonNode.Parse((await ClientAsync(place, 0, "show", "--output", "json")).Output)!;
            await File.WriteAllTextAsync(file, tree.ToJsonString(), Stop);
            Assert.Equal("diff: nothing differs from what stands\n", (await ClientAsync(place, 0, "diff", file)).Output);

            tree["risk"]!["maxGrossShare"] = 3;
            await File.WriteAllTextAsync(file, tree.ToJsonString(), Stop);
            Assert.Equal(2, (await ClientAsync(place, null, "apply", file)).Code);
            Assert.StartsWith("  risk.maxGrossShare 2 -> 3\napply: 1 value would", (await ClientAsync(place, 0, "apply", file, "--dry-run")).Output, StringComparison.Ordinal);
            var applied = JsonNode.Parse((await ClientAsync(place, 0, "apply", file, "--yes", "--reason", "desk", "--output", "json")).Output)!;
            Assert.Equal(("completed", 2), ((string?)applied["status"], (int?)applied["version"]));

            // It is based on the version before now.
            var again = await ClientAsync(place, 1, "apply", file, "--yes");
            Assert.Contains("it is based on version 1, but version 2 stands, by client:", again.Error, StringComparison.Ordinal);
            tree["version"] = 2;
            tree["weights"]!["damping"] = 2;
            tree["colour"] = "red";
            await File.WriteAllTextAsync(file, tree.ToJsonString(), Stop);
            var wrong = await ClientAsync(place, 1, "apply", file, "--yes");
            Assert.Contains("  weights.damping is 2; ", wrong.Error, StringComparison.Ordinal);
            Assert.Contains("  colour is \"red\"; ", wrong.Error, StringComparison.Ordinal);
            Assert.Equal(0, await silo.TerminateAsync());
        }

        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: embedded");
            Assert.Contains(silo.Lines, line => line.Text.StartsWith("WARNING version 2 of the configuration, applied by client:", StringComparison.Ordinal));
            Assert.Contains(silo.Lines, line => line.Text == "  risk.maxGrossShare is 3, not 2");
            Assert.Matches(@"risk\.maxGrossShare +3 +version 2 by client:.*: desk\n", (await ClientAsync(place, 0, "show")).Output);
            Assert.Equal(0, await silo.TerminateAsync());
        }
    }

    [Fact]
    public async Task Until_somebody_applied_one_the_newest_start_wins()
    {
        using var place = new SiloPlace();
        await using (var silo = SiloProcess.Start([.. place.Arguments, "--equity", "5000"]))
        {
            await silo.PrintsAsync("Ready: embedded");
            Assert.Equal(0, await silo.TerminateAsync());
        }

        await using (var silo = SiloProcess.Start([.. place.Arguments, "--equity", "6000"]))
        {
            await silo.PrintsAsync("Ready: embedded");
            Assert.Contains(silo.Lines, line => line.Text.StartsWith("Configuration: version 2 as this silo was started", StringComparison.Ordinal));
            Assert.Contains(silo.Lines, line => line.Text == "  account.equity is 6000, was 5000");
            Assert.Equal(0, await silo.TerminateAsync());
        }
    }

    [Fact]
    public async Task Schema_needs_no_engine()
    {
        var run = await ClientProcess.RunAsync("config", "schema");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("object", (string?)JsonNode.Parse(run.Output)!["type"]);
    }

    private static Task WriteAsync(SiloPlace place, string name, string text) => File.WriteAllTextAsync(Path.Combine(place.Directory, name), text, Stop);

    private static async Task<(int Code, string Output, string Error)> ClientAsync(SiloPlace place, int? code, params string[] arguments)
    {
        var run = await ClientProcess.RunAsync(["config", .. arguments, "--gateway", place.ClientOptions.Gateway.ToString()]);
        Assert.True(code is null || run.Code == code, $"Exit code {run.Code}: {run.Output}{run.Error}");
        return run;
    }
}
