namespace TradingEngine.Agents.Feeds;

/// <summary>The simulated feed: one in the cluster. Keyed by partition.</summary>
[GrainInterfaceType("te.simulated-feed"), Alias("te.ISimulatedFeedGrain")]
public interface ISimulatedFeedGrain : IGrainWithStringKey
{
    /// <summary>Starts it; harmless when it runs.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
