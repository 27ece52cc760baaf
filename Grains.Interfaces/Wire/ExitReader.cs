using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Exits.Rules;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads the exits of a signal beyond stop and target.</summary>
internal static class ExitReader
{
    private const decimal MaxSeconds = 366m * 24m * 3600m;
    private const string Parameters = "exit_parameters";

    /// <summary>The exits that a signal asks for.</summary>
    /// <exception cref="WireFieldException">One of them is not what it must be.</exception>
    public static ExitPlan Read(WireObject message)
    {
        var plan = ExitPlan.None with
        {
            Trailing = Trailing(message),
            BreakEven = BreakEven(message),
            TimeStop = message.Positive("time_stop") is { } seconds
                ? TimeSpan.FromTicks((long)(Within(seconds, MaxSeconds, "time_stop") * TimeSpan.TicksPerSecond))
                : null,
            EndOfSession = message.Flag("end_of_session") ? true : null,
            Strategy = Strategy(message),
        };
        return plan.IsEmpty ? ExitPlan.None : plan;
    }

    private static TrailingStop? Trailing(WireObject message)
    {
        TrailingStop?[] given =
        [
            message.Positive("trailing_stop") is { } price ? new(TrailingUnit.Price, price) : null,
            message.Positive("trailing_stop_pct") is { } percent
                ? new(TrailingUnit.Percent, Within(percent, 99.99m, "trailing_stop_pct")) : null,
            message.Positive("trailing_stop_atr") is { } ranges
                ? new(TrailingUnit.AverageTrueRange, Within(ranges, 1_000m, "trailing_stop_atr")) : null,
        ];
        return given.Count(one => one is not null) > 1
            ? throw new WireFieldException("trailing_stop", "given twice", "in one of price, pct and atr")
            : Array.Find(given, one => one is not null);
    }

    private static BreakEven? BreakEven(WireObject message)
    {
        if (message.Positive("break_even") is not { } trigger)
        {
            return null;
        }

        var offset = message.Number("break_even_offset") ?? 0m;
        return offset < trigger && offset >= -WireObject.MaxAmount
            ? new BreakEven(trigger, offset)
            : throw new WireFieldException("break_even_offset", Spell(offset), $"below break_even, {Spell(trigger)}");
    }

    private static StrategyExit? Strategy(WireObject message)
    {
        if (message.Text("exit_rule") is not { } name)
        {
            return null;
        }

        name = name.ToLowerInvariant();
        var rule = ExitRegistry.Default.Find(name)
            ?? throw new WireFieldException("exit_rule", name, $"one of {string.Join(", ", ExitRegistry.Default.Names)}");
        var given = ImmutableSortedDictionary<string, decimal>.Empty;
        if (message.Object(Parameters) is { } parameters)
        {
            foreach (var field in parameters.Names)
            {
                if (!rule.Defaults.ContainsKey(field))
                {
                    throw new WireFieldException(Parameters, field, $"of {string.Join(", ", rule.Defaults.Keys)}");
                }

                given = parameters.Number(field) is { } value ? given.Add(field, value) : given;
            }
        }

        return rule.Refuse(rule.Defaults.SetItems(given)) is { } refusal
            ? throw new WireFieldException(Parameters, "refused", refusal)
            : new StrategyExit(name, given);
    }

    private static decimal Within(decimal value, decimal most, string field) =>
        value <= most ? value : throw new WireFieldException(field, Spell(value), $"at most {Spell(most)}");

    private static string Spell(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
