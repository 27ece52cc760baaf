using System.Globalization;
using TradingEngine.Tests.Browser.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>Every view, with data, for everybody: desktop and phone, light and dark.</summary>
[Collection(OnSharedSilo.Name)]
public sealed class ViewTests(PanelFixture panel)
{
    // What each view shows once it has its data, as an expression of script.
    private const string Rows = "(panel, least) => document.querySelectorAll(`.${panel} tbody tr`).length >= least";

    private static readonly string[] s_desk =
    [
        $"({Rows})('positions', 2)", $"({Rows})('activity', 5)",
        "/: [1-9][0-9]* candles, last [0-9]/.test(document.querySelector('#price-chart').ariaLabel)",
        "/^Equity [0-9]/.test(document.querySelector('#equity-chart').ariaLabel)",
        "document.querySelectorAll('.chart canvas').length === 2", "/^bid [0-9]/.test(document.querySelector('#quote').textContent)",
    ];

    private static readonly Dictionary<string, string[]> s_shown = new()
    {
        ["desk"] = s_desk,
        ["orders"] = [$"({Rows})('orders', 4)", $"({Rows})('trades', 1)", "/filled/.test(document.querySelector('.orders tbody').textContent)"],
        ["engine"] =
        [
            $"({Rows})('tiers', 4)", $"({Rows})('hops', 5)", $"({Rows})('agents', 10)", $"({Rows})('store', 10)",
            "/[0-9] (µs|ms)/.test(document.querySelector('.hops tbody').textContent)", "/● fresh/.test(document.querySelector('.agents tbody').textContent)",
        ],
        ["strategies"] = [$"({Rows})('strategies', 1)", "/leaver/.test(document.querySelector('.strategies tbody').textContent)"],
        ["risk"] = [$"({Rows})('limits', 1)", $"({Rows})('halts', 1)", $"({Rows})('accounts', 1)", "/USOIL.*news/s.test(document.querySelector('.halts tbody').textContent)"],
        ["letters"] = [$"({Rows})('letters', 1)", "/UNKNOWN_ACTION/.test(document.querySelector('.letters tbody').textContent)"],
        ["audit"] = [$"({Rows})('audit', 10)", "/^[0-9a-f]{64}$/.test(document.querySelector('#head-hash').textContent)"],
    };

    public static TheoryData<string> Views => [.. s_shown.Keys];

    private Chrome Browser => panel.Browser;

    [Theory]
    [MemberData(nameof(Views))]
    public async Task View_shows_what_the_engine_does_and_keeps_nobody_out(string view)
    {
        Browser.ClearConsole();
        Browser.Desktop();
        await ShowAsync(view);
        foreach (var theme in new[] { "dark", "light" })
        {
            Browser.Prefer(theme);
            await Browser.HoldsAsync($"the ground to be {theme}", "document.body && getComputedStyle(document.documentElement).colorScheme === arguments[0]", theme);
            Frames();
            Browser.Keep($"{view}-{theme}");
            Browser.KeepsNobodyOut();
        }

        Browser.Phone();
        Frames();
        Browser.Keep($"{view}-phone");
        Assert.True(
            Browser.Read<long>("return document.documentElement.scrollWidth") <= 360,
            $"The view {view} is wider than a phone: {string.Join(", ", Browser.TextsOf("h2"))}");
        Browser.KeepsNobodyOut();
        Browser.Desktop();
        Browser.HasNoErrors();
    }

    [Fact]
    public async Task Top_bar_shows_what_the_engine_says_and_follows_it()
    {
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("the stream to be live", "document.querySelector('#connection').textContent === '● Live'");
        Assert.Equal("PAPER", Browser.TextOf("#venue"));
        Assert.Equal("RUNNING", Browser.TextOf("#mode"));
        await Eventually.HoldsAsync("the equity of the top bar to be the engine's", async () =>
        {
            var account = (await panel.Site.GetAsync("/v1/status")).GetProperty("accounts")[0];
            return Browser.TextOf("#metric-equity") == string.Create(
                CultureInfo.InvariantCulture, $"{account.GetProperty("equity").GetDecimal():N2} {account.GetProperty("currency").GetString()}");
        });
        Assert.Matches("^(▲ \\+|▼ −)?[0-9.,]+$", Browser.TextOf("#metric-day"));
        Assert.Matches("^[0-9.]+ %$", Browser.TextOf("#metric-drawdown"));
        Assert.Matches("^[0-9.]+ m?s$", Browser.TextOf("#metric-feed"));
        var before = Browser.TextOf("#quote");
        await Browser.HoldsAsync("a new price", "document.querySelector('#quote').textContent !== arguments[0]", before);
    }

    [Fact]
    public async Task Chosen_theme_counts_over_the_system_and_stays()
    {
        Browser.Prefer("dark");
        Browser.Open(panel.Site, "risk");
        await Browser.ClickAsync("#theme");
        await Browser.ClickAsync("#theme");
        Assert.Equal("light", Browser.Read<string>("return document.documentElement.dataset.theme"));
        Browser.Open(panel.Site, "audit");
        await Browser.HoldsAsync("the light theme after a reload", "getComputedStyle(document.documentElement).colorScheme === 'light'");
        await Browser.ClickAsync("#theme");
        Assert.Null(Browser.Read<object?>("return document.documentElement.dataset.theme"));
    }

    private void Frames() => Browser.Await<object?>("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)))", Eventually.Limit);

    private async Task ShowAsync(string view)
    {
        Browser.Open(panel.Site, view);
        await Browser.HoldsAsync("the stream to be live", "document.querySelector('#connection')?.textContent === '● Live'");
        foreach (var shown in s_shown[view])
        {
            await Browser.HoldsAsync($"the view {view} to show {shown}", shown);
        }
    }
}
