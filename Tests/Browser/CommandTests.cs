using TradingEngine.Tests.Browser.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>What an operator does at the panel: each arrives at the engine, and comes back into view.</summary>
[Collection(OnSharedSilo.Name)]
public sealed class CommandTests(PanelFixture panel)
{
    private Chrome Browser => panel.Browser;

    [Fact]
    public async Task Kill_takes_a_reason_and_a_reset_leads_back()
    {
        Browser.ClearConsole();
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("the mode", "document.querySelector('#mode').textContent === 'RUNNING'");

        await Browser.ClickAsync("[data-action=kill]");
        await Browser.ClickAsync("dialog button[type=submit]");

        Assert.Equal("Say why: it is recorded, and shown to everybody.", Browser.TextOf("dialog .error:not([hidden])"));
        Assert.Equal("reason", Browser.Read<string>("return document.activeElement.name"));
        Assert.Equal("running", await panel.Site.ModeAsync());

        (await Browser.FindAsync("dialog textarea")).SendKeys("prices are wrong");
        Browser.Keep("kill-dialog");
        Browser.KeepsNobodyOut();
        await Browser.ClickAsync("dialog button[type=submit]");

        await Browser.HoldsAsync("the engine to be shown as killed", "document.querySelector('#mode').textContent === 'KILLED'");
        Assert.Equal("killed", await panel.Site.ModeAsync());
        Assert.Contains("prices are wrong", Browser.TextOf("#banner-mode"), StringComparison.Ordinal);
        Assert.Equal("true", Browser.Read<string>("return document.querySelector('[data-action=start]').ariaDisabled"));
        Browser.Keep("killed");
        Browser.KeepsNobodyOut();

        await Browser.ClickAsync("[data-action=reset]");
        await Browser.ClickAsync("dialog button[type=submit]");
        Assert.Equal("Say why it is safe to go on.", Browser.TextOf("dialog .error:not([hidden])"));
        (await Browser.FindAsync("dialog textarea")).SendKeys("the feed is mended");
        await Browser.ClickAsync("dialog button[type=submit]");
        await Browser.HoldsAsync("reduce only", "document.querySelector('#mode').textContent === 'REDUCE ONLY'");

        await Browser.ClickAsync("[data-action=resume]");
        await Browser.HoldsAsync("the engine to run again", "document.querySelector('#mode').textContent === 'RUNNING'");
        Assert.Equal("running", await panel.Site.ModeAsync());
        Browser.HasNoErrors();
    }

    [Fact]
    public async Task Pause_and_resume_need_no_more_than_a_click()
    {
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("the mode", "document.querySelector('#mode').textContent === 'RUNNING'");
        await Browser.ClickAsync("[data-action=pause]");
        await Browser.HoldsAsync("the pause", "document.querySelector('#mode').textContent === 'PAUSED'");
        await Browser.ClickAsync("[data-action=resume]");
        await Browser.HoldsAsync("the engine to run again", "document.querySelector('#mode').textContent === 'RUNNING'");
    }

    [Fact]
    public async Task Position_is_closed_and_leaves_the_table()
    {
        await panel.Site.OpenAsync(("closed-by-hand", "BTCUSD"));
        Browser.Open(panel.Site, "desk");
        await Browser.HoldsAsync("the position", "[...document.querySelectorAll('.positions tbody tr')].some(row => row.textContent.includes('closed-by-hand'))");

        Browser.Read<object?>("""document.querySelector("button[aria-label='Close BTCUSD of closed-by-hand']").focus()""");
        Browser.Keys.SendKeys(OpenQA.Selenium.Keys.Enter).Perform();
        Assert.Contains("closed-by-hand", (await Browser.FindAsync("dialog p")).Text, StringComparison.Ordinal);
        await Browser.ClickAsync("dialog .danger");

        await Browser.HoldsAsync(
            "the position to leave", "![...document.querySelectorAll('.positions tbody tr')].some(row => row.textContent.includes('closed-by-hand'))");
        await Eventually.HoldsAsync("its trade", async () => (await panel.Site.GetAsync("/v1/trades")).GetProperty("items").EnumerateArray()
            .Any(trade => trade.GetProperty("strategy").GetString() == "closed-by-hand"));
    }

