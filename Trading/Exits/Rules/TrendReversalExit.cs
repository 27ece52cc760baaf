using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>
/// Leaves a trend when it reverses: when the fast exponential mean of closes crosses the slow one against the position. Means
/// that only touch have not crossed. A position opened with the means already crossed waits for the next crossing.
/// </summary>
public sealed class TrendReversalExit : IExitRule
{
    /// <summary>Reason it gives.</summary>
    public const string Reason = "trend_reversal";

    private const string Fast = "fast";
    private const string Slow = "slow";

    // Part of the price by which means that are equal may differ in doubles: in a flat market that is no crossing.
    private const double Tie = 1e-12;

    /// <inheritdoc/>
    public string Name => "trend";

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, decimal> Defaults { get; } =
        ImmutableSortedDictionary<string, decimal>.Empty.Add(Fast, 12m).Add(Slow, 26m);

    /// <inheritdoc/>
    public bool DependsOnOpening => false;

    /// <inheritdoc/>
    public string? Refuse(IReadOnlyDictionary<string, decimal> parameters) =>
        ParameterCheck.Period(parameters, Fast) ?? ParameterCheck.Period(parameters, Slow)
        ?? (parameters[Fast] < parameters[Slow] ? null : "fast must be below slow");

    /// <inheritdoc/>
    public IExitWatch Watch(ExitContext context) => new Means(context);

    private sealed class Means(ExitContext context) : IExitWatch
    {
        private readonly ExponentialMovingAverage _fast = new(context.Count(Fast));
        private readonly ExponentialMovingAverage _slow = new(context.Count(Slow));
        private bool _wasAhead;

        public string? Judge(MarketUpdate bar)
        {
            _fast.Update((double)bar.Bar!.Close);
            _slow.Update((double)bar.Bar.Close);
            if (_fast.Value is not { } fast || _slow.Value is not { } slow)
            {
                return null;
            }

            var lead = context.Side == Side.Buy ? fast - slow : slow - fast;
            lead = Math.Abs(lead) <= Tie * Math.Abs(slow) ? 0d : lead;
            var crossed = _wasAhead && lead < 0d;
            _wasAhead = lead > 0d || (_wasAhead && lead == 0d);
            return crossed ? Reason : null;
        }
    }
}
