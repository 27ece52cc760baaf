using TradingEngine.Tests.Browser.Harness;
using Xunit;
using Keyboard = OpenQA.Selenium.Keys;

namespace TradingEngine.Tests.Browser;

/// <summary>The panel without a mouse.</summary>
[Collection(OnSharedSilo.Name)]
public sealed class KeyboardTests(PanelFixture panel)
{
    private Chrome Browser => panel.Browser;

    [Fact]
    public async Task Focus_goes_through_everything_in_order_and_is_seen()
    {
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("positions", "document.querySelectorAll('.positions tbody tr').length > 0");
        string[] expected =
        [
            "Skip to the view", "Start", "Pause", "Resume", "Stop", "Reset", "KILL", "Desk", "Orders", "Engine", "Strategies", "Risk", "Dead letters", "Audit",
            "◐ Auto",
        ];
        foreach (var name in expected)
        {
            Press(Keyboard.Tab);
            Assert.Equal(name, Browser.Focused());
            Assert.True(
                Browser.Read<bool>("const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1"),
                $"The focus on {name} cannot be seen.");
        }

        var seen = new List<string>();
        while (seen.Count < 60 && !seen.Contains("Close all"))
        {
            Press(Keyboard.Tab);
            seen.Add(Browser.Focused());
        }

        Assert.Contains("Close all", seen);
    }

    [Fact]
    public async Task Dialog_keeps_the_focus_and_Escape_gives_it_back()
    {
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("the mode", "document.querySelector('#mode').textContent === 'RUNNING'");
        Browser.Read<object?>("document.querySelector('[data-action=kill]').focus()");

        Press(Keyboard.Enter);
        await Browser.HoldsAsync("the dialog", "document.querySelector('dialog')?.open");
        for (var step = 0; step < 12; step++)
        {
            Press(Keyboard.Tab);
            Assert.True(
                Browser.Read<bool>("return document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)"),
                $"The focus left the dialog for {Browser.Focused()}.");
        }

        Press(Keyboard.Escape);
        await Browser.HoldsAsync("the dialog to close", "!document.querySelector('dialog')");
        Assert.Equal("KILL", Browser.Focused());
        Assert.Equal("running", await panel.Site.ModeAsync());
    }

    [Fact]
    public async Task Row_opens_by_its_button_and_a_disabled_command_says_why()
    {
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("positions", "document.querySelectorAll('.positions tbody .link').length > 0");
        Browser.Read<object?>("document.querySelector('.positions tbody .link').focus()");
        Press(Keyboard.Enter);
        await Browser.HoldsAsync("the story", "document.querySelectorAll('dialog .step').length > 3");
        Press(Keyboard.Escape);
        await Browser.HoldsAsync("the dialog to close", "!document.querySelector('dialog')");

        Browser.Read<object?>("document.querySelector('[data-action=start]').focus()");
        Press(Keyboard.Enter);
        await Browser.HoldsAsync("the reason", "document.querySelector('#toasts').textContent.includes('It is running.')");
    }

    private void Press(string key) => Browser.Keys.SendKeys(key).Perform();
}
