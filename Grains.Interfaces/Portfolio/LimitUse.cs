using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Portfolio;

/// <summary>A limit of an account against what is used of it.</summary>
/// <param name="Limit">Name, such as <c>gross_exposure</c>.</param>
/// <param name="Account">Account.</param>
/// <param name="Value">The limit; null for none.</param>
/// <param name="Use">What is used; null where it cannot be said.</param>
/// <param name="Unit">What both count in.</param>
public sealed record LimitUse(string Limit, string Account, decimal? Value, decimal? Use, string Unit)
{
    /// <summary>Part of the limit that is used, 1 at the limit; null where it cannot be said.</summary>
    public decimal? Share => Value > 0m ? Use / Value : null;

    /// <summary>The limits of an account that stands over time, in the order of the checks.</summary>
    public static IEnumerable<LimitUse> Of(AccountSummary account, RiskLimits limits)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(limits);
        LimitUse Use(string limit, decimal? value, decimal? use, string unit) => new(limit, account.Account, value, use, unit);
        decimal? ShareOfEquity(decimal money) => account.Equity > 0m ? money / account.Equity : null;
        var gross = account.Long + account.Short;
        var drawdown = FallFrom(account.Peak, account.Equity);
        yield return Use("gross_exposure", limits.MaxGrossShare, ShareOfEquity(gross), "of equity");
        yield return Use("net_exposure", limits.MaxNetShare, ShareOfEquity(Math.Abs(account.Long - account.Short)), "of equity");
        yield return Use("leverage", limits.MaxLeverage, ShareOfEquity(gross), "times equity");
        yield return Use("daily_loss", limits.MaxDailyLoss, FallFrom(account.DayStart, account.Equity), "of the day's start");
        yield return Use("drawdown", limits.MaxDrawdown, drawdown, "of the peak");
        yield return Use("kill_drawdown", limits.KillDrawdown, drawdown, "of the peak");
        yield return Use("open_positions", limits.MaxOpenPositions, account.OpenPositions, "positions");
        yield return Use("working_orders", limits.MaxWorkingOrders, account.WorkingOrders, "orders");
    }

    private static decimal? FallFrom(decimal? from, decimal equity) => from > 0m ? Math.Max(0m, (from.Value - equity) / from.Value) : null;
}
