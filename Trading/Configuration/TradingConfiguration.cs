using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Trading.Configuration;

/// <summary>
/// What the engine trades by: one for the whole cluster, kept in the store, changed while it runs. What a silo is started with
/// (ports, store, feed) is no part of it. Immutable; valid as a whole, since only <see cref="ConfigurationReader"/> makes one of
/// what people write.
/// </summary>
public sealed record TradingConfiguration
{
    /// <summary>Position mode of strategies that have none of their own.</summary>
    public const PositionMode DefaultMode = PositionMode.Hedge;

    /// <summary>What counts where nothing is written: the conservative limits, 100,000 USD.</summary>
    public static TradingConfiguration Default { get; } = new();

    /// <summary>What silos log: <c>trace</c> to <c>critical</c>.</summary>
    public string LogLevel { get; init; } = "information";

    /// <summary>What accounts start with that have no terms of their own.</summary>
    public AccountTerms Account { get; init; } = new("USD", 100_000m);

    /// <summary>What accounts start with, by account.</summary>
    public ImmutableSortedDictionary<string, AccountTerms> Accounts { get; init; } = Map<AccountTerms>();

    /// <summary>Limits, with those of accounts, strategies and symbols.</summary>
    public RiskProfile Risk { get; init; } = new(RiskLimits.Conservative);

    /// <summary>Whether a risk agent outside has the last word on entries.</summary>
    public RiskAgentPolicy RiskAgent { get; init; } = RiskAgentPolicy.Default;

    /// <summary>How entries are sized, by strategy in lower case; absent ones as they were sent.</summary>
    public ImmutableSortedDictionary<string, SizingRule> Sizing { get; init; } = Map<SizingRule>();

    /// <summary>Instruments that are known: the built-in ones, and those of the configuration.</summary>
    public InstrumentCatalog Instruments { get; init; } = InstrumentCatalog.Default;

    /// <summary>Position modes, by strategy in lower case; absent ones are <see cref="DefaultMode"/>.</summary>
    public ImmutableSortedDictionary<string, PositionMode> PositionModes { get; init; } = Map<PositionMode>();

    /// <summary>How arbitrage groups and quotes are handled, by strategy in lower case; absent ones are <see cref="TierOneTerms.Default"/>.</summary>
    public ImmutableSortedDictionary<string, TierOneTerms> TierOne { get; init; } = Map<TierOneTerms>();

    /// <summary>What tier 3 does on what observers tell it.</summary>
    public TacticalPolicy Tactics { get; init; } = new();

    /// <summary>How capital is divided, and how fast and far capital weights move.</summary>
    public WeightPolicy Weights { get; init; } = new();

    /// <summary>What a strategy must keep so as not to be cut or suspended.</summary>
    public ReviewLimits Review { get; init; } = new();

    /// <summary>What an account starts with.</summary>
    public AccountTerms TermsOf(string account) => Accounts.GetValueOrDefault(account) ?? Account;

    /// <summary>The instrument of a symbol, else of the category that its feed declared; null where neither is known.</summary>
    public Instrument? InstrumentOf(string symbol, AssetClass declared) => Instruments.Find(symbol)
        ?? (declared == AssetClass.Unknown ? null : Instruments.WithDeclared(symbol, declared).Find(symbol));

    /// <summary>
    /// The same with no entries at all, exits as before: for a silo that cannot read what stands in the store. Limits of accounts and
    /// strategies stay, since breakers go by them.
    /// </summary>
    public TradingConfiguration Closed()
    {
        static ImmutableDictionary<string, LimitScope> Close(ImmutableDictionary<string, LimitScope> scopes) =>
            scopes.ToImmutableDictionary(
                pair => pair.Key,
                pair => pair.Value with { Values = pair.Value.Values.Remove(nameof(RiskLimits.IsRestricted)) },
                StringComparer.Ordinal);
        return this with
        {
            Risk = new RiskProfile(Risk.General with { Name = "unread", IsRestricted = true })
            {
                Accounts = Close(Risk.Accounts), Strategies = Close(Risk.Strategies), Symbols = Close(Risk.Symbols), Groups = Risk.Groups,
            },
        };
    }

    private static ImmutableSortedDictionary<string, T> Map<T>() =>
        ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);
}
