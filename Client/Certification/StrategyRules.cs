using System.Globalization;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Client.Certification;

/// <summary>Judges what a strategy agent sent.</summary>
internal static class StrategyRules
{
    public const string Sent = "sent", Readable = "readable", Action = "action", Ids = "ids", Timestamps = "timestamps", Prices = "prices",
        Cut = "connection-lost", Restart = "restart";

    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OldestOfTierOne = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a price is the newest one: within it, two signals may well name the same.</summary>
    private static readonly TimeSpan SamePrice = TimeSpan.FromSeconds(0.5);

    /// <summary>The rules about signals as such.</summary>
    /// <param name="all">All signals.</param>
    /// <param name="wanted">How many were waited for at first.</param>
    /// <param name="first">How many of them came in time.</param>
    public static IEnumerable<RuleResult> Judge(IReadOnlyList<SeenSignal> all, int wanted, int first)
    {
        yield return first < wanted
            ? RuleResult.Fail(Sent, $"{first} of {wanted} signals in time")
            : RuleResult.Pass(Sent, $"{all.Count} signals");
        if (all.Count == 0)
        {
            yield break;
        }

        yield return RuleResult.Of(
            Readable,
            [
                .. all.Where(signal => signal.Error is not null && !signal.IsUnknownAction)
                    .Select(signal => $"{signal.Error!.Reason}: {signal.Error.Detail}"),
            ],
            "as the engine reads them");
        yield return RuleResult.Of(
            Action, [.. all.Where(signal => signal.IsUnknownAction).Select(signal => signal.Error!.Detail)],
            string.Join(", ", all.Select(signal => signal.Signal?.Action).OfType<SignalAction>().Distinct().Order()
                .Select(action => action.ToString().ToLowerInvariant())));
        var read = all.Where(signal => signal.Error is null).ToList();
        yield return JudgeIds([.. read.Where(signal => signal.Tier < 3)]);
        yield return RuleResult.Of(Timestamps, [.. read.Select(TimeFault).OfType<string>()], Ages(read));
        yield return JudgePrices(read);
    }

    /// <summary>The rules about going on after something broke: signals come again, and none comes a second time under another id.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="before">Signals until then.</param>
    /// <param name="after">Signals from then on.</param>
    /// <param name="wanted">How many were waited for.</param>
    /// <param name="hasNewPrices">True where the agent cannot know the prices of before any more: the same ones then tell a repetition.</param>
    public static RuleResult JudgeBreak(
        string rule, IReadOnlyList<SeenSignal> before, IReadOnlyList<SeenSignal> after, int wanted, bool hasNewPrices)
    {
        if (after.Count < wanted)
        {
            return RuleResult.Fail(rule, $"{after.Count} of {wanted} signals came after it");
        }

        var faults = new List<string>();
        foreach (var signal in after.Where(signal => signal.Signal is not null))
        {
            if (before.FirstOrDefault(earlier => earlier.Id != signal.Id && IsRepetition(earlier, signal, hasNewPrices)) is { } first)
            {
                faults.Add($"'{signal.Id}' repeats '{first.Id}' under another id");
            }
        }

        return RuleResult.Of(rule, faults, $"{after.Count} signals after it, none of them repeated");
    }

    private static bool IsRepetition(SeenSignal earlier, SeenSignal later, bool hasNewPrices) =>
        earlier.Signal is { } one && later.Signal is { } two && earlier.Tier == later.Tier
        && (one.Account, one.Strategy, one.Action, one.Symbol, one.Quantity, one.EntryPrice, one.StopLoss, one.TakeProfit)
            == (two.Account, two.Strategy, two.Action, two.Symbol, two.Quantity, two.EntryPrice, two.StopLoss, two.TakeProfit)
        && ((earlier.Time is not null && earlier.Time == later.Time)
            || (hasNewPrices && one.EntryPrice is not null && later.At - earlier.At > SamePrice));

    private static RuleResult JudgeIds(List<SeenSignal> signals)
    {
        var faults = new List<string>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var again = 0;
        foreach (var signal in signals)
        {
            if (signal.Id is not { } id)
            {
                faults.Add("a signal has no signal_id: sent again after a lost connection, it would be a second one");
            }
            else if (!known.TryAdd(id, signal.Text))
            {
                again++;
                if (known[id] != signal.Text)
                {
                    faults.Add($"'{id}' names two signals");
                }
            }
        }

        return RuleResult.Of(
            Ids, [.. faults.Distinct()],
            $"{known.Count} ids{(again > 0 ? $"; {again} signals were sent again as they were, which counts once" : "")}");
    }

    private static string? TimeFault(SeenSignal signal)
    {
        if (signal.Time is not { } time)
        {
            return "a signal has no timestamp";
        }

        var age = signal.At - time;
        return age > (signal.Tier == 1 ? OldestOfTierOne : Oldest) ? Invariant($"'{signal.Id}' was {age.TotalSeconds:0.0} s old when it came")
            : age < -MostAhead ? Invariant($"'{signal.Id}' lies {-age.TotalSeconds:0.0} s ahead")
            : null;
    }

    private static string Ages(List<SeenSignal> read) => read.Count == 0 || read.Exists(signal => signal.Time is null)
        ? ""
        : Invariant($"at most {read.Max(signal => (signal.At - signal.Time!.Value).TotalSeconds):0.0} s old when they came");

    private static RuleResult JudgePrices(List<SeenSignal> read)
    {
        var entries = read.Where(signal => signal.Signal?.Action is SignalAction.Buy or SignalAction.Sell).ToList();
        return entries.Count == 0
            ? RuleResult.NotOffered(Prices, "no buy and no sell was seen")
            : RuleResult.Of(Prices, [.. entries.Select(PriceFault).OfType<string>()],
                $"{entries.Count(entry => entry.Signal!.StopLoss is not null)} of {entries.Count} with a stop, each on its side");
    }

    private static string? PriceFault(SeenSignal seen)
    {
        var signal = seen.Signal!;
        var price = signal.EntryPrice ?? seen.Quote;
        var up = signal.Action == SignalAction.Buy ? 1 : -1;
        return signal.StopLoss is { } stop && up * (price - stop) <= 0m
                ? Invariant($"'{seen.Id}': a {signal.Action} at {price} has its stop at {stop}")
            : signal.TakeProfit is { } target && up * (target - price) <= 0m
                ? Invariant($"'{seen.Id}': a {signal.Action} at {price} has its target at {target}")
            : null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
