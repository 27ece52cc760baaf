using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Grains.Hosting;

/// <summary>What the grains are configured with: what their silo was started with, and what the engine trades by.</summary>
public sealed record EngineOptions
{
    /// <summary>Partition they serve: <c>0</c> to one less than <see cref="Partitions"/>.</summary>
    public string Partition { get; init; } = StreamNames.DefaultPartition;

    /// <summary>Partitions the accounts are spread over.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Partition that holds an account, where it is not the one that is served; null where it is.</summary>
    public string? OtherPartitionOf(string account) =>
        Partitions > 1 && AccountPartitions.Of(account, Partitions) is var holder && holder != Partition ? holder : null;

    /// <summary>What the engine trades by at the moment: one for the cluster, and may change while it runs.</summary>
    public ConfigurationBoard Trading { get; init; } = new(TradingConfiguration.Default);

    /// <summary>Currency of accounts that have no terms of their own.</summary>
    public string Currency => Trading.Current.Account.Currency;

    /// <summary>General limits.</summary>
    public RiskLimits Limits => Risk.General;

    /// <summary>Limits with those of accounts, strategies and symbols.</summary>
    public RiskProfile Risk => Trading.Current.Risk;

    /// <summary>Whether a risk agent outside has the last word on entries.</summary>
    public RiskAgentPolicy RiskAgent => Trading.Current.RiskAgent;

    /// <summary>How entries of a strategy are sized; absent ones as they were sent.</summary>
    public ImmutableSortedDictionary<string, SizingRule> Sizing => Trading.Current.Sizing;

    /// <summary>True while an asset class trades.</summary>
    public Func<AssetClass, DateTimeOffset, bool> IsSessionOpen { get; init; } = (_, _) => true;

    /// <summary>When the session of an asset class that stands at a time ends; null when it does not.</summary>
    public Func<AssetClass, DateTimeOffset, DateTimeOffset?> SessionEnd { get; init; } = (_, _) => null;

    /// <summary>Positions that are left at the end of a session are left this long before it, while the venue still trades.</summary>
    public TimeSpan LeaveBeforeSessionEnd { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Position modes by strategy; absent ones are <see cref="PositionMode.Hedge"/>.</summary>
    public ImmutableSortedDictionary<string, PositionMode> PositionModes => Trading.Current.PositionModes;

    /// <summary>How groups and quotes are handled, by strategy; absent ones are <see cref="TierOneTerms.Default"/>.</summary>
    public ImmutableSortedDictionary<string, TierOneTerms> TierOne => Trading.Current.TierOne;

    /// <summary>What tier 3 does on what observers tell it.</summary>
    public TacticalPolicy Tactics => Trading.Current.Tactics;

    /// <summary>Where market regimes end.</summary>
    public RegimeLimits Regimes { get; init; } = new();

    /// <summary>How fast and how far capital weights move.</summary>
    public WeightPolicy Weights => Trading.Current.Weights;

    /// <summary>What a strategy must keep so as not to be cut or suspended.</summary>
    public ReviewLimits Review => Trading.Current.Review;

    /// <summary>An agent's answer to a request of tiers 3 and 4 counts when it comes within this time.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True where tiers 3 and 4 steer even under limits that check structure alone.</summary>
    public bool SteersUnderLoad { get; init; } = true;

    /// <summary>False where what tiers 3 and 4 measure changes no size and suspends nothing, as under load: they tell of it all the same.</summary>
    public bool Steers => SteersUnderLoad || !Risk.General.IsStructuralOnly;

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

    /// <summary>Keys of those whose commands are followed from the queue; null where commands need no signature.</summary>
    public CommandKeys? CommandKeys { get; init; }

    /// <summary>What this silo was started with, for people; secrets are not in it.</summary>
    public ImmutableArray<StartSetting> Settings { get; init; } = [];

    /// <summary>What an account starts with.</summary>
    public AccountTerms TermsOf(string account) => Trading.Current.TermsOf(account);

    /// <summary>The instrument of a symbol, else of the category that its feed declared; null where neither is known.</summary>
    public Instrument? InstrumentOf(string symbol, AssetClass declared) => Trading.Current.InstrumentOf(symbol, declared);

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
