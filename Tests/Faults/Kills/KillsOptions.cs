namespace TradingEngine.Tests.Faults.Kills;

/// <summary>Which store is put to the test.</summary>
internal enum StoreUnderTest
{
    Embedded,
    Lists,
    Streams,
}

/// <summary>What a run of kills does.</summary>
/// <param name="Stores">Stores, one after the other; kills and signals are shared among them.</param>
/// <param name="Kills">How often the silo is killed.</param>
/// <param name="Signals">Signals sent.</param>
/// <param name="Seed">Decides when each kill comes.</param>
/// <param name="Victim">What is killed.</param>
/// <param name="Expires">Signals have a time, and those that were too old when they were handled must have no order.</param>
internal sealed record KillsOptions(
    IReadOnlyList<StoreUnderTest> Stores, int Kills, int Signals, int Seed, KillTarget Victim, bool Expires);

/// <summary>What is killed.</summary>
internal enum KillTarget
{
    Silo,
    Redis,
}
