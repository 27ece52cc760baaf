using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Api.Endpoints;

/// <summary>Limits of each account against what is used of them, and what is halted.</summary>
internal static class RiskEndpoints
{
    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/risk", ReadAsync)
        .Requires(Role.Viewer).WithTags("Status").WithSummary("Limits of each account against their use, and what is halted, by breakers and by hand.");

    private static async Task<RiskEntry> ReadAsync(EngineAccess engine)
    {
        var current = engine.Require();
        var status = await current.Grain.GetStatusAsync();
        var limits = current.Options.Limits;
        return new RiskEntry(
            limits.Name, [.. status.Accounts.SelectMany(account => Of(account, limits))], [.. status.Halts.Select(HaltEntry.Of)]);
    }

    private static IEnumerable<LimitEntry> Of(AccountSummary account, RiskLimits limits)
    {
        var scope = $"account/{account.Account}";
        decimal? ShareOfEquity(decimal money) => account.Equity > 0m ? money / account.Equity : null;
        var gross = account.Long + account.Short;
        yield return Entry("gross_exposure", scope, limits.MaxGrossShare, ShareOfEquity(gross), "of equity");
        yield return Entry("net_exposure", scope, limits.MaxNetShare, ShareOfEquity(Math.Abs(account.Long - account.Short)), "of equity");
        yield return Entry("leverage", scope, limits.MaxLeverage, ShareOfEquity(gross), "times equity");
        yield return Entry("daily_loss", scope, limits.MaxDailyLoss, LossOf(account), "of the day's start");
        yield return Entry("drawdown", scope, limits.MaxDrawdown, AccountEntry.DrawdownOf(account), "of the peak");
        yield return Entry("kill_drawdown", scope, limits.KillDrawdown, AccountEntry.DrawdownOf(account), "of the peak");
        yield return Entry("open_positions", scope, limits.MaxOpenPositions, account.OpenPositions, "positions");
        yield return Entry("working_orders", scope, limits.MaxWorkingOrders, account.WorkingOrders, "orders");
    }

    private static decimal? LossOf(AccountSummary account) =>
        account.DayStart is { } start and > 0m ? Math.Max(0m, (start - account.Equity) / start) : null;

    private static LimitEntry Entry(string limit, string scope, decimal? value, decimal? use, string unit) =>
        new(limit, scope, value, use, unit, value > 0m ? use / value : null);
}
