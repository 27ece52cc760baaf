using System.Globalization;
using System.Text.Json;
using TradingEngine.Tests.Browser.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser;

/// <summary>A thousand positions whose prices stream: the page stays smooth.</summary>
public sealed class ManyPositionsTests
{
    private const int Positions = 1_000;
    private const double LongestFrame = 100;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);
    private static readonly string[] s_symbols = ["BTCUSD", "ETHUSD", "SOLUSD", "LTCUSD", "EURUSD"];

    [Fact]
    public async Task A_thousand_positions_stay_smooth_while_prices_stream()
    {
        await using var site = await PanelSite.StartAsync(key: null, "--risk", "open");
        await site.OpenAsync([.. Enumerable.Range(0, Positions).Select(at => ($"load-{at % 20}", s_symbols[at % s_symbols.Length]))]);
        using var browser = new Chrome();
        browser.Open(site, "desk");
        await browser.HoldsAsync(
            "a thousand positions", $"parseInt(document.querySelector('#position-count').textContent.replaceAll(',', ''), 10) >= {Positions}");
        await browser.HoldsAsync("the stream to be live", "document.querySelector('#connection').textContent === '● Live'");

        // Frames, and how often a price of the first row and the sum of all changed while they were drawn.
        var measured = JsonSerializer.Deserialize<double[]>(browser.Await<string>(
            $$"""
            const done = arguments[0];
            const frames = [];
            let before = performance.now(), first = before, changes = 0, sum = '';
            requestAnimationFrame(function next(now) {
              frames.push(now - before);
              before = now;
              const shown = document.querySelector('#position-count').textContent + document.querySelector('.positions tbody').textContent;
              changes += shown !== sum ? 1 : 0;
              sum = shown;
              if (now - first < {{Watched.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}}) {
                requestAnimationFrame(next);
              } else {
                frames.sort((a, b) => a - b);
                done(JSON.stringify([frames.length, frames[Math.floor(frames.length * 0.5)], frames[Math.floor(frames.length * 0.99)], frames.at(-1), changes]));
              }
            });
            """, TimeSpan.FromSeconds(60)))!;

        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{Positions} positions, {measured[0]} frames in {Watched.TotalSeconds} s: p50 {measured[1]:0.0} ms, p99 {measured[2]:0.0} ms, longest {measured[3]:0.0} ms, {measured[4]} changes");
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        browser.Keep("thousand-positions");
        Assert.True(measured[4] >= 10, $"Nothing streamed: {summary}");
        Assert.True(measured[2] <= LongestFrame, $"Frames are slow: {summary}");
        browser.HasNoErrors();
    }
}
