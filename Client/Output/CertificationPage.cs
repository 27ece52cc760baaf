using TradingEngine.Client.Certification;

namespace TradingEngine.Client.Output;

/// <summary>The rules of a certification, for people.</summary>
internal static class CertificationPage
{
    /// <summary>A row for each rule.</summary>
    public static TextTable Rules(IEnumerable<RuleResult> results)
    {
        var table = new TextTable(new Column("rule"), new Column("result"), new Column("seen"));
        foreach (var result in results)
        {
            table.Add(result.Rule, Outcome(result.Outcome), result.Seen);
        }

        return table;
    }

    private static Cell Outcome(RuleOutcome outcome) => outcome switch
    {
        RuleOutcome.Pass => new Cell("pass", "green"),
        RuleOutcome.Fail => new Cell("FAIL", "red"),
        RuleOutcome.NotOffered => new Cell("not offered", "grey"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };
}
