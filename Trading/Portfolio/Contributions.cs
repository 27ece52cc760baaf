using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Portfolio;

/// <summary>Names a counter: a group that is read as a whole, and a field of it.</summary>
public readonly record struct CounterKey(string Group, string Field);

/// <summary>
/// What one position adds to the counters of its account, its strategy and the engine. A counter is the sum over
/// positions; a commit adds what the position contributes after it, less what it contributed before, so counters are exact
/// whatever path led there. Money is in units of 1e-8.
/// </summary>
public static class Contributions
{
    /// <summary>Units of a counter per unit of money.</summary>
    public const decimal Scale = 100_000_000m;

    /// <summary>Largest notional of one order: counters of 64 bits hold many of it.</summary>
    public const decimal MaxNotional = 1_000_000_000m;
    // An agent may report a fill at any price: it must not overflow a counter. Clamping depends on the state alone, so
    // sums over transitions stay exact.
    private const decimal Most = 10_000_000_000m * Scale;

    /// <summary>Group of an account's exposure and P&amp;L.</summary>
    public static string AccountGroup(string account) => "account/" + account;

    /// <summary>Group of a strategy's statistics.</summary>
    public static string StrategyGroup(string account, string strategy) => StrategyPrefix + account + "/" + strategy;

    /// <summary>What the groups of all strategies start with.</summary>
    public const string StrategyPrefix = "strategy/";

    /// <summary>Group of the engine's totals.</summary>
    public const string TotalsGroup = "totals";

    /// <summary>The changes a transition makes; fields that do not change are absent.</summary>
    public static IReadOnlyList<(CounterKey Key, long Delta)> Between(PositionState? before, PositionState after)
    {
        var sums = new Dictionary<CounterKey, long>();
        Add(sums, after, 1);
        if (before is not null)
        {
            Add(sums, before, -1);
        }

        return [.. sums.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key.Group, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Field, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>Notional of an order or holding in quote currency: lots × contract size × price.</summary>
    public static decimal Notional(ContractTerms terms, decimal lots, decimal price) =>
        Math.Abs(lots) * terms.ContractSize * price;

    private static void Add(Dictionary<CounterKey, long> sums, PositionState state, int sign)
    {
        var account = AccountGroup(state.Account);
        void Count(string group, string field, decimal units)
        {
            if (units != 0m)
            {
                var key = new CounterKey(group, field);
                sums[key] = sums.GetValueOrDefault(key) + (sign * (long)Math.Round(Math.Clamp(units, -Most, Most)));
            }
        }

        foreach (var leg in state.Legs)
        {
            var held = Notional(leg.Terms, leg.Ledger.Quantity, leg.Ledger.AverageOpen) * Scale;
            Count(account, ExposureFields.Of(leg.Symbol, leg.Ledger.Quantity >= 0m ? Side.Buy : Side.Sell), held);
            Count(account, ExposureFields.Realized, leg.Ledger.Realized * Scale);
            Count(account, ExposureFields.Commissions, leg.Ledger.Commissions * Scale);
        }

        foreach (var order in state.Orders)
        {
            if (order.LeavesQuantity == 0m)
            {
                continue;
            }

            Count(account, ExposureFields.Working, 1m);
            if (order.IsEntry)
            {
                var terms = state.Legs[order.Order.Leg].Terms;
                Count(account, ExposureFields.WorkingOf(order.Order.Symbol, order.Order.Side),
                    Notional(terms, order.LeavesQuantity, order.Order.Price) * Scale);
            }
        }

        Count(account, ExposureFields.Open, state.IsFinal ? 0m : 1m);
        AddStatistics(state, Count);
    }

    private static void AddStatistics(PositionState state, Action<string, string, decimal> count)
    {
        count(TotalsGroup, "orders", state.SentOrders);
        count(TotalsGroup, "realized", state.Realized * Scale);
        count(TotalsGroup, "active", state.IsFinal ? 0m : 1m);
        count(TotalsGroup, state.Side == Side.Buy ? "long" : "short", state.IsFinal ? 0m : 1m);
        count(TotalsGroup, "opened", state.OpenedAt is null ? 0m : 1m);
        var strategy = StrategyGroup(state.Account, state.Strategy);
        if (state.Phase == PositionPhase.Rejected)
        {
            count(TotalsGroup, "rejected", 1m);
            count(strategy, "rejected", 1m);
        }

        if (state.Phase != PositionPhase.Closed)
        {
            return;
        }

        var pnl = state.Realized * Scale;
        count(TotalsGroup, "closed", 1m);
        count(strategy, "trades", 1m);
        count(strategy, "pnl", pnl);
        count(strategy, "commissions", state.Legs.Sum(leg => leg.Ledger.Commissions) * Scale);
        count(strategy, pnl > 0m ? "wins" : "losses", 1m);
        count(strategy, pnl > 0m ? "won" : "lost", Math.Abs(pnl));
        count(strategy, "seconds", (decimal)((state.ClosedAt - state.OpenedAt)?.TotalSeconds ?? 0));
    }
}

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
}
