using System.Collections.Frozen;

namespace TradingEngine.Trading.Market;

/// <summary>Spelling of asset classes on the wire, in files and in settings.</summary>
public static class AssetClassNames
{
    private static readonly FrozenDictionary<string, AssetClass> s_classes = new Dictionary<string, AssetClass>
    {
        ["forex"] = AssetClass.Forex,
        ["indices"] = AssetClass.Indices,
        ["stocks"] = AssetClass.Stocks,
        ["energy"] = AssetClass.Energy,
        ["crypto"] = AssetClass.Crypto,
        ["crypto_cross"] = AssetClass.CryptoCross,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, for messages.</summary>
    public static string All => "forex, indices, stocks, energy, crypto or crypto_cross";

    /// <summary>The class of a name, in any case.</summary>
    public static bool TryParse(string name, out AssetClass assetClass) => s_classes.TryGetValue(name, out assetClass);
}
