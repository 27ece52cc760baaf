using System.Collections.Immutable;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Trading.Configuration;

/// <summary>Every field of the configuration but those of instruments (<see cref="InstrumentFields"/>) and limits (<see cref="LimitFields"/>).</summary>
public static class ConfigurationFields
{
    private const decimal Day = 86_400m;
    private const decimal MostMoney = 1_000_000_000_000m;

    private static readonly ImmutableArray<(string Name, SizingMethod Method)> Methods =
    [
        ("fixed", SizingMethod.Fixed), ("percent_of_equity", SizingMethod.PercentOfEquity), ("risk_per_trade", SizingMethod.RiskPerTrade),
        ("volatility_target", SizingMethod.VolatilityTarget), ("kelly", SizingMethod.Kelly),
    ];

    private static readonly ImmutableArray<(string Name, OptimisationMethod Method)> Optimisers =
    [
        ("equal_weight", OptimisationMethod.EqualWeight), ("inverse_volatility", OptimisationMethod.InverseVolatility),
        ("minimum_variance", OptimisationMethod.MinimumVariance), ("maximum_sharpe", OptimisationMethod.MaximumSharpe),
        ("risk_parity", OptimisationMethod.RiskParity),
    ];

    private static readonly ImmutableArray<(string Name, RiskAgentScope Scope)> AgentScopes =
        [("none", RiskAgentScope.None), ("strategy_signals", RiskAgentScope.StrategySignals), ("all", RiskAgentScope.All)];

    private static readonly ImmutableArray<(string Name, RiskAgentSilence Silence)> Silences =
        [("refuse", RiskAgentSilence.Refuse), ("allow", RiskAgentSilence.Allow)];

    private static readonly ImmutableArray<(string Name, PositionMode Mode)> Modes =
        [("hedge", PositionMode.Hedge), ("net", PositionMode.Net), ("reverse", PositionMode.Reverse)];

    /// <summary>What silos log.</summary>
    public static ConfigurationField<TradingConfiguration> LogLevel { get; } =
        new("logLevel", ConfigurationKind.Choice, "what silos log, from that level on; log-level changes it for one silo until the next change",
            c => ConfigurationValue.Of(c.LogLevel), (c, v) => c with { LogLevel = v.Text! })
        {
            Choices = ["trace", "debug", "information", "warning", "error", "critical"],
        };

    /// <summary>Terms of accounts.</summary>
    public static ImmutableArray<ConfigurationField<AccountTerms>> Account { get; } =
    [
        new("currency", ConfigurationKind.Currency, "currency of the account; one that has traded keeps it",
            a => ConfigurationValue.Of(a.Currency), (a, v) => a with { Currency = v.Text! }),
        new("equity", ConfigurationKind.Money, "what it starts with; a change is a deposit or a withdrawal, and moves where its day began and its peak",
            a => new(a.Equity), (a, v) => a with { Equity = v.Number!.Value }) { Least = 1m, Most = MostMoney },
    ];

    /// <summary>Whether a risk agent outside is asked.</summary>
    public static ImmutableArray<ConfigurationField<RiskAgentPolicy>> RiskAgent { get; } =
    [
        new("asks", ConfigurationKind.Choice, "which entries that passed every check a risk agent outside is asked about",
            a => Named(AgentScopes, a.Asks), (a, v) => a with { Asks = Named(AgentScopes, v) }) { Choices = [.. AgentScopes.Select(s => s.Name)] },
        new("wait", ConfigurationKind.Duration, "how long its answer is waited for",
            a => ConfigurationValue.Of(a.Wait), (a, v) => a with { Wait = v.Time }) { IsAboveLeast = true, Most = 1m },
        new("onSilence", ConfigurationKind.Choice, "what becomes of an entry it said nothing of in time",
            a => Named(Silences, a.OnSilence), (a, v) => a with { OnSilence = Named(Silences, v) }) { Choices = [.. Silences.Select(s => s.Name)] },
    ];

    /// <summary>Rules of sizing.</summary>
    public static ImmutableArray<ConfigurationField<SizingRule>> Sizing { get; } =
    [
        new("method", ConfigurationKind.Choice, "how the size of an entry is found; fixed is the signal's own quantity",
            r => Named(Methods, r.Method), (r, v) => r with { Method = Named(Methods, v) }) { Choices = [.. Methods.Select(m => m.Name)] },
        new("share", ConfigurationKind.Share, "share of equity: notional, loss at the stop, or volatility a year, by the method; not of fixed and kelly",
            r => new(r.Share), (r, v) => r with { Share = v.Number!.Value }) { Most = 100m },
        new("kellyPart", ConfigurationKind.Share, "of Kelly's fraction that much is taken",
            r => new(r.KellyPart), (r, v) => r with { KellyPart = v.Number!.Value }) { IsAboveLeast = true, Most = 1m },
        new("maxShare", ConfigurationKind.Share, "most notional as a share of equity, for volatility_target and kelly",
            r => new(r.MaxShare), (r, v) => r with { MaxShare = v.Number!.Value }) { IsAboveLeast = true, Most = 100m },
    ];

