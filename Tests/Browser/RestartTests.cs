using TradingEngine.Tests.Browser.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>A silo without keys that is lost and comes back: the page goes on by itself.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Page_goes_on_by_itself_after_a_restart_of_the_silo()
    {
        await using var site = await PanelSite.StartAsync(key: null, "--risk", "open");
        using var browser = new Chrome();
        browser.Open(site, "desk");
        await site.OpenAsync(("survivor", "ETHUSD"));
        await browser.HoldsAsync("the position", "document.querySelector('.positions tbody')?.textContent.includes('survivor')");

        await site.KillAsync();
        await browser.HoldsAsync("the loss to be shown", "document.querySelector('#connection').textContent === '○ Reconnecting'");
        await site.StartAsync();

        await browser.HoldsAsync("the stream to be live again", "document.querySelector('#connection').textContent === '● Live'");
        Assert.False(browser.Read<bool>("return document.querySelector('#banner-lost').checkVisibility()"));
        await site.OpenAsync(("newcomer", "BTCUSD"));
        await browser.HoldsAsync("a position opened after the restart", "document.querySelector('.positions tbody').textContent.includes('newcomer')");
        Assert.Contains("survivor", browser.TextOf(".positions tbody"), StringComparison.Ordinal);
        browser.HasNoErrors(butRefused: true);
    }
}
