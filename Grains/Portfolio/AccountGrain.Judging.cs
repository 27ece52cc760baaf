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
        var further = RiskOrders.FurtherLegsOf(entry, order, currency => RateOf(currency, now));
        var decision = RiskChain.Judge(
            order, FactsOf(entry, new LegMarket(signal.Symbol, entry.Instrument, entry.Price), group, value, now), limits, _memory, now);
        for (var i = 0; i < further.Length && decision == RejectReason.None; i++)
        {
            var market = MarketOf(entry, further[i].Symbol);
            var facts = FactsOf(entry, market, risk.GroupOf(market.Symbol, market.Instrument), value, now);
            decision = RiskChain.JudgeLeg(further[i], facts, risk.For(Account, signal.Strategy, market.Symbol), _memory, now);
        }

        if (!isAskedAgain)
        {
            _memory.Note(order, decision, limits, now);
        }

        if (decision == RejectReason.None)
        {
            var reserved = ReservedOf(order, entry.Instrument, group, now) with
            {
                Orders = order.Orders,
                OpensPosition = order.OpensPosition,
            };
            _reserved.Add(request.Id, reserved, further.IsEmpty ? [] :
            [
                .. further.Select(leg => (Leg: leg, MarketOf(entry, leg.Symbol).Instrument))
                    .Select(item => ReservedOf(item.Leg, item.Instrument, risk.GroupOf(item.Leg.Symbol, item.Instrument), now)),
            ]);
        }

        return decision;
    }

    /// <summary>What an entry binds in the instrument of an order.</summary>
    private static ReservedEntry ReservedOf(in RiskOrder order, Instrument? instrument, string? group, DateTimeOffset now)
    {
        var (buys, sells) = (order.SymbolBuys ?? order.BuyNotional ?? 0m, order.SymbolSells ?? order.SellNotional ?? 0m);
        return new ReservedEntry(
            order.Symbol, buys, sells, order.Tier, group, (buys + sells) * (instrument?.MarginRate ?? 1m), Orders: 0, OpensPosition: false, now);
    }

    private static LegMarket MarketOf(EntryRequest entry, string symbol) =>
        entry.Markets.FirstOrDefault(market => market.Symbol == symbol) ?? new LegMarket(symbol, null, PriceView.None);

    private RiskFacts FactsOf(EntryRequest entry, LegMarket market, string? group, AccountValue value, DateTimeOffset now)
    {
        var symbol = market.Symbol;
        var (bid, ask) = _memory.LevelsOf(symbol);
        return new RiskFacts
        {
            // Mode, halts, fence and repetition are the commit's to decide: what was read before could be old by then.
            Mode = EngineMode.Running,
            IsReady = true,
            Instrument = market.Instrument,
            IsSessionOpen = entry.IsSessionOpen,
            SessionEnd = entry.SessionEnd,
            Price = market.Price,
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
