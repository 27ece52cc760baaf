namespace TradingEngine.Trading.Risk;

/// <summary>Names of what can be halted on its own. A halt stops entries; exits pass.</summary>
public static class HaltScopes
{
    /// <summary>One symbol.</summary>
    public static string Symbol(string symbol) => "symbol/" + symbol;

    /// <summary>One strategy.</summary>
    public static string Strategy(string strategy) => "strategy/" + strategy;

    /// <summary>One tier.</summary>
    public static string Tier(int tier) => $"tier/{tier}";

    /// <summary>The code of an entry that a halt refused.</summary>
    public static RejectReason ReasonOf(string scope) =>
        scope.StartsWith("symbol/", StringComparison.Ordinal) ? RejectReason.SymbolHalted
        : scope.StartsWith("strategy/", StringComparison.Ordinal) ? RejectReason.StrategyHalted
        : RejectReason.TierHalted;

    /// <summary>The code of an entry that the mode refused.</summary>
    public static RejectReason ReasonOf(EngineMode mode) =>
        mode == EngineMode.ReduceOnly ? RejectReason.ReduceOnly : RejectReason.TradingHalted;
}
