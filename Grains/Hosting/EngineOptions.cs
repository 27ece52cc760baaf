using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Grains.Hosting;

/// <summary>What the grains are configured with.</summary>
public sealed class EngineOptions
{
    /// <summary>Partition they serve.</summary>
    public string Partition { get; init; } = StreamNames.DefaultPartition;

    /// <summary>Starting equity of every account, in its currency.</summary>
    public decimal Equity { get; init; } = 100_000m;

    /// <summary>Currency of every account.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>What accounts start with that differ from <see cref="Equity"/> and <see cref="Currency"/>.</summary>
    public ImmutableDictionary<string, AccountTerms> Accounts { get; init; } = ImmutableDictionary<string, AccountTerms>.Empty;

    /// <summary>Limits of every account.</summary>
    public RiskLimits Limits { get; init; } = RiskLimits.Conservative;

    /// <summary>Limits with those of accounts, strategies and symbols; by default <see cref="Limits"/> alone.</summary>
    public RiskProfile Risk { get => field ??= new RiskProfile(Limits); init; }

    /// <summary>How entries of a strategy are sized; absent ones as they were sent.</summary>
    public ImmutableDictionary<string, SizingRule> Sizing { get; init; } = ImmutableDictionary<string, SizingRule>.Empty;

    /// <summary>Instruments that may be traded.</summary>
    public Func<string, AssetClass, Instrument?> InstrumentOf { get; init; } = (_, _) => null;

    /// <summary>True while an asset class trades.</summary>
    public Func<AssetClass, DateTimeOffset, bool> IsSessionOpen { get; init; } = (_, _) => true;

    /// <summary>When the session of an asset class that stands at a time ends; null when it does not.</summary>
    public Func<AssetClass, DateTimeOffset, DateTimeOffset?> SessionEnd { get; init; } = (_, _) => null;

    /// <summary>Positions that are left at the end of a session are left this long before it, while the venue still trades.</summary>
    public TimeSpan LeaveBeforeSessionEnd { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Position modes by strategy; absent ones are <see cref="PositionMode.Hedge"/>.</summary>
    public ImmutableDictionary<string, PositionMode> PositionModes { get; init; } =
        ImmutableDictionary<string, PositionMode>.Empty;

    /// <summary>How groups and quotes are handled, by strategy; absent ones are <see cref="TierOneTerms.Default"/>.</summary>
    public ImmutableDictionary<string, TierOneTerms> TierOne { get; init; } =
        ImmutableDictionary<string, TierOneTerms>.Empty;

    /// <summary>What tier 3 does on what observers tell it.</summary>
    public TacticalPolicy Tactics { get; init; } = new();

    /// <summary>Where market regimes end.</summary>
    public RegimeLimits Regimes { get; init; } = new();

    /// <summary>How fast and how far capital weights move.</summary>
    public WeightPolicy Weights { get; init; } = new();

    /// <summary>What a strategy must keep so as not to be cut or suspended.</summary>
    public ReviewLimits Review { get; init; } = new();

    /// <summary>An agent's answer to a request of tiers 3 and 4 counts when it comes within this time.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>False where what tiers 3 and 4 measure changes no size and suspends nothing, as under load: they tell of it all the same.</summary>
    public bool Steers { get; init; } = true;

    /// <summary>Tiers beside the four.</summary>
    public ImmutableArray<TierDefinition> Tiers { get; init; } = [];

    /// <summary>An order without an answer for this long is unknown.</summary>
    public TimeSpan UnansweredAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An execution agent that offers it is asked of orders without an answer for this long.</summary>
    public TimeSpan AskAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An execution agent that offers it is asked of everything this often, and at the start.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the store keeps what is over: refusals, markers, closed positions and sealed audit. A signal that is
    /// repeated within it is known; later, what is to be kept is in segment files.
    /// </summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(25);

    /// <summary>Directory of the segment files; null keeps closed positions and audit in the store for ever.</summary>
    public string? Archive { get; init; }

    /// <summary>Sends closes as the opposite side, for agents that know no <c>close</c>.</summary>
    public bool ClosesAsOpposite { get; init; }

    /// <summary>
    /// True in a replay: every projection is read before it is used and nothing happens on a timer, so that the same
    /// events give the same orders.
    /// </summary>
    public bool IsLockStep { get; init; }

    /// <summary>Looks for prices that no feed published, in the hash that feeds keep for a symbol.</summary>
    public bool ReadsSharedPrices { get; init; }

    /// <summary>What an account starts with.</summary>
    public AccountTerms TermsOf(string account) => Accounts.GetValueOrDefault(account) ?? new AccountTerms(Currency, Equity);

    /// <summary>Feed, in words, for the status.</summary>
    public string Feed { get; init; } = "";

    /// <summary>Execution, in words, for the status.</summary>
    public string Execution { get; init; } = "";

    /// <summary>Version, for the status.</summary>
    public string Version { get; init; } = "";
}

/// <summary>Key of the clock that the engine decides by; Orleans itself keeps to the system's.</summary>
public static class EngineClock
{
    /// <summary>Service key of the <see cref="TimeProvider"/>.</summary>
    public const string Key = "trading-engine";
}
