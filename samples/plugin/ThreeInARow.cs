using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Plugins;
using TradingEngine.Trading.Strategies;

namespace SamplePlugin;

/// <summary>The plug-in: names what it brings.</summary>
public sealed class Plugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Strategies.Add(ThreeInARow.Key, context => new ThreeInARow(context));
        registry.Jobs.Register(new LeaveOldPositions());
    }
}

/// <summary>Buys after three closes each above the last, sells after three below. An example, not a way to profit.</summary>
public sealed class ThreeInARow(StrategyContext context)
    : BarStrategy(Key, context, new BarStrategyOptions { CooldownBars = 60 })
{
    /// <summary>Name that its positions and statistics go by.</summary>
    public const string Key = "three_in_a_row";

    private decimal? _last;
    private int _row;

    /// <inheritdoc/>
    protected override StrategyIdea? Look(Bar bar)
    {
        var step = _last is { } last ? decimal.Sign(bar.Close - last) : 0;
        _row = step == 0 ? 0 : step == Math.Sign(_row) ? _row + step : step;
        _last = bar.Close;
        return Math.Abs(_row) < 3 ? null : new StrategyIdea(_row > 0 ? Side.Buy : Side.Sell, Math.Abs(_row) - 2);
    }
}
