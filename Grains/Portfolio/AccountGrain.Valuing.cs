using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Portfolio;

/// <content>What the account is worth: rates, session day and peak.</content>
public sealed partial class AccountGrain
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, DateTimeOffset> _askedAt = new(StringComparer.Ordinal);
    private AccountDay? _day;
    private AccountDay? _writtenDay;
    private long _dayVersion;

    private string DayKey => "account/" + Account;

    private AccountValue ValueAt(AccountTerms terms, DateTimeOffset now) => AccountValue.Of(
        _exposure, terms,
        new ValuationSources(InstrumentOf, prices.Find, currency => RateOf(currency, now), _options.Risk.GroupOf));

    private decimal? RateOf(string? currency, DateTimeOffset now)
    {
        var rate = prices.RateOf(currency, _options.TermsOf(Account).Currency, _options.Risk.General.MaxRateAge, now);
        return rate.IsKnown ? rate.Rate : null;
    }

    private IEnumerable<string> CurrenciesHeld() => _exposure.Symbols.Keys
        .Select(symbol => InstrumentOf(symbol)?.SettlementCurrency ?? "").Concat(_exposure.Realized.Keys).Distinct();

    private Task AskForRatesAsync(IEnumerable<EntryRequest> entries, DateTimeOffset now) => AskForRatesAsync(
        entries.SelectMany(entry => entry.Legs.Select(leg => leg.Terms.SettlementCurrency).Append(entry.Instrument?.SettlementCurrency))
            .Concat(CurrenciesHeld()).OfType<string>().Distinct(),
        now);

    /// <summary>Asks the instruments of other silos for rates that none of this one gives, once a second at most.</summary>
    private async Task AskForRatesAsync(IEnumerable<string> currencies, DateTimeOffset now)
    {
        var own = _options.TermsOf(Account).Currency;
        foreach (var currency in currencies.Where(currency => currency.Length > 0 && currency != own).ToList())
        {
            if (RateOf(currency, now) is not null
                || (_askedAt.TryGetValue(currency, out var asked) && now - asked < AskAgainAfter))
            {
                continue;
            }

            _askedAt[currency] = now;
            foreach (var pair in (string[])[currency + own, own + currency])
            {
                if (InstrumentCatalog.Default.Find(pair) is { } instrument
                    && await GrainFactory.GetGrain<IInstrumentGrain>(pair).GetPriceAsync() is { IsKnown: true } price)
                {
                    prices.SetRate(instrument, price);
                }
            }
        }
    }

    private async Task ReadDayAsync()
    {
        var record = await _partition.ReadAsync(DayKey);
        _dayVersion = record?.Version ?? 0;
        _day = record is null ? null : DomainJson.ReadAccountDay(record.Data.Span);
        _writtenDay = _day;
    }

    /// <summary>Moves the session day and the peak on, and writes them where that is worth it. By the terms that the value was found with.</summary>
    private async Task KeepDayAsync(AccountTerms terms, AccountValue value, DateTimeOffset now)
    {
        if (value.Equity is not { } equity)
        {
            return;
        }

        _day = AccountDay.After(_day, terms.Equity, equity, SessionDay.Of(now));
        if (!_day.IsWorthWriting(_writtenDay))
        {
            return;
        }

        var written = _day;
        var results = await _partition.CommitAsync(
            [new Commit { Records = [new RecordWrite(DayKey, _dayVersion, DomainJson.Write(written))] }]);
        if (results[0].Outcome == CommitOutcome.Committed)
        {
            (_writtenDay, _dayVersion) = (written, _dayVersion + 1);
        }
        else
        {
            // Another activation wrote it, or the outcome of an earlier write was not known.
            await ReadDayAsync();
        }
    }
}
