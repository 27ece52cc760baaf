using Xunit;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>Tests that measure time or start processes run one after the other, when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
