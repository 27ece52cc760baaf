using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>
/// Leaves a breakout that failed: a close back inside the range within <c>bars</c> bars of the opening. The range's edge
/// is <c>level</c>, or (0) the Donchian channel of the <c>period</c> bars before the opening. One that succeeded is left by
/// target or trailing stop.
/// </summary>
public sealed class FailedBreakoutExit : IExitRule
{
    /// <summary>Reason it gives.</summary>
    public const string Reason = "breakout_failed";

    private const string Period = "period";
    private const string Bars = "bars";
    private const string Level = "level";

    /// <inheritdoc/>
    public string Name => "breakout";

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, decimal> Defaults { get; } =
        ImmutableSortedDictionary<string, decimal>.Empty.Add(Period, 20m).Add(Bars, 3m).Add(Level, 0m);

    /// <inheritdoc/>
    public bool DependsOnOpening => true;

    /// <inheritdoc/>
    public string? Refuse(IReadOnlyDictionary<string, decimal> parameters) =>
        ParameterCheck.Period(parameters, Period) ?? ParameterCheck.Period(parameters, Bars)
        ?? (parameters[Level] >= 0m ? null : "level must not be negative");

    /// <inheritdoc/>
    public IExitWatch Watch(ExitContext context) => new Range(context);

    private sealed class Range(ExitContext context) : IExitWatch
    {
        private readonly DonchianChannel _channel = new(context.Count(Period));
        private readonly int _bars = context.Count(Bars);
        private decimal? _edge = context.Parameters[Level] is > 0m and var level ? level : null;

        public string? Judge(MarketUpdate bar)
        {
            if (bar.Time <= context.OpenedAt)
            {
                _channel.Update(bar.Bar!);
                return null;
            }

            // By time and not by count, so that bars which were missed, by a restart say, do not make the wait longer.
            // The bar of the opening's minute is the first.
            if (bar.Time > context.OpenedAt + (_bars * bar.Bar!.Interval))
            {
                return null;
            }

            _edge ??= context.Side == Side.Buy ? _channel.Value?.Upper : _channel.Value?.Lower;
            return context.Side == Side.Buy ? bar.Bar.Close < _edge ? Reason : null
                : bar.Bar.Close > _edge ? Reason : null;
        }
    }
}