    /// <summary>Terms of arbitrage groups and quotes.</summary>
    public static ImmutableArray<ConfigurationField<TierOneTerms>> TierOne { get; } =
    [
        new("groupTimeout", ConfigurationKind.Duration, "how long all legs of a group may take to fill before it is flattened",
            t => ConfigurationValue.Of(t.GroupTimeout), (t, v) => t with { GroupTimeout = v.Time }) { IsAboveLeast = true, Most = 3_600m },
        new("quoteAge", ConfigurationKind.Duration, "a quote older than this is cancelled",
            t => ConfigurationValue.Of(t.QuoteAge), (t, v) => t with { QuoteAge = v.Time }) { IsAboveLeast = true, Most = 3_600m },
        new("maxInventory", ConfigurationKind.Lots, "most lots held, long or short; null: five times the quoted quantity",
            t => new(t.MaxInventory), (t, v) => t with { MaxInventory = v.Number }) { IsAboveLeast = true, IsNullable = true },
        new("maxInventoryNotional", ConfigurationKind.Money, "most notional held, in quote currency; the smaller of both counts",
            t => new(t.MaxInventoryNotional), (t, v) => t with { MaxInventoryNotional = v.Number })
        { IsAboveLeast = true, Most = MostMoney, IsNullable = true },
        new("skewBps", ConfigurationKind.BasisPoints, "basis points of the middle by which quotes move against a full inventory",
            t => new(t.SkewBps), (t, v) => t with { SkewBps = v.Number!.Value }) { Most = 10_000m },
    ];

    /// <summary>What tier 3 does on warnings.</summary>
    public static ImmutableArray<ConfigurationField<TacticalPolicy>> Tactics { get; } =
    [
        new("closesOnHigh", ConfigurationKind.Flag, "at high severity all is closed; else reduced by reduceBy",
            p => ConfigurationValue.Of(p.ClosesOnHigh), (p, v) => p with { ClosesOnHigh = v.IsSet }),
        new("closesOnCritical", ConfigurationKind.Flag, "at critical severity all is closed; else reduced by reduceBy",
            p => ConfigurationValue.Of(p.ClosesOnCritical), (p, v) => p with { ClosesOnCritical = v.IsSet }),
        new("reduceBy", ConfigurationKind.Share, "share of each position that a reduction leaves the market with",
            p => new(p.ReduceBy), (p, v) => p with { ReduceBy = v.Number!.Value }) { IsAboveLeast = true, Most = 1m, IsBelowMost = true },
        new("tightenBy", ConfigurationKind.Share, "share of the distance from price to stop that medium severity takes away",
            p => new(p.TightenBy), (p, v) => p with { TightenBy = v.Number!.Value }) { IsAboveLeast = true, Most = 1m, IsBelowMost = true },
        new("haltFor", ConfigurationKind.Duration, "how long high and critical severity halt entries; zero for not at all",
            p => ConfigurationValue.Of(p.HaltFor), (p, v) => p with { HaltFor = v.Time }) { Most = Day },
        new("minConfidence", ConfigurationKind.Share, "least confidence at which a warning or a change of regime is followed",
            p => new(p.MinConfidence), (p, v) => p with { MinConfidence = v.Number!.Value }) { Most = 1m },
        new("regimeFor", ConfigurationKind.Duration, "how long a regime that an agent told of stands before the engine's own measure counts again",
            p => ConfigurationValue.Of(p.RegimeFor), (p, v) => p with { RegimeFor = v.Time }) { Least = 1m, Most = 7m * Day },
        new("maxAge", ConfigurationKind.Duration, "what is older is logged and not followed",
            p => ConfigurationValue.Of(p.MaxAge), (p, v) => p with { MaxAge = v.Time }) { Least = 1m, Most = 3_600m },
    ];

    /// <summary>How capital weights move.</summary>
    public static ImmutableArray<ConfigurationField<WeightPolicy>> Weights { get; } =
    [
        new("method", ConfigurationKind.Choice, "how capital is divided over strategies",
            w => Named(Optimisers, w.Method), (w, v) => w with { Method = Named(Optimisers, v) }) { Choices = [.. Optimisers.Select(m => m.Name)] },
        new("leastShare", ConfigurationKind.Share, "least share of the capital; at most mostShare",
            w => ConfigurationValue.Of(w.LeastShare), (w, v) => w with { LeastShare = (double)v.Number!.Value }) { Most = 1m },
        new("mostShare", ConfigurationKind.Share, "most share of the capital",
            w => ConfigurationValue.Of(w.MostShare), (w, v) => w with { MostShare = (double)v.Number!.Value }) { IsAboveLeast = true, Most = 1m },
        new("damping", ConfigurationKind.Share, "part of the way that one step goes",
            w => new(w.Damping), (w, v) => w with { Damping = v.Number!.Value }) { IsAboveLeast = true, Most = 1m },
        new("maxStep", ConfigurationKind.Factor, "most that a weight changes in one step",
            w => new(w.MaxStep), (w, v) => w with { MaxStep = v.Number!.Value }) { IsAboveLeast = true, Most = 10m },
        new("least", ConfigurationKind.Factor, "least weight of a strategy",
            w => new(w.Least), (w, v) => w with { Least = v.Number!.Value }) { Most = 1m },
        new("most", ConfigurationKind.Factor, "most weight of a strategy: sizes grow with it",
            w => new(w.Most), (w, v) => w with { Most = v.Number!.Value }) { Least = 1m, Most = 10m },
    ];

