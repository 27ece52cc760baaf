using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Portfolio;

/// <content>What an entry is judged by, and what the breakers ask for.</content>
public sealed partial class AccountGrain
{
    private RejectReason Judge(ReservationRequest request, RiskProfile risk, AccountValue value, DateTimeOffset now)
    {
        var entry = request.Entry;
        var signal = entry.Signal;
        var limits = risk.For(Account, signal.Strategy, signal.Symbol);
        var group = risk.GroupOf(signal.Symbol, entry.Instrument);

        // Asked for again after a commit that failed, it must not stand in its own way, nor count twice.
        var isAskedAgain = _reserved.Remove(request.Id);
        var order = RiskOrders.Of(entry, currency => RateOf(currency, now));
        var facts = FactsOf(entry, group, value, now);
        var decision = RiskChain.Judge(order, facts, limits, _memory, now);
        if (!isAskedAgain)
        {
            _memory.Note(order, decision, limits, now);
        }

        if (decision == RejectReason.None)
        {
            var (buys, sells) = (order.BuyNotional ?? 0m, order.SellNotional ?? 0m);
            _reserved.Add(request.Id, new ReservedEntry(
                signal.Symbol, buys, sells, signal.Tier, group,
                (buys + sells) * (entry.Instrument?.MarginRate ?? 1m), order.Orders, order.OpensPosition));
        }

        return decision;
    }

    private RiskFacts FactsOf(EntryRequest entry, string? group, AccountValue value, DateTimeOffset now)
    {
        var symbol = entry.Signal.Symbol;
        var (bid, ask) = _memory.LevelsOf(symbol);
        return new RiskFacts
        {
            // Mode, halts, fence and repetition are the commit's to decide: what was read before could be old by then.
            Mode = EngineMode.Running,
            IsReady = true,
            Instrument = entry.Instrument,
            IsSessionOpen = entry.IsSessionOpen,
            SessionEnd = entry.SessionEnd,
            Price = entry.Price,
            Exposure = value.Worst(symbol, group, entry.Signal.Tier, _reserved),
            Equity = value.Equity,
            DayStart = _day?.DayStart,
            Peak = _day?.Peak,
            OpenPositions = _exposure.OpenPositions + _reserved.Opens,
            WorkingOrders = _exposure.WorkingOrders + _reserved.Orders,
            OwnBid = bid,
            OwnAsk = ask,
            // A break halts its symbol, which the commit looks at.
            IsReconciled = true,
            IsVenueUp = venue.IsUp(_options.Risk.For(Account, entry.Signal.Strategy, symbol), now),
        };
    }

    /// <summary>What became of the strategies' orders since the counters were read before.</summary>
    private void Remember(ExposureBook before)
    {
        var now = clock.GetUtcNow();
        foreach (var (strategy, counts) in _exposure.Strategies)
        {
            var known = before.Strategies.GetValueOrDefault(strategy);
            if (counts != known)
            {
                _memory.Note(
                    new StrategyOutcome(
                        strategy, (int)(counts.Fills - known.Fills), (int)(counts.Wins - known.Wins),
                        (int)(counts.Losses - known.Losses), (int)(counts.Refusals - known.Refusals)),
                    _options.Risk.For(Account, strategy, ""), now);
            }
        }

        foreach (var (symbol, held) in _exposure.Symbols)
        {
            _memory.Working(symbol, held.Buying > 0m, held.Selling > 0m);
        }

        foreach (var symbol in before.Symbols.Keys.Where(symbol => !_exposure.Symbols.ContainsKey(symbol)))
        {
            _memory.Working(symbol, false, false);
        }
    }

    private ImmutableArray<BreakerDecision> BreakersAt(AccountValue value, DateTimeOffset now)
    {
        var limits = _options.Risk.For(Account, "", "");
        var decisions = ImmutableArray.CreateBuilder<BreakerDecision>();
        Add(Breakers.Drawdown(Account, value.Equity, _day?.Peak, limits));
        Add(Breakers.DailyLoss(Account, value.Equity, _day?.DayStart, limits));
        Add(venue.Watch(limits, now));
        foreach (var (strategy, flow) in _memory.Flows)
        {
            Add(Breakers.Repetition(strategy, flow));
            Add(Breakers.Streak(strategy, flow, now));
            Add(Breakers.OrderRate(strategy, flow.RateRefusals(now), _options.Risk.For(Account, strategy, ""), now));
        }

        return decisions.ToImmutable();

        void Add(BreakerDecision? decision)
        {
            if (decision is not null)
            {
                decisions.Add(decision);
            }
        }
    }

    private Instrument? InstrumentOf(string symbol) =>
        _options.InstrumentOf(symbol, prices.Find(symbol)?.AssetClass ?? AssetClass.Unknown);
}