    [Fact]
    public async Task Closed_trade_tells_its_story_from_signal_to_close()
    {
        Browser.Open(panel.Site, "orders");
        await Browser.HoldsAsync("closed trades", "document.querySelectorAll('.trades tbody tr .link').length > 0");
        (await Browser.FindAsync(".trades .filter")).SendKeys("leaver");
        await Browser.ClickAsync(".trades tbody tr .link");

        await Browser.HoldsAsync("the story to end with the close", "document.querySelector('dialog .step:last-child')?.dataset.step === 'close'");

        var steps = Browser.TextsOf("dialog .step time").Zip(Browser.Read<IReadOnlyCollection<object>>(
            "return [...document.querySelectorAll('dialog .step')].map(step => step.dataset.step)").Cast<string>()).ToList();
        string[] expected = ["quote", "signal", "check", "order", "fill", "close"];
        Assert.Equal(expected, expected.Where(step => steps.Exists(found => found.Second == step)));
        Assert.Equal(
            expected.Select(step => steps.FindIndex(found => found.Second == step)), expected.Select(step => steps.FindIndex(found => found.Second == step)).Order());
        Assert.All(steps, step => Assert.Matches("^[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}$", step.First));
        Assert.Contains(Browser.TextsOf("dialog .delta"), delta => delta.StartsWith('+'));
        Browser.Keep("story");
        Browser.KeepsNobodyOut();
    }

    [Fact]
    public async Task Dead_letter_is_looked_at_and_put_back()
    {
        await panel.Site.PostAsync("/v1/queues/strategy_signals", new { action = "sing", symbol = "ETHUSD" });
        Browser.Open(panel.Site, "letters");
        await Browser.HoldsAsync("the dead letter", "[...document.querySelectorAll('.letters tbody tr')].some(row => row.textContent.includes('sing'))");
        var before = Browser.Read<string>("return [...document.querySelectorAll('.letters tbody tr')].find(row => row.textContent.includes('sing')).dataset.key");

        Browser.Read<object?>("[...document.querySelectorAll('.letters tbody tr')].find(row => row.textContent.includes('sing')).querySelector('.link').click()");
        await Browser.HoldsAsync("its text", "document.querySelector('dialog pre')?.textContent.includes('\"sing\"')");
        Browser.Keep("dead-letter");
        Browser.KeepsNobodyOut();
        Browser.Keys.SendKeys(OpenQA.Selenium.Keys.Escape).Perform();
        await Browser.HoldsAsync("the dialog to close", "!document.querySelector('dialog')");

        // It is as wrong as before, so it comes back as a letter of its own.
        await Browser.ClickAsync($"button[aria-label='Requeue letter {before}']");
        await Browser.HoldsAsync(
            "the letter to go, and to come back as another", "(rows => rows.some(row => row.textContent.includes('sing')) && rows.every(row => row.dataset.key !== arguments[0]))"
            + "([...document.querySelectorAll('.letters tbody tr')])", before);
    }

    [Fact]
    public async Task Halt_is_set_and_lifted()
    {
        Browser.Open(panel.Site, "risk");
        await Browser.ClickAsync("[data-action=halt]");
        (await Browser.FindAsync("dialog [name=name]")).SendKeys("GBPUSD");
        (await Browser.FindAsync("dialog [name=reason]")).SendKeys("election");
        (await Browser.FindAsync("dialog [name=minutes]")).SendKeys("30");
        await Browser.ClickAsync("dialog button[type=submit]");
        await Browser.HoldsAsync("the halt", "/symbol\\/GBPUSD.*election/s.test(document.querySelector('.halts tbody').textContent)");

        await Browser.ClickAsync("button[aria-label='Lift the halt of symbol/GBPUSD']");
        await Browser.HoldsAsync("the halt to go", "!/GBPUSD/.test(document.querySelector('.halts tbody').textContent)");
    }
}
