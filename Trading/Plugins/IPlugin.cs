using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Trading.Plugins;

/// <summary>
/// The way in for a plug-in: one public class of its assembly, with a constructor without parameters. Its code runs in the
/// silo with all the silo's rights.
/// </summary>
public interface IPlugin
{
    /// <summary>Registers what the plug-in brings. Called once, before the silo starts; what it throws ends the start.</summary>
    void Register(PluginRegistry registry);
}

/// <summary>Where a plug-in registers what it brings.</summary>
/// <param name="strategies">Strategies that run inside the cluster.</param>
public sealed class PluginRegistry(StrategyRegistry strategies)
{
    /// <summary>Strategies that run inside the cluster, the engine's own among them.</summary>
    public StrategyRegistry Strategies => strategies;

    /// <summary>Exits that look at bars, the engine's own among them.</summary>
    public ExitRegistry Exits { get; } = ExitRegistry.Default;

    /// <summary>Jobs of further tiers, the engine's own among them.</summary>
    public TierJobRegistry Jobs { get; } = TierJobRegistry.Default;
}
