using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Trading.Simulation;

/// <summary>
/// The strategies the engine brings: a crossing of means, a return to the mean and a breakout. They show the engine at
/// work and claim no profit.
/// </summary>
public static class DemoStrategies
{
    /// <summary>Fast mean crosses the slow one.</summary>
    public const string Trend = "trend_following";

    /// <summary>Price far from its mean.</summary>
    public const string MeanReversion = "mean_reversion";

    /// <summary>Price leaves the channel of the last bars.</summary>
    public const string Breakout = "breakout";

    /// <summary>Registers them.</summary>
    public static void AddTo(StrategyRegistry registry, DemoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        options ??= new DemoOptions();
        registry.Add(Trend, context => new DemoTrend(context, options));
        registry.Add(MeanReversion, context => new DemoReversion(context, options));
        registry.Add(Breakout, context => new DemoBreakout(context, options));
    }
}

/// <summary>Goes with the fast mean when it crosses the slow one.</summary>
internal sealed class DemoTrend(StrategyContext context, DemoOptions options)
    : BarStrategy(DemoStrategies.Trend, context, options)
{
    private readonly ExponentialMovingAverage _fast = new(options.FastPeriod);
    private readonly ExponentialMovingAverage _slow = new(options.SlowPeriod);
    private int _trend;

    /// <inheritdoc/>
    protected override StrategyIdea? Look(Bar bar)
    {
        _fast.Update((double)bar.Close);
        _slow.Update((double)bar.Close);
        if (_fast.Value - _slow.Value is not { } gap || Range is not { } range)
        {
            return null;
        }

        var (before, trend) = (_trend, Math.Sign(gap));
        _trend = trend != 0 ? trend : before;
        return trend != 0 && before == -trend ? new StrategyIdea(SideOf(gap), Math.Abs(gap) / range) : null;
    }
}

/// <summary>Goes against a price that is far from its mean, where the RSI agrees.</summary>
internal sealed class DemoReversion(StrategyContext context, DemoOptions options)
    : BarStrategy(DemoStrategies.MeanReversion, context, options)
{
    private readonly RelativeStrengthIndex _strength = new(options.StrengthPeriod);
    private readonly ZScore _score = new(options.ReversionPeriod);

    /// <inheritdoc/>
    protected override StrategyIdea? Look(Bar bar)
    {
        _strength.Update((double)bar.Close);
        _score.Update((double)bar.Close);
        return _score.Value is { } score && Math.Abs(score) >= options.ReversionScore
            && (score > 0d ? _strength.Value >= 60d : _strength.Value <= 40d)
            ? new StrategyIdea(SideOf(-score), Math.Abs(score) - options.ReversionScore)
            : null;
    }
}

/// <summary>Goes with a close outside the channel of the bars before.</summary>
internal sealed class DemoBreakout(StrategyContext context, DemoOptions options)
    : BarStrategy(DemoStrategies.Breakout, context, options)
{
    private readonly DonchianChannel _channel = new(options.BreakoutPeriod);

    /// <inheritdoc/>
    protected override StrategyIdea? Look(Bar bar)
    {
        var before = _channel.Value;
        _channel.Update(bar);
        if (before is not { } channel || Range is not { } range)
        {
            return null;
        }

        var beyond = (double)(bar.Close > channel.Upper ? bar.Close - channel.Upper
            : bar.Close < channel.Lower ? bar.Close - channel.Lower : 0m);
        return beyond == 0d ? null : new StrategyIdea(SideOf(beyond), Math.Abs(beyond) / range);
    }
}
