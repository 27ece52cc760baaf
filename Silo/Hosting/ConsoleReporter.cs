using System.Globalization;
using System.Threading.Channels;
using TradingEngine.Grains.Hosting;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Silo.Hosting;

/// <summary>Prints one line per event of trading, and counts them for the summaries. One per silo.</summary>
internal sealed class ConsoleReporter(FactHub facts, TextWriter output, bool printsEvents)
{
    /// <summary>Lines a second: nobody reads more, and at load they would cost more than the trading they tell of.</summary>
    private const int MostLines = 200;

    private readonly ChannelReader<TradingFact> _facts = facts.Listen();
    private long _second;
    private int _lines;
    private int _left;
    private decimal _pnl;
    private long _opened;
    private long _closed;
    private long _refused;

    /// <summary>Prints until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var fact in _facts.ReadAllAsync(cancellation))
            {
                Count(fact);
                if (printsEvents && fact.Kind != FactKind.PositionOpening)
                {
                    await PrintAsync(fact);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo ends.
        }
    }

    /// <summary>What was seen so far, in one line.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{_opened} opened, {_closed} closed, {_refused} refused, realised {_pnl:+0.00;-0.00;0.00}");

    private async Task PrintAsync(TradingFact fact)
    {
        var second = Environment.TickCount64 / 1000;
        if (second != _second)
        {
            if (_left > 0)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"... and {_left:N0} more events"));
            }

            (_second, _lines, _left) = (second, 0, 0);
        }

        if (_lines >= MostLines)
        {
            _left++;
            return;
        }

        _lines++;
        await output.WriteLineAsync(LineOf(fact));
    }

    private void Count(TradingFact fact)
    {
        switch (fact.Kind)
        {
            case FactKind.PositionOpened:
                _opened++;
                break;
            case FactKind.PositionClosed:
                _closed++;
                _pnl += fact.Pnl ?? 0m;
                break;
            case FactKind.SignalRejected or FactKind.PositionRejected:
                _refused++;
                break;
            case FactKind.PositionOpening or FactKind.PositionClosing or FactKind.OrderSent or FactKind.OrderFilled
                or FactKind.OrderEnded or FactKind.OrderUnknown or FactKind.Overfill or FactKind.ModeChanged
                or FactKind.DeadLettered or FactKind.CommissionUnknown or FactKind.LateFill
                or FactKind.FillRepriced or FactKind.ReconciliationBreak
                or FactKind.BreakerTripped or FactKind.StopMoved or FactKind.FeedStale or FactKind.CommandGiven
                or FactKind.MarketAnomaly or FactKind.AuditBroken:
                break;
            default:
                throw new InvalidOperationException($"Unknown fact {fact.Kind}.");
        }
    }

    private static string LineOf(TradingFact fact)
    {
        var (verb, detail) = fact.Kind switch
        {
            FactKind.PositionOpened => ("OPENED", $"{Amount(fact)} at {Price(fact)}"),
            FactKind.PositionClosing => ("EXIT", $"{fact.Reason} at {Price(fact)}"),
            FactKind.PositionClosed => ("CLOSED", $"{Amount(fact)} at {Price(fact)}  {fact.Reason}  P&L {Money(fact.Pnl)}"),
            FactKind.PositionRejected or FactKind.SignalRejected => ("REFUSED", fact.Reason ?? ""),
            FactKind.OrderSent => ("ORDER", $"{Amount(fact)} at {Price(fact)}  {fact.OrderId}"),
            FactKind.OrderFilled => ("FILL", $"{Amount(fact)} at {Price(fact)}  {fact.OrderId}"),
            FactKind.OrderEnded => ("ENDED", $"{fact.Reason}  {fact.OrderId}"),
            FactKind.OrderUnknown => ("UNKNOWN", $"no answer for {fact.OrderId}"),
            FactKind.Overfill => ("OVERFILL", $"{Amount(fact)} too much  {fact.OrderId}"),
            FactKind.LateFill => ("LATE FILL", $"{Amount(fact)} of an order that was {fact.Reason}  {fact.OrderId}"),
            FactKind.FillRepriced => ("PRICED", $"{Amount(fact)} at {Price(fact)}  {fact.OrderId}"),
            FactKind.ModeChanged => ("MODE", fact.Reason ?? ""),
            FactKind.CommissionUnknown => ("NO RATE", $"no rate for {fact.Reason}, not counted  {fact.OrderId}"),
            FactKind.ReconciliationBreak => ("BREAK", fact.Reason ?? ""),
            FactKind.BreakerTripped => ("BREAKER", fact.Reason ?? ""),
            FactKind.StopMoved => ("STOP", $"{fact.Reason} to {Price(fact)}"),
            FactKind.FeedStale => ("NO PRICE", fact.Reason ?? ""),
            FactKind.CommandGiven => ("COMMAND", fact.Reason ?? ""),
            FactKind.MarketAnomaly => ("ANOMALY", fact.Reason ?? ""),
            FactKind.AuditBroken => ("AUDIT", fact.Reason ?? ""),
            FactKind.DeadLettered => ("SET ASIDE", fact.Reason ?? ""),
            FactKind.PositionOpening => ("OPENING", Amount(fact)),
            _ => throw new InvalidOperationException($"Unknown fact {fact.Kind}."),
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{fact.Time:HH:mm:ss.fff}  {verb,-9} {fact.Symbol,-8} {fact.Strategy,-16} {detail}").TrimEnd();
    }

    private static string Amount(TradingFact fact) => string.Create(CultureInfo.InvariantCulture,
        $"{(fact.Side == Side.Sell ? "sell" : "buy")} {Plain(fact.Quantity)}");

    private static string Price(TradingFact fact) => fact.Price is null ? "market" : Plain(fact.Price);

    private static string Plain(decimal? value) => (value ?? 0m).ToString("0.########", CultureInfo.InvariantCulture);

    private static string Money(decimal? value) => (value ?? 0m).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