    /// <summary>What a strategy must keep.</summary>
    public static ImmutableArray<ConfigurationField<ReviewLimits>> Review { get; } =
    [
        new("window", ConfigurationKind.Count, "newest trades that are judged, at most",
            r => new(r.Window), (r, v) => r with { Window = (int)v.Number!.Value }) { Least = 1m, Most = 1_000m },
        new("minTrades", ConfigurationKind.Count, "fewest trades from which anything is said; at most window",
            r => new(r.MinTrades), (r, v) => r with { MinTrades = (int)v.Number!.Value }) { Least = 1m, Most = 1_000m },
        new("leastDrawdown", ConfigurationKind.Share, "fall of summed P&L as a share of equity below which nothing is said against it",
            r => new(r.LeastDrawdown), (r, v) => r with { LeastDrawdown = v.Number!.Value }) { Most = 1m },
        new("cutProfitFactor", ConfigurationKind.Factor, "profit factor below which a strategy is cut; null for no such limit",
            r => new(r.CutProfitFactor), (r, v) => r with { CutProfitFactor = v.Number }) { Most = 100m, IsNullable = true },
        new("suspendProfitFactor", ConfigurationKind.Factor, "profit factor below which it is suspended; at most cutProfitFactor",
            r => new(r.SuspendProfitFactor), (r, v) => r with { SuspendProfitFactor = v.Number }) { Most = 100m, IsNullable = true },
        new("suspendDrawdown", ConfigurationKind.Share, "fall of summed P&L as a share of equity from which it is suspended",
            r => new(r.SuspendDrawdown), (r, v) => r with { SuspendDrawdown = v.Number }) { IsAboveLeast = true, Most = 1m, IsNullable = true },
        new("cutSharpe", ConfigurationKind.Factor, "Sharpe ratio per trade below which it is cut",
            r => ConfigurationValue.Of(r.CutSharpe), (r, v) => r with { CutSharpe = (double?)v.Number })
        { Least = -100m, Most = 100m, IsNullable = true },
        new("cutTo", ConfigurationKind.Share, "part of its weight that a cut strategy has",
            r => new(r.CutTo), (r, v) => r with { CutTo = v.Number!.Value }) { IsAboveLeast = true, Most = 1m, IsBelowMost = true },
        new("suspendFor", ConfigurationKind.Duration, "a suspended strategy trades again after so long, cut",
            r => ConfigurationValue.Of(r.SuspendFor), (r, v) => r with { SuspendFor = v.Time }) { Least = 60m, Most = 366m * Day },
    ];

    /// <summary>How a strategy's positions stand to each other, by strategy.</summary>
    public static ConfigurationField<PositionMode> Mode { get; } =
        new("", ConfigurationKind.Choice, "what a strategy's signals do to what it holds",
            m => Named(Modes, m), (_, v) => Named(Modes, v)) { Choices = [.. Modes.Select(m => m.Name)] };

    /// <summary>Limits as fields of the configuration: for schema and reference, since <see cref="RiskFileReader"/> reads them.</summary>
    public static ImmutableArray<ConfigurationField<RiskLimits>> Limits { get; } =
    [
        .. LimitFields.All.Select(field => new ConfigurationField<RiskLimits>(
            char.ToLowerInvariant(field.Name[0]) + field.Name[1..], KindOf(field.Kind), field.Meaning,
            limits => new(field.Get(limits)), (limits, value) => field.Set(limits, value.Number))
        {
            Least = field.Least, Most = field.Most, IsNullable = field.IsNullable,
        }),
    ];

    private static ConfigurationKind KindOf(LimitKind kind) => kind switch
    {
        LimitKind.Share => ConfigurationKind.Share,
        LimitKind.Factor => ConfigurationKind.Factor,
        LimitKind.Count => ConfigurationKind.Count,
        LimitKind.Lots => ConfigurationKind.Lots,
        LimitKind.Money => ConfigurationKind.Money,
        LimitKind.PerSecond => ConfigurationKind.PerSecond,
        LimitKind.Duration => ConfigurationKind.Duration,
        LimitKind.Flag => ConfigurationKind.Flag,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    private static ConfigurationValue Named<T>(ImmutableArray<(string Name, T Value)> names, T value)
        where T : struct, Enum =>
        ConfigurationValue.Of(names.First(name => EqualityComparer<T>.Default.Equals(name.Value, value)).Name);

    private static T Named<T>(ImmutableArray<(string Name, T Value)> names, ConfigurationValue value)
        where T : struct, Enum =>
        names.First(name => name.Name == value.Text).Value;
}
