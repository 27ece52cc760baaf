using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Portfolio;

/// <summary>Fields of an account's counter group.</summary>
public static class ExposureFields
{
    /// <summary>Positions that are not over.</summary>
    public const string Open = "open";

    /// <summary>Orders that may still trade.</summary>
    public const string Working = "working";

    /// <summary>Realised P&amp;L, commissions taken off.</summary>
    public const string Realized = "realized";

    /// <summary>Commissions paid.</summary>
    public const string Commissions = "commissions";

    /// <summary>Notional held of a symbol in a direction.</summary>
    public static string Of(string symbol, Side side) => (side == Side.Buy ? "long/" : "short/") + symbol;

    /// <summary>Notional of the entry orders working in a symbol and direction.</summary>
    public static string WorkingOf(string symbol, Side side) => (side == Side.Buy ? "buying/" : "selling/") + symbol;

    /// <summary>Units held of a symbol in a direction: lots × contract size.</summary>
    public static string UnitsOf(string symbol, Side side) => (side == Side.Buy ? "units_long/" : "units_short/") + symbol;

    /// <summary>What those units cost, in the settlement currency.</summary>
    public static string CostOf(string symbol, Side side) => (side == Side.Buy ? "cost_long/" : "cost_short/") + symbol;

    /// <summary>Realised P&amp;L in a currency, commissions taken off.</summary>
    public static string RealizedIn(string currency) => "realized/" + currency;

    /// <summary>Commissions paid in a currency.</summary>
    public static string CommissionsIn(string currency) => "commissions/" + currency;

    /// <summary>Notional held and working by signals of a tier, in a currency.</summary>
    public static string TierOf(int tier, string currency) => $"tier/{tier}/{currency}";
}

/// <summary>Beginnings of an account's fields that end with a strategy.</summary>
public static class OutcomeFields
{
    /// <summary>Fills.</summary>
    public const string Fills = "fills/";

    /// <summary>Positions closed with a profit.</summary>
    public const string Wins = "wins/";

    /// <summary>Positions closed without one.</summary>
    public const string Losses = "losses/";

    /// <summary>Positions that the venue refused.</summary>
    public const string Refusals = "refusals/";
}
