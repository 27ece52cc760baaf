using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Sizing;

/// <summary>A size, or why there is none.</summary>
/// <param name="Lots">Lots on the instrument's step; 0 where refused.</param>
/// <param name="Reject">Why not.</param>
public readonly record struct SizedQuantity(decimal Lots, RejectReason Reject);

/// <summary>
/// Finds how many lots an entry has: the method's size, times the strategy's weight, rounded down to the step in one place.
/// Rounding up would take more risk than was decided; what is below the least quantity or notional is refused and not raised.
/// Pure.
/// </summary>
public static class PositionSizer
{
    /// <summary>Sizes an entry.</summary>
    public static SizedQuantity Size(SizingRule rule, in SizingInput input, Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(instrument);
        if (input.Price <= 0m || input.Weight < 0m)
        {
            return new(0m, RejectReason.InvalidField);
        }

        if (rule.Method == SizingMethod.Fixed)
        {
            return Round(input.Quantity * input.Weight, input.Price, instrument);
        }

        if (input.Rate is not { } rate || rate <= 0m || input.Equity is not { } equity)
        {
            return new(0m, RejectReason.NoRate);
        }

        var lot = instrument.NotionalOf(1m, input.Price) * rate;
        decimal? lots = rule.Method switch
        {
            SizingMethod.PercentOfEquity => rule.Share * equity / lot,
            SizingMethod.RiskPerTrade => LossOfLot(input, instrument) is { } loss ? rule.Share * equity / (loss * rate) : null,
            SizingMethod.VolatilityTarget => input.Volatility > 0m
                ? Math.Min(rule.Share / input.Volatility.Value, rule.MaxShare) * equity / lot
                : null,
            SizingMethod.Kelly => KellyOf(input) is { } kelly
                ? Math.Min(kelly * rule.KellyPart, rule.MaxShare) * equity / lot
                : null,
            SizingMethod.Fixed => throw new InvalidOperationException("A fixed size was found above."),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Method, "Not a method."),
        };
        return lots is null ? new(0m, RejectReason.NoSize) : Round(lots.Value * input.Weight, input.Price, instrument);
    }

    /// <summary>Lots rounded down to the step; refused where that is below the least quantity or the least notional.</summary>
    public static SizedQuantity Round(decimal lots, decimal price, Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var rounded = instrument.FloorToStep(Math.Max(0m, lots));
        return rounded <= 0m || rounded < instrument.MinQuantity ? new(0m, RejectReason.NoSize)
            : instrument.NotionalOf(rounded, price) < instrument.MinNotional ? new(0m, RejectReason.MinNotional)
            : new(rounded, RejectReason.None);
    }

    /// <summary>
    /// The share of equity that makes wealth grow fastest when a win pays b times a loss and comes with probability p:
    /// p − (1 − p) / b (J. L. Kelly, A New Interpretation of Information Rate, 1956). At most 0 where nothing is to be won.
    /// </summary>
    /// <param name="winRate">Probability of a win, 0 to 1.</param>
    /// <param name="payOff">Average win over average loss, positive.</param>
    public static decimal KellyFraction(decimal winRate, decimal payOff) => winRate - ((1m - winRate) / payOff);

    private static decimal? KellyOf(in SizingInput input) =>
        input.WinRate is { } rate and >= 0m and <= 1m && input.PayOff is { } payOff and > 0m ? KellyFraction(rate, payOff) : null;

    /// <summary>What one lot loses from the price to the stop, in the settlement currency; null without a stop that is apart.</summary>
    private static decimal? LossOfLot(in SizingInput input, Instrument instrument)
    {
        if (input.StopLoss is not { } stop || stop <= 0m || stop == input.Price)
        {
            return null;
        }

        var distance = Math.Abs(input.Price - stop);
        return instrument.IsInverse
            ? instrument.ContractSize * distance / input.Price / stop
            : instrument.ContractSize * distance;
    }
}
