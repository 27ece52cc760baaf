using System.Collections.Immutable;
using TradingEngine.Trading.Alerts;

namespace TradingEngine.Grains.Interfaces.Alerts;

/// <summary>Tells people: one in a cluster, so that what several silos see is told once. Keyed by partition.</summary>
[GrainInterfaceType("te.alert"), Alias("te.IAlertGrain")]
public interface IAlertGrain : IGrainWithStringKey
{
    /// <summary>Takes what a silo saw; what is told of it is on its way when this returns.</summary>
    [Alias("Raise")]
    Task RaiseAsync(ImmutableArray<Alert> alerts);
}
