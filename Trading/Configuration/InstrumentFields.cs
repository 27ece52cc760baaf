using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Configuration;

/// <summary>Every field of an instrument that may be written.</summary>
public static class InstrumentFields
{
    private const decimal Smallest = 0.000000000001m;

    private static readonly ImmutableArray<string> Classes = ["forex", "indices", "stocks", "energy", "crypto", "crypto_cross"];

    /// <summary>Name of the least quantity, which follows the step where it is not written.</summary>
    public const string MinQuantity = "minQuantity";

    /// <summary>All of them.</summary>
    public static ImmutableArray<ConfigurationField<Instrument>> All { get; } =
    [
        new("assetClass", ConfigurationKind.Choice, "kind of asset; decides sessions",
            i => ConfigurationValue.Of(NameOf(i.AssetClass)), (i, v) => i with { AssetClass = ClassOf(v.Text!) }) { Choices = Classes },
        new("contractSize", ConfigurationKind.Factor, "units of the base asset in one lot",
            i => new(i.ContractSize), (i, v) => i with { ContractSize = v.Number!.Value }) { Least = Smallest },
        new("lotStep", ConfigurationKind.Lots, "quantities are multiples of it",
            i => new(i.LotStep), (i, v) => i with { LotStep = v.Number!.Value }) { Least = Smallest },
        new(MinQuantity, ConfigurationKind.Lots, "least lots of an order; a multiple of lotStep, which it is by default",
            i => new(i.MinQuantity), (i, v) => i with { MinQuantity = v.Number!.Value }) { Least = Smallest },
        new("maxQuantity", ConfigurationKind.Lots, "most lots of one order, in place of the limit",
            i => new(i.MaxQuantity), (i, v) => i with { MaxQuantity = v.Number }) { Least = Smallest },
        new("tickSize", ConfigurationKind.Price, "prices are multiples of it",
            i => new(i.TickSize), (i, v) => i with { TickSize = v.Number!.Value }) { Least = Smallest },
        new("quoteCurrency", ConfigurationKind.Currency, "currency of prices",
            i => ConfigurationValue.Of(i.QuoteCurrency), (i, v) => i with { QuoteCurrency = v.Text! }),
        new("baseCurrency", ConfigurationKind.Currency, "what is traded: a currency, a share or an index",
            i => ConfigurationValue.Of(i.BaseCurrency), (i, v) => i with { BaseCurrency = v.Text! }),
        new("isInverse", ConfigurationKind.Flag, "profit is paid in the base currency, and a contract is worth a fixed quote amount",
            i => ConfigurationValue.Of(i.IsInverse), (i, v) => i with { IsInverse = v.IsSet }),
        new("priceDecimals", ConfigurationKind.Count, "decimals to print a price with",
            i => new(i.PriceDecimals), (i, v) => i with { PriceDecimals = (int)v.Number!.Value }) { Most = 12m },
        new("marginRate", ConfigurationKind.Share, "share of its notional that a position binds as margin",
            i => new(i.MarginRate), (i, v) => i with { MarginRate = v.Number!.Value }) { Least = 0.0001m, Most = 1m },
        new("minNotional", ConfigurationKind.Money, "least notional of an order, in the settlement currency",
            i => new(i.MinNotional), (i, v) => i with { MinNotional = v.Number!.Value }),
    ];

    /// <summary>The fields that money of positions depends on: they stay while positions are open.</summary>
    public static ImmutableArray<ConfigurationField<Instrument>> OfContract { get; } =
        [.. All.Where(field => field.Name is "assetClass" or "contractSize" or "quoteCurrency" or "baseCurrency" or "isInverse")];

    private static string NameOf(AssetClass assetClass) =>
        Classes.FirstOrDefault(name => AssetClassNames.TryParse(name, out var found) && found == assetClass) ?? "";

    private static AssetClass ClassOf(string name) => AssetClassNames.TryParse(name, out var found) ? found : AssetClass.Unknown;
}
