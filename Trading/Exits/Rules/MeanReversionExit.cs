using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>
/// Leaves when the close is back at its moving mean, or its z-score within <c>near</c> of it; and, at a loss, when the
/// score diverges to <c>stop</c> or beyond against the position (0 for never). Where all closes of the window are equal, the mean
/// has come to the price: it is back.
/// </summary>
public sealed class MeanReversionExit : IExitRule
{
    /// <summary>Reason when the price is back.</summary>
    public const string Reached = "mean_reached";

    /// <summary>Reason when it went further away.</summary>
    public const string Diverged = "mean_diverged";

    private const string Period = "period";
    private const string Near = "near";
    private const string Stop = "stop";

    // A score that is exactly at a limit may miss it in doubles by its last bits.
    private const double Tie = 1e-9;

    /// <inheritdoc/>
    public string Name => "mean_reversion";

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, decimal> Defaults { get; } =
        ImmutableSortedDictionary<string, decimal>.Empty.Add(Period, 20m).Add(Near, 0m).Add(Stop, 4m);

    /// <inheritdoc/>
    public bool DependsOnOpening => false;

    /// <inheritdoc/>
    public string? Refuse(IReadOnlyDictionary<string, decimal> parameters) =>
        ParameterCheck.Period(parameters, Period, 2)
        ?? (parameters[Near] is >= 0m and <= 100m ? null : "near must be between 0 and 100")
        ?? (parameters[Stop] == 0m || (parameters[Stop] > parameters[Near] && parameters[Stop] <= 100m)
            ? null
            : "stop must be 0, or above near and at most 100");

    /// <inheritdoc/>
    public IExitWatch Watch(ExitContext context) => new Score(context);

    private sealed class Score(ExitContext context) : IExitWatch
    {
        private readonly ZScore _score = new(context.Count(Period));
        private readonly double _near = (double)context.Parameters[Near];
        private readonly double _stop = (double)context.Parameters[Stop];

        public string? Judge(MarketUpdate bar)
        {
            _score.Update((double)bar.Bar!.Close);
            if (!_score.IsReady)
            {
                return null;
            }

            var score = _score.Value ?? 0d;
            // Positive in favour: a long waits below the mean for the price to rise to it.
            var towards = context.Side == Side.Buy ? score : -score;
            return towards >= -_near - Tie ? Reached : _stop > 0d && towards <= -_stop + Tie ? Diverged : null;
        }
    }
}
