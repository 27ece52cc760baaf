namespace TradingEngine.Client.Certification;

/// <summary>What came of a rule.</summary>
internal enum RuleOutcome
{
    /// <summary>Kept.</summary>
    Pass = 1,

    /// <summary>Broken, or nothing was seen that shows it is kept.</summary>
    Fail = 2,

    /// <summary>The rule is about something the agent need not do and does not.</summary>
    NotOffered = 3,
}

/// <summary>A rule and what was seen of it.</summary>
/// <param name="Rule">Its name, as in docs/certification.md.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Seen">What was seen, for people.</param>
internal sealed record RuleResult(string Rule, RuleOutcome Outcome, string Seen)
{
    private const int MostNamed = 3;

    /// <summary>Kept.</summary>
    public static RuleResult Pass(string rule, string seen) => new(rule, RuleOutcome.Pass, seen);

    /// <summary>Broken.</summary>
    public static RuleResult Fail(string rule, string seen) => new(rule, RuleOutcome.Fail, seen);

    /// <summary>Not offered.</summary>
    public static RuleResult NotOffered(string rule, string seen) => new(rule, RuleOutcome.NotOffered, seen);

    /// <summary>Broken where there are faults, of which the first few are named; else kept.</summary>
    public static RuleResult Of(string rule, IReadOnlyList<string> faults, string kept) => faults.Count == 0
        ? Pass(rule, kept)
        : Fail(rule, string.Join("; ", faults.Take(MostNamed))
            + (faults.Count > MostNamed ? $"; and {faults.Count - MostNamed} more" : ""));
}
