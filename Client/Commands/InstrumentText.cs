using System.Globalization;
using System.Text.Json;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Client.Commands;

/// <summary>Reads contract terms from the JSON of <c>--instrument</c>.</summary>
internal static class InstrumentText
{
    private const string Known = "symbol, quoteCurrency, baseCurrency, settlementCurrency, multiplier, inverse";

    private static readonly char[] Separators = ['/', '-', '_', '.'];

    /// <summary>The terms; throws <see cref="UsageException"/> naming the field that is wrong.</summary>
    public static ContractTerms Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new UsageException($"--instrument is no JSON: {exception.Message}");
        }
    }

    private static ContractTerms Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new UsageException($"--instrument must be a JSON object with {Known}.");
        }

        string? symbol = null, quote = null, basis = null, settlement = null;
        var multiplier = 1m;
        var isInverse = false;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "symbol": symbol = Text(field); break;
                case "quoteCurrency": quote = Text(field); break;
                case "baseCurrency": basis = Text(field); break;
                case "settlementCurrency": settlement = Text(field); break;
                case "multiplier": multiplier = Multiplier(field); break;
                case "inverse": isInverse = Flag(field); break;
                default: throw new UsageException($"--instrument has an unknown field '{field.Name}'. Known are {Known}.");
            }
        }

        if (quote is null)
        {
            throw new UsageException("""--instrument needs quoteCurrency, the currency of prices, such as "quoteCurrency":"USD".""");
        }

        var terms = ContractTerms.Of(multiplier, isInverse, quote, basis ?? BaseOf(symbol, quote));
        if (terms.SettlementCurrency is not { } settled)
        {
            throw new UsageException("""--instrument needs baseCurrency, in which an inverse contract settles, such as "baseCurrency":"BTC".""");
        }

        // Settling in a third currency needs its rate at each fill, and there is none: it must not be taken as 1.
        return settlement is null || settlement.Equals(settled, StringComparison.OrdinalIgnoreCase) ? terms
            : throw new UsageException(
                $"--instrument has settlementCurrency {settlement}, but {(isInverse ? "an inverse" : "a linear")} contract settles in its "
                + $"{(isInverse ? "base" : "quote")} currency {settled}. Leave settlementCurrency out or make it {settled}.");
    }

    /// <summary>What a symbol such as AUDUSD or BTC/USDT has before its quote currency; null where it does not end with it.</summary>
    private static string? BaseOf(string? symbol, string quote) =>
        symbol is not null && symbol.Length > quote.Length && symbol.EndsWith(quote, StringComparison.OrdinalIgnoreCase)
        && symbol[..^quote.Length].TrimEnd(Separators) is { Length: > 0 } rest
            ? rest.ToUpperInvariant()
            : null;

    private static string? Text(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when field.Value.GetString()!.Trim() is { Length: > 0 } text =>
            field.NameEquals("symbol") ? text : text.ToUpperInvariant(),
        _ => throw Wrong(field, "a text such as \"USD\""),
    };

    private static decimal Multiplier(JsonProperty field)
    {
        var text = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : field.Value.GetRawText();
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0m
            ? number
            : throw Wrong(field, "a number above 0");
    }

    private static bool Flag(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(field, "true or false"),
    };

    private static UsageException Wrong(JsonProperty field, string fix) =>
        new($"--instrument has {field.Name} {field.Value.GetRawText()}; it must be {fix}.");
}
