using TradingEngine.Api.Security;
using TradingEngine.Tests.Browser.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>A silo with keys: signing in, roles, and the loss of the silo.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Roles_are_kept_and_a_lost_silo_is_found_again()
    {
        var (viewer, viewerLine) = ApiKey.Create("wall", Role.Viewer, null);
        var (risk, riskLine) = ApiKey.Create("desk", Role.Risk, null);
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, [viewerLine.ToLine(), riskLine.ToLine()], TestContext.Current.CancellationToken);
        try
        {
            await using var site = await PanelSite.StartAsync(risk, "--api-keys", file, "--risk", "open");
            using var browser = new Chrome();
            browser.Open(site, "desk");

            await SignInRefusesAsync(browser);
            await ViewerLooksAsync(browser, viewer);
            await RiskCommandsAsync(browser, site, risk);
            await SiloIsFoundAgainAsync(browser, site, risk);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task SignInRefusesAsync(Chrome browser)
    {
        var key = await browser.FindAsync("#key");
        Assert.Equal("key", browser.Read<string>("return document.activeElement.id"));
        browser.Keep("sign-in");
        browser.KeepsNobodyOut();
        key.SendKeys("te_wrong" + OpenQA.Selenium.Keys.Enter);
        await browser.HoldsAsync("the refusal", "/not known/.test(document.querySelector('#key-error').textContent)");
        browser.HasNoErrors(butRefused: true);
    }

    private static async Task SignInAsync(Chrome browser, string key)
    {
        (await browser.FindAsync("#key")).Clear();
        (await browser.FindAsync("#key")).SendKeys(key + OpenQA.Selenium.Keys.Enter);
        await browser.HoldsAsync("the stream to be live", "document.querySelector('#connection').textContent === '● Live'");
    }

    private static async Task ViewerLooksAsync(Chrome browser, string key)
    {
        await SignInAsync(browser, key);
        Assert.Equal("wall · viewer", browser.TextOf("#who"));
        Assert.Equal("", browser.Read<string>("return document.cookie"));
        await browser.HoldsAsync("the mode", "document.querySelector('#mode').textContent === 'RUNNING'");
        foreach (var action in new[] { "kill", "pause", "stop" })
        {
            Assert.Equal("wall is viewer; this takes trader.", browser.Read<string>($"return document.querySelector('[data-action={action}]').title"));
            Assert.Equal("true", browser.Read<string>($"return document.querySelector('[data-action={action}]').ariaDisabled"));
        }

        await browser.ClickAsync("[data-action=kill]");
        await browser.HoldsAsync("the reason", "document.querySelector('#toasts').textContent.includes('this takes trader')");
        Assert.Equal(0, browser.Count("dialog"));
        await browser.ClickAsync(".session button:not(#theme)");
        await browser.FindAsync("#key");
    }

    private static async Task RiskCommandsAsync(Chrome browser, PanelSite site, string key)
    {
        await SignInAsync(browser, key);
        Assert.Equal("desk · risk", browser.TextOf("#who"));
        await browser.ClickAsync("[data-action=pause]");
        await browser.HoldsAsync("the pause", "document.querySelector('#mode').textContent === 'PAUSED'");
        Assert.Contains("pause by desk", browser.TextOf("#banner-mode"), StringComparison.Ordinal);
        await browser.ClickAsync("[data-action=resume]");
        await browser.HoldsAsync("the engine to run", "document.querySelector('#mode').textContent === 'RUNNING'");
        Assert.Equal("running", await site.ModeAsync());
    }

    private static async Task SiloIsFoundAgainAsync(Chrome browser, PanelSite site, string key)
    {
        await site.OpenAsync(("survivor", "ETHUSD"));
        await browser.HoldsAsync("the position", "document.querySelector('.positions tbody').textContent.includes('survivor')");
        await site.KillAsync();

        await browser.HoldsAsync("the loss to be shown", "document.querySelector('#connection').textContent === '○ Reconnecting'");
        await browser.HoldsAsync("what to do", "/does not answer since .* connects again by itself/.test(document.querySelector('#banner-lost').textContent)");
        browser.Keep("lost");
        browser.KeepsNobodyOut();
        Assert.Contains("survivor", browser.TextOf(".positions tbody"), StringComparison.Ordinal);

        await site.StartAsync();

        // Sessions live in the silo's memory, so the page asks for the key again, and goes on where it was.
        await SignInAsync(browser, key);
        await browser.HoldsAsync("the position after the restart", "document.querySelector('.positions tbody')?.textContent.includes('survivor')");
        Assert.False(browser.Read<bool>("return document.querySelector('#banner-lost').checkVisibility()"));
        await site.OpenAsync(("newcomer", "BTCUSD"));
        await browser.HoldsAsync("news after the restart", "document.querySelector('.activity tbody').textContent.includes('newcomer') || document.querySelector('.positions tbody').textContent.includes('newcomer')");
        browser.HasNoErrors(butRefused: true);
    }
}
