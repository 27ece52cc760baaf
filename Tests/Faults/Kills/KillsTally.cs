using System.Globalization;

namespace TradingEngine.Tests.Faults.Kills;

/// <summary>What came of the signals of a run.</summary>
/// <param name="Store">Store.</param>
/// <param name="Kills">Times the silo was killed.</param>
/// <param name="Sent">Signals sent, each with an id of its own.</param>
/// <param name="Lost">Signals without an order, a refusal or a dead letter.</param>
/// <param name="Doubled">What a signal had of these beyond the first; an order seen twice is two.</param>
/// <param name="Held">Lots the engine says it holds.</param>
/// <param name="Expected">Lots that were filled.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Expiry">What came of those that were too old, in words; null where none could be.</param>
/// <param name="Late">Orders from signals that were too old.</param>
internal sealed record KillsTally(
    StoreUnderTest Store, int Kills, int Sent, int Lost, int Doubled, decimal Held, decimal Expected, TimeSpan Elapsed,
    string? Expiry = null, int Late = 0)
{
    public bool IsClean => Lost == 0 && Doubled == 0 && Held == Expected && Late == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Store.ToString().ToLowerInvariant(),-9} {Kills} kills, {Sent} signals: {Lost} lost, {Doubled} doubled, "
        + $"quantity {Held:0.########} of {Expected:0.########}, {(Expiry is null ? "" : Expiry + ", ")}{Elapsed.TotalSeconds:0} s{(IsClean ? "" : "  WRONG")}");
}
