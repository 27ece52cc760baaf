using System.Collections.Immutable;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

/// <summary>One reason why a scope takes no entries. A scope may have several, each by another party; it is free when none is left.</summary>
/// <param name="By">Who halted it: <c>operator</c>, <c>reconciliation</c>, <c>breaker/daily_loss</c> …; one halt each.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Until">When it ends by itself; null for one that somebody must lift.</param>
public sealed record Halt(string By, string Reason, DateTimeOffset? Until = null);

/// <summary>The halts of one scope, as values.</summary>
public static class HaltList
{
    /// <summary>Adds a halt in place of an earlier one by the same party.</summary>
    public static ImmutableArray<Halt> With(ImmutableArray<Halt> halts, Halt halt) => Without(halts, halt.By).Add(halt);

    /// <summary>Takes away the halt by a party; unchanged when there is none.</summary>
    public static ImmutableArray<Halt> Without(ImmutableArray<Halt> halts, string by) => halts.RemoveAll(halt => halt.By == by);

    /// <summary>Takes away those whose time has come.</summary>
    public static ImmutableArray<Halt> WithoutEnded(ImmutableArray<Halt> halts, DateTimeOffset now) =>
        halts.RemoveAll(halt => halt.Until <= now);
}

/// <summary>Names of what can be halted on its own, in both directions or in one. A halt stops entries; exits pass.</summary>
public static class HaltScopes
{
    /// <summary>One symbol.</summary>
    public static string Symbol(string symbol, Side? side = null) => Of("symbol", symbol, side);

    /// <summary>One strategy.</summary>
    public static string Strategy(string strategy, Side? side = null) => Of("strategy", strategy, side);

    /// <summary>One tier.</summary>
    public static string Tier(int tier, Side? side = null) => Of("tier", tier.ToString(System.Globalization.CultureInfo.InvariantCulture), side);

    /// <summary>One account, or one strategy in it. An account has no slash in its name.</summary>
    public static string Account(string account, string? strategy = null) =>
        strategy is null ? $"account/{account}" : $"account/{account}/{strategy}";

    /// <summary>Account and strategy of a scope that is one strategy in one account; null for any other.</summary>
    public static (string Account, string Strategy)? AccountAndStrategyOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Split('/', 3) is ["account", var account, var strategy] ? (account, strategy) : null;
    }

    /// <summary>Account of a scope that is one, or a strategy in one; null for any other.</summary>
    public static string? AccountOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Split('/', 3) is ["account", var account, ..] ? account : null;
    }

    /// <summary>The code of an entry that a halt refused.</summary>
    public static RejectReason ReasonOf(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.StartsWith("symbol", StringComparison.Ordinal) ? RejectReason.SymbolHalted
            : scope.StartsWith("strategy", StringComparison.Ordinal) || AccountAndStrategyOf(scope) is not null ? RejectReason.StrategyHalted
            : scope.StartsWith("account", StringComparison.Ordinal) ? RejectReason.AccountHalted
            : RejectReason.TierHalted;
    }

    /// <summary>The code of an entry that the mode refused.</summary>
    public static RejectReason ReasonOf(EngineMode mode) =>
        mode == EngineMode.ReduceOnly ? RejectReason.ReduceOnly : RejectReason.TradingHalted;

    // The side stands before the slash: a symbol may have slashes of its own.
    private static string Of(string kind, string name, Side? side) => side switch
    {
        null => $"{kind}/{name}",
        Side.Buy => $"{kind}-buy/{name}",
        Side.Sell => $"{kind}-sell/{name}",
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "Not a side."),
    };
}
