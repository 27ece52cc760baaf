using TradingEngine.Tests.Browser.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>Whatever agents and operators write is shown as they wrote it, and never runs.</summary>
public sealed class HostileTextTests : IAsyncLifetime
{
    // What no view of the panel has of its own.
    private const string Foreign = "return document.querySelectorAll('body script, iframe, object, embed, body svg, img, marquee, math, base, video, audio, body style, [onerror], [onload], [onclick]').length";

    private PanelSite _site = null!;

    private Chrome Browser { get; } = new();

    public async ValueTask InitializeAsync() => _site = await PanelSite.StartAsync(key: null, "--risk", "open");

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Fifty_hostile_texts_are_shown_and_none_runs()
    {
        Assert.Equal(50, HostileTexts.All.Distinct().Count());
        await _site.OpenAsync([.. HostileTexts.All.Select((text, at) => (text, at % 2 == 0 ? "BTCUSD" : "ETHUSD"))]);
        await _site.PostAsync("/v1/queues/strategy_signals", HostileTexts.All.Select(text => new { action = text, symbol = text, note = text }));
        foreach (var text in HostileTexts.All)
        {
            await _site.PostAsync("/v1/commands/halt", new { scope = $"strategy/{text.ToLowerInvariant()}", reason = text });
        }

        Browser.ClearConsole();
        await ShowAsync("desk");
        Assert.Equal(Lowered(), (await FilteredAsync(".positions", 50)).Intersect(Lowered()).Order(StringComparer.Ordinal));
        await UnharmedAsync();

        await ShowAsync("risk");
        await Browser.HoldsAsync("fifty halts", "document.querySelectorAll('.halts tbody tr').length >= 50");
        Assert.Equal(HostileTexts.All.Order(StringComparer.Ordinal), Browser.TextsOf(".halts tbody td").Intersect(HostileTexts.All).Order(StringComparer.Ordinal));
        await UnharmedAsync();

        await ShowAsync("letters");
        await Browser.HoldsAsync("fifty dead letters", "document.querySelectorAll('.letters tbody tr').length >= 50");
        Browser.Read<object?>("[...document.querySelectorAll('.letters tbody tr')].find(row => row.textContent.includes('onerror'))?.querySelector('.link').click()");
        await Browser.HoldsAsync("a hostile letter", "document.querySelector('dialog pre')?.textContent.includes('onerror')");
        await UnharmedAsync();

        foreach (var view in new[] { "orders", "audit", "strategies" })
        {
            await ShowAsync(view);
            await Browser.HoldsAsync($"rows of {view}", "document.querySelectorAll('tbody tr').length > 0");
            await UnharmedAsync();
        }
    }

    private static IOrderedEnumerable<string> Lowered() => HostileTexts.All.Select(text => text.ToLowerInvariant()).Order(StringComparer.Ordinal);

    private async Task ShowAsync(string view)
    {
        Browser.Open(_site, view);
        Browser.Read<object?>("window.xss = () => { window.ran = true; }");
    }

    /// <summary>Texts of all cells of a table, over its pages.</summary>
    private async Task<List<string>> FilteredAsync(string part, int least)
    {
        await Browser.HoldsAsync($"rows in {part}", $"document.querySelectorAll('{part} tbody tr').length >= {Math.Min(least, 50)}");
        var texts = new List<string>(Browser.TextsOf($"{part} tbody td"));
        while (Browser.Read<bool>($"return Boolean(document.querySelector('{part} .pager:not([hidden]) button:last-child:enabled'))"))
        {
            Browser.Read<object?>($"document.querySelector('{part} .pager button:last-child').click()");
            texts.AddRange(Browser.TextsOf($"{part} tbody td"));
        }

        return texts;
    }

    private async Task UnharmedAsync()
    {
        // Two frames, so that whatever would run has had its chance.
        Browser.Await<object?>("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)))", Eventually.Limit);
        await Browser.HoldsAsync("a live page", "document.querySelector('#tabs a')");
        Assert.Null(Browser.Read<object?>("return window.ran ?? null"));
        Assert.Equal(0, Browser.Read<long>(Foreign));
        Browser.HasNoErrors();
    }
}
