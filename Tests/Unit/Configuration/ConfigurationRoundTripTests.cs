using System.Collections.Immutable;
using CsCheck;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Configuration;

/// <summary>What is written is read as what it was, every field of it.</summary>
public sealed class ConfigurationRoundTripTests
{
    private static readonly ImmutableDictionary<string, decimal> None = ImmutableDictionary<string, decimal>.Empty;

    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcdefgh-_. ü\"\\"], 1, 8];

    private static readonly Gen<string> Symbol = OneOf("BTCUSD", "EURUSD.pro", "NEWONE", "X_PERP", "US30", "gbpusd");

    private static readonly Gen<RiskProfile> Profile =
        from limits in OfLimits()
        from accounts in Scopes(Name)
        from strategies in Scopes(Name)
        from symbols in Scopes(Symbol)
        from groups in Gen.Select(Symbol, Name).Array[0, 3]
        from confidences in Gen.Select(Name, Gen.Int[0, 100]).Array[0, 2]
        from name in Name
        select new RiskProfile(limits with
        {
            Name = name,
            MinConfidences = confidences.DistinctBy(pair => pair.Item1).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2 / 100m),
        })
        {
            Accounts = accounts,
            Strategies = strategies,
            Symbols = symbols,
            Groups = groups.DistinctBy(pair => pair.Item1).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2),
        };

    private static readonly Gen<TradingConfiguration> Any =
        from level in OneOf(ConfigurationFields.LogLevel.Choices)
        from account in Of(new AccountTerms("USD", 1m), ConfigurationFields.Account)
        from accounts in Map(Of(new AccountTerms("USD", 1m), ConfigurationFields.Account))
        from risk in Profile
        from agent in Of(TradingConfiguration.Default.RiskAgent, ConfigurationFields.RiskAgent)
        from sizing in Map(Of(SizingRule.AsSent, ConfigurationFields.Sizing))
        from instruments in Symbol.Array[0, 3].SelectMany(symbols => Gen.Int[1, 1_000].Array[symbols.Length].Select(numbers => Catalog(symbols, numbers)))
        from modes in Map(Gen.Enum<PositionMode>())
        from tierOne in Map(Of(TierOneTerms.Default, ConfigurationFields.TierOne))
        from tactics in Of(TradingConfiguration.Default.Tactics, ConfigurationFields.Tactics)
        from weights in Of(TradingConfiguration.Default.Weights, ConfigurationFields.Weights)
        from review in Of(TradingConfiguration.Default.Review, ConfigurationFields.Review)
        select new TradingConfiguration
        {
            LogLevel = level,
            Account = account,
            Accounts = accounts,
            Risk = risk,
            RiskAgent = agent,
            Sizing = sizing.SetItems(sizing.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { Share = Math.Max(pair.Value.Share, 0.01m) }))),
            Instruments = instruments,
            PositionModes = modes,
            TierOne = tierOne,
            Tactics = tactics,
            Weights = weights with { LeastShare = Math.Min(weights.LeastShare, weights.MostShare) },
            Review = review with
            {
                MinTrades = Math.Min(review.MinTrades, review.Window),
                SuspendProfitFactor = review.SuspendProfitFactor > review.CutProfitFactor ? review.CutProfitFactor : review.SuspendProfitFactor,
            },
        };

    [Fact]
    public void Read_after_write_is_the_same() => Any.Sample(
        configuration =>
        {
            var document = ConfigurationReader.Read(ConfigurationWriter.Write(configuration, 3, isIndented: true));

            Assert.Equal(ImmutableArray<string>.Empty, document.Errors);
            Assert.Equal(3, document.Version);
            AssertSame(configuration, document.Configuration!);
            Assert.Empty(ConfigurationDifferences.Between(configuration, document.Configuration!));
        },
        iter: 300);

    [Fact]
    public void Every_field_is_written_and_changes_what_differs()
    {
        var written = ConfigurationDifferences.ValuesOf(TradingConfiguration.Default).Keys;

        Assert.Superset(
            ConfigurationFields.Tactics.Select(field => "tactics." + field.Name)
                .Concat(ConfigurationFields.Weights.Select(field => "weights." + field.Name))
                .Concat(ConfigurationFields.RiskAgent.Select(field => "riskAgent." + field.Name))
                .Concat(ConfigurationFields.Review.Select(field => "review." + field.Name))
                .Concat(ConfigurationFields.Account.Select(field => "account." + field.Name))
                .Concat(ConfigurationFields.Limits.Select(field => "risk." + field.Name)).ToHashSet(),
            written.ToHashSet());
    }

    [Fact]
    public void Every_property_of_a_section_can_be_written()
    {
        Same(ConfigurationFields.Account);
        Same(ConfigurationFields.Sizing);
        Same(ConfigurationFields.TierOne);
        Same(ConfigurationFields.Tactics);
        Same(ConfigurationFields.Weights);
        Same(ConfigurationFields.RiskAgent);
        Same(ConfigurationFields.Review);
        Same(InstrumentFields.All, nameof(Instrument.Symbol), nameof(Instrument.SettlementCurrency));

        static void Same<T>(ImmutableArray<ConfigurationField<T>> fields, params string[] others)
        {
            var properties = typeof(T).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
                .Select(property => property.Name).Except(others).Order(StringComparer.OrdinalIgnoreCase);
            Assert.Equal(properties, fields.Select(field => field.Name).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        }
    }

    private static Gen<string> OneOf(params ImmutableArray<string> words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static void AssertSame(TradingConfiguration a, TradingConfiguration b)
    {
        Assert.Equal(a.LogLevel, b.LogLevel);
        Assert.Equal(a.Account, b.Account);
        Assert.Equal(a.Accounts, b.Accounts);
        Assert.Equal(a.Sizing, b.Sizing);
        Assert.Equal(a.PositionModes, b.PositionModes);
        Assert.Equal(a.TierOne, b.TierOne);
        Assert.Equal((a.RiskAgent, a.Tactics, a.Weights, a.Review), (b.RiskAgent, b.Tactics, b.Weights, b.Review));
        Assert.Equal(Sorted(a.Instruments.Declared), Sorted(b.Instruments.Declared));
        Assert.Equal(a.Risk.Hash, b.Risk.Hash);
        Assert.Equal(a.Risk.General with { MinConfidences = None }, b.Risk.General with { MinConfidences = None });
        Assert.Equal(Sorted(a.Risk.Groups), Sorted(b.Risk.Groups));
    }

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(ImmutableDictionary<string, T> map) =>
        map.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static Gen<ImmutableSortedDictionary<string, T>> Map<T>(Gen<T> of) => Gen.Select(Name, of).Array[0, 3].Select(pairs =>
        pairs.DistinctBy(pair => pair.Item1).ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal));

    /// <summary>Something with every field at a value of its range.</summary>
    private static Gen<T> Of<T>(T start, ImmutableArray<ConfigurationField<T>> fields) => fields
        .Select(field => Value(field).Select<ConfigurationValue, Func<T, T>>(value => owner => field.Set(owner, value)))
        .Aggregate(Gen.Const(start), (owner, set) => Gen.Select(owner, set, (before, change) => change(before)));

    private static Gen<RiskLimits> OfLimits() =>
        Of(RiskLimits.Empty, ConfigurationFields.Limits).SelectMany(limits => Gen.Bool.Select(isOpen => limits with { IsStructuralOnly = isOpen }));

    private static Gen<ImmutableDictionary<string, LimitScope>> Scopes(Gen<string> names) =>
        Gen.Select(names, Gen.Int[0, LimitFields.All.Length - 1].Array[0, 3]).SelectMany(scope =>
            OfLimits().Select(limits => (Name: scope.Item1, Values: scope.Item2.Distinct().Select(i => LimitFields.All[i])
                .ToImmutableDictionary(field => field.Name, field => field.Get(limits)))))
            .Array[0, 2].Select(scopes => scopes.DistinctBy(scope => scope.Name)
                .ToImmutableDictionary(scope => scope.Name, scope => new LimitScope { Values = scope.Values }));

    private static Gen<ConfigurationValue> Value(ConfigurationField field) => field.Kind switch
    {
        ConfigurationKind.Flag => Gen.Bool.Select(ConfigurationValue.Of),
        ConfigurationKind.Choice => OneOf(field.Choices).Select(ConfigurationValue.Of),
        ConfigurationKind.Currency => OneOf("USD", "EUR", "USDT", "B.1").Select(ConfigurationValue.Of),
        _ => Gen.Int[0, 1_000].SelectMany(step => Gen.Bool.Select(isNull => isNull && field.IsNullable
            ? new ConfigurationValue(null)
            : new ConfigurationValue(Within(field, step)))),
    };

    /// <summary>A value so many thousandths of the way through the range, of at most ten digits and on a tick of the clock.</summary>
    private static decimal Within(ConfigurationField field, int step)
    {
        var value = Math.Round(field.Least + ((field.Most - field.Least) * step / 1_000m), field.Kind == ConfigurationKind.Count ? 0 : 4);
        return field.Holds(value) ? value : field.IsAboveLeast && value <= field.Least ? field.Least + 0.0001m
            : field.IsBelowMost ? field.Most - 0.0001m : Math.Clamp(value, field.Least, field.Most);
    }

    private static InstrumentCatalog Catalog(string[] symbols, int[] numbers) => symbols.DistinctBy(symbol => symbol.ToUpperInvariant())
        .Zip(numbers, (symbol, number) => new Instrument(
            symbol, (AssetClass)(1 + (number % 6)), number, 0.01m * number, 0.02m * number, 0.5m, "USD",
            number % 3 == 0 ? "BTC" : InstrumentCatalog.Default.Find(symbol)?.BaseCurrency ?? symbol, number % 2 == 0, number % 13)
        {
            MarginRate = Math.Max(0.0001m, number / 1_000m), MinNotional = number, MaxQuantity = number % 5 == 0 ? null : number,
        })
        .Aggregate(InstrumentCatalog.Default, (catalog, instrument) => catalog.With(instrument));
}
