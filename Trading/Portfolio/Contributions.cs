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

    /// <summary>Form of what new positions add; see <see cref="PositionState.CounterForm"/>.</summary>
    public const int NewestForm = 1;

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

    /// <summary>
    /// Notional of an order or holding in settlement currency: lots × contract size × price, of an inverse contract divided
    /// by the price.
    /// </summary>
    public static decimal Notional(ContractTerms terms, decimal lots, decimal price) => terms.IsInverse
        ? (price == 0m ? 0m : Math.Abs(lots) * terms.ContractSize / price)
        : Math.Abs(lots) * terms.ContractSize * price;

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

        var isNew = state.CounterForm >= 1;
        foreach (var leg in state.Legs)
        {
            var side = leg.Ledger.Quantity >= 0m ? Side.Buy : Side.Sell;
            // What is held is taken from the form's first day on as it was: of inverse contracts their count times the price.
            var held = (isNew
                ? Notional(leg.Terms, leg.Ledger.Quantity, leg.Ledger.AverageOpen)
                : Math.Abs(leg.Ledger.Quantity) * leg.Terms.ContractSize * leg.Ledger.AverageOpen) * Scale;
            Count(account, ExposureFields.Of(leg.Symbol, side), held);
            if (!isNew)
            {
                Count(account, ExposureFields.Realized, leg.Ledger.Realized * Scale);
                Count(account, ExposureFields.Commissions, leg.Ledger.Commissions * Scale);
                continue;
            }

            var currency = leg.Terms.SettlementCurrency ?? "";
            Count(account, ExposureFields.UnitsOf(leg.Symbol, side), Math.Abs(leg.Ledger.Quantity) * leg.Terms.ContractSize * Scale);
            Count(account, ExposureFields.CostOf(leg.Symbol, side), held);
            Count(account, ExposureFields.TierOf(state.Tier, currency), held);
            Count(account, ExposureFields.RealizedIn(currency), leg.Ledger.Realized * Scale);
            Count(account, ExposureFields.CommissionsIn(currency), leg.Ledger.Commissions * Scale);
        }

        if (isNew)
        {
            AddOutcomes(state, (field, units) => Count(account, field, units));
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
                var working = (isNew
                    ? Notional(terms, order.LeavesQuantity, order.Order.Price)
                    : order.LeavesQuantity * terms.ContractSize * order.Order.Price) * Scale;
                Count(account, ExposureFields.WorkingOf(order.Order.Symbol, order.Order.Side), working);
                Count(account, ExposureFields.TierOf(state.Tier, terms.SettlementCurrency ?? ""), isNew ? working : 0m);
            }
        }

        Count(account, ExposureFields.Open, state.IsFinal ? 0m : 1m);
        AddStatistics(state, Count);
    }

    /// <summary>What the account's checks ask of its strategies: fills, wins and losses, refusals by the venue.</summary>
    private static void AddOutcomes(PositionState state, Action<string, decimal> count)
    {
        count(OutcomeFields.Fills + state.Strategy, state.Fills);
        var isClosed = state.Phase == PositionPhase.Closed;
        count(OutcomeFields.Wins + state.Strategy, isClosed && state.Realized > 0m ? 1m : 0m);
        count(OutcomeFields.Losses + state.Strategy, isClosed && state.Realized <= 0m ? 1m : 0m);
        var isRefused = state is { Phase: PositionPhase.Rejected, Reject: Risk.RejectReason.VenueRejected };
        count(OutcomeFields.Refusals + state.Strategy, isRefused ? 1m : 0m);
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
