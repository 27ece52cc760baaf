using System.Globalization;

namespace TradingEngine.Tests.Faults.Kills;

/// <summary>What came of the signals of a run.</summary>
/// <param name="Store">Store.</param>
/// <param name="Kills">Times the silo was killed.</param>
/// <param name="Sent">Signals sent, each with an id of its own.</param>
/// <param name="Lost">Signals without an order.</param>
/// <param name="Doubled">Orders beyond the first of a signal, or seen twice.</param>
/// <param name="Held">Lots the engine says it holds.</param>
/// <param name="Expected">Lots that were filled.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record KillsTally(
    StoreUnderTest Store, int Kills, int Sent, int Lost, int Doubled, decimal Held, decimal Expected, TimeSpan Elapsed)
{
    public bool IsClean => Lost == 0 && Doubled == 0 && Held == Expected;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Store.ToString().ToLowerInvariant(),-9} {Kills} kills, {Sent} signals: {Lost} lost, {Doubled} doubled, "
        + $"quantity {Held:0.########} of {Expected:0.########}, {Elapsed.TotalSeconds:0} s{(IsClean ? "" : "  WRONG")}");
}
