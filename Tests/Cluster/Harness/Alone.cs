using Xunit;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>Tests that measure time or start processes run one after the other, when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Tests of agents in processes of their own, which mostly wait: one after the other, beside those of the engine.</summary>
[CollectionDefinition(Name)]
public sealed class BesideOthers
{
    public const string Name = "beside others";
}
