using System.Globalization;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>The summary of every ten seconds.</summary>
internal static class StatusLine
{
    public static async Task<string> ReadAsync(IGrainFactory grains, string partition)
    {
        try
        {
            var status = await grains.GetGrain<IEngineGrain>(partition).GetStatusAsync();
            var tiers = string.Join("  ", status.Tiers.Select(tier => string.Create(CultureInfo.InvariantCulture,
                $"T{tier.Tier} {tier.Cycles} cycles{(tier.Latency.Count > 0 ? $" p99 {tier.Latency.P99 / 1000.0:0.0} ms" : "")}")));
            var equity = status.Accounts.Sum(account => account.Equity);
            return string.Create(CultureInfo.InvariantCulture,
                $"-- {ModeCommands.NameOf(status.Mode)}  {status.Totals.Active} open  {status.Totals.Closed} closed  "
                + $"P&L {status.Totals.Realized:+0.00;-0.00;0.00}  equity {equity:0.00}  {tiers}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever an activation met, such as its reminder's Redis being away, arrives here as it was thrown. A silo does
            // not end for a line on the console.
            return $"-- no status: {exception.Message}";
        }
    }
}
