namespace TradingEngine.Trading.Risk;

/// <summary>
/// The decisions that orders carry which take no risk. What they are checked for is made so: their quantity where they are
/// built, mode, store and repetition in the commit. Those of entries are <see cref="RiskProfile.EntryStamp"/>.
/// </summary>
public static class RiskStamps
{
    /// <summary>Of an order that reduces or closes.</summary>
    public static string Exit { get; } = "exit " + RiskChecks.Text(RiskChecks.Of(OrderClass.Exit, false));

    /// <summary>Of an order that withdraws another.</summary>
    public static string Cancel { get; } = "cancel " + RiskChecks.Text(RiskChecks.Of(OrderClass.Cancel, false));
}
