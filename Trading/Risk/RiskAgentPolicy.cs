namespace TradingEngine.Trading.Risk;

/// <summary>Which entries a risk agent outside is asked about.</summary>
public enum RiskAgentScope
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Those of tier 2 and slower: tier 1 has no time for a question.</summary>
    StrategySignals = 1,

    /// <summary>All.</summary>
    All = 2,
}

/// <summary>What becomes of an entry that a risk agent said nothing of in time.</summary>
public enum RiskAgentSilence
{
    /// <summary>It is refused.</summary>
    Refuse = 0,

    /// <summary>It goes on: the engine's own checks passed it.</summary>
    Allow = 1,
}

/// <summary>What a risk agent said of one entry.</summary>
/// <param name="IsApproved">True where it lets it pass; null where it said nothing in time.</param>
/// <param name="Agent">Who answered; null where that is not known.</param>
/// <param name="Reason">Why, in its words; null where it gave none.</param>
public sealed record RiskVerdict(bool? IsApproved, string? Agent = null, string? Reason = null)
{
    /// <summary>Nothing was said in time.</summary>
    public static RiskVerdict Silent { get; } = new((bool?)null);
}

/// <summary>
/// An agent outside may have the last word on entries that passed every check. It can only refuse: what the checks refused it is never asked
/// about. Exits and cancels are not asked about either.
/// </summary>
public sealed record RiskAgentPolicy
{
    private const int FirstStrategyTier = 2;

    /// <summary>Nobody is asked.</summary>
    public static RiskAgentPolicy Default { get; } = new();

    /// <summary>Which entries it is asked about.</summary>
    public RiskAgentScope Asks { get; init; }

    /// <summary>How long its answer is waited for; the strategy's next signals wait with it, others do not.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What its silence means.</summary>
    public RiskAgentSilence OnSilence { get; init; }

    /// <summary>True where it is asked about entries of a tier.</summary>
    /// <param name="tier">1 to 4, or that of a further tier.</param>
    public bool IsAsked(int tier) => Asks switch
    {
        RiskAgentScope.None => false,
        RiskAgentScope.StrategySignals => tier >= FirstStrategyTier,
        RiskAgentScope.All => true,
        _ => throw new InvalidOperationException($"Not a scope: {Asks}."),
    };

    /// <summary>What a verdict means for its entry: why it is refused, or what its orders carry beside the engine's own decision.</summary>
    public (RejectReason Reject, string Stamp) Decide(RiskVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict.IsApproved switch
        {
            true => (RejectReason.None, $"agent {verdict.Agent ?? "unnamed"}"),
            false => (RejectReason.RiskAgentRefused, ""),
            null when OnSilence == RiskAgentSilence.Allow => (RejectReason.None, "agent silent"),
            null => (RejectReason.RiskAgentSilent, ""),
        };
    }
}
