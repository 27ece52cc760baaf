using System.Net;
using TradingEngine.Client;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>A silo whose metrics are read.</summary>
public sealed class ScrapedSilo : IAsyncLifetime
{
    private ObservedSilo _silo = null!;

    /// <summary>What it answered before its engine ran.</summary>
    public string Early { get; private set; } = "";

    /// <summary>What it answers once it trades.</summary>
    public string Exposition { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _silo = ObservedSilo.Start(null);
        await Eventually.HoldsAsync("the address to answer", async () =>
        {
            try
            {
                Early = await ReadAsync();
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        await _silo.ReadyAsync();
        await using var client = await TradingEngineClient.ConnectAsync(_silo.Place.ClientOptions);
        await client.SubmitSignalAsync(2, """{"action":"buy"}""");
        await client.SubmitSignalAsync(2, """{"action":"buy","symbol":"BTCUSD","stop_loss":1,"strategy":"late","timestamp":1000000000}""");
        await client.CommandAsync(new Grains.Interfaces.Engine.EngineCommand("halt", "test") { Scope = "symbol/XAUUSD", Reason = "test" });
        await Eventually.HoldsAsync(
            "a dead letter, a refusal, signs of agents and an account to show", async () =>
            {
                Exposition = await ReadAsync();
                return Exposition.Contains("tradingengine_deadletters_total{", StringComparison.Ordinal)
                    && Exposition.Contains("code=\"EXPIRED_SIGNAL\"", StringComparison.Ordinal)
                    && Exposition.Contains("tradingengine_agent_heartbeat_age_seconds{", StringComparison.Ordinal)
                    && Exposition.Contains("tradingengine_account_drawdown", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(60), () => string.Join('\n', Scrape.OwnMetricsOf(Exposition)));
    }

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    internal Task<HttpResponseMessage> GetAsync(string path) => _silo.GetAsync(path);

    private async Task<string> ReadAsync()
    {
        using var response = await _silo.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}

/// <summary>What a running silo shows Prometheus, and what is made for it.</summary>
[Collection(Alone.Name)]
public sealed class MetricsTests(ScrapedSilo silo) : IClassFixture<ScrapedSilo>
{
    // Counted only once something happened that does not happen here.
    private static readonly string[] s_seldom = ["tradingengine_alerts_total", "tradingengine_account_day_pnl"];

    [Fact]
    public void Metrics_are_there_before_the_engine_runs()
    {
        Assert.Contains("tradingengine_ready", silo.Early, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", silo.Early, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prometheus/alerts.yml")]
    [InlineData("grafana/tradingengine.json")]
    public void Every_series_that_a_file_names_is_in_a_scrape(string file)
    {
        var named = Scrape.NamesIn(File.ReadAllText(PromTool.FolderOf(["deploy", .. file.Split('/')])));

        var series = Scrape.SeriesOf(silo.Exposition);
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(series).Except(Scrape.OwnMetricsOf(silo.Exposition)).Except(s_seldom));
    }

    [Fact]
    public void Every_metric_is_described_and_every_description_is_of_a_metric()
    {
        var documented = Scrape.NamesIn(File.ReadAllText(PromTool.FolderOf("docs", "observability.md")))
            .Where(name => name.StartsWith("tradingengine_", StringComparison.Ordinal)).ToHashSet();
        var own = Scrape.OwnMetricsOf(silo.Exposition);

        Assert.Empty(own.Except(documented));
        Assert.Empty(documented.Except(own).Except(s_seldom));
    }

    [Fact]
    public void Figures_are_those_of_what_happened()
    {
        Assert.Matches("""(?m)^tradingengine_deadletters_total\{.*code="INVALID_FIELD".*queue="signals:fast"\} 1""", Sorted(silo.Exposition));
        Assert.Matches("""(?m)^tradingengine_signals_refused_total\{.*code="EXPIRED_SIGNAL".*tier="fast".*\} 1""", Sorted(silo.Exposition));
        Assert.Matches("""(?m)^tradingengine_halts\{.*scope="symbol".*\} 1""", Sorted(silo.Exposition));
        Assert.Matches("""(?m)^tradingengine_mode\{.*mode="running".*\} 1""", Sorted(silo.Exposition));
    }

    [Fact]
    public async Task Prometheus_finds_no_fault_with_the_metrics()
    {
        var (code, output) = await PromTool.RunAsync(".", silo.Exposition, "check", "metrics");

        // It advises on names; those of the runtime are not ours to choose.
        var own = output.Split('\n').Where(line => line.StartsWith("tradingengine", StringComparison.Ordinal)).ToArray();
        Assert.True(code is 0 or 3, output);
        Assert.Empty(own);
    }

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Prometheus_takes_the_files(params string[] command)
    {
        var (code, output) = await PromTool.RunAsync(PromTool.FolderOf("deploy", "prometheus"), null, command);

        Assert.True(code == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboard_is_not_there_unless_it_is_asked_for()
    {
        using var response = await silo.GetAsync("/orleans/");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    // Labels in order, whatever order they are written in.
    private static string Sorted(string exposition) => string.Join('\n', exposition.Split('\n').Select(line =>
        line.Split('{', '}') is [var name, var labels, var value]
            ? $"{name}{{{string.Join(',', labels.Split(',').Order(StringComparer.Ordinal))}}}{value}"
            : line));
}
