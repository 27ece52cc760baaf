using System.Collections.Immutable;
using System.Text.Json;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Reads instruments from JSON, an object by symbol. What a symbol does not say is as the built-in tables have it; a symbol
/// they do not know must say its class, its quote currency, its tick and its lot step. Unknown names are errors; all errors
/// are found at once, each with field, value and what to write instead. Pure.
/// </summary>
public sealed class InstrumentFileReader
{
    private const int MostErrors = 100;
    private const decimal Most = 1_000_000_000m;

    private readonly List<string> _errors = [];

    private InstrumentFileReader()
    {
    }

    /// <summary>Reads a catalog; null beside at least one error.</summary>
    /// <param name="json">The file.</param>
    /// <param name="known">What is known already.</param>
    public static (InstrumentCatalog? Catalog, ImmutableArray<string> Errors) Read(ReadOnlyMemory<byte> json, InstrumentCatalog known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var reader = new InstrumentFileReader();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = 4,
                AllowDuplicateProperties = false,
            });
            var catalog = reader.Root(document.RootElement, known);
            return (reader._errors.Count == 0 ? catalog : null, [.. reader._errors.Take(MostErrors)]);
        }
        catch (JsonException exception)
        {
            return (null, [$"it is not JSON of an object without repeated names: {exception.Message}"]);
        }
    }

    private InstrumentCatalog Root(JsonElement root, InstrumentCatalog known)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _errors.Add("it is no JSON object; write { \"SYMBOL\": { … } }");
            return known;
        }

        var catalog = known;
        var count = 0;
        foreach (var symbol in root.EnumerateObject())
        {
            if (!InstrumentCatalog.IsSymbol(symbol.Name) || symbol.Value.ValueKind != JsonValueKind.Object)
            {
                Wrong(symbol.Name, symbol.Value, "a symbol of 1 to 32 letters, digits and . _ / # + - with an object");
            }
            else if (++count > InstrumentCatalog.MaxDeclared)
            {
                _errors.Add($"{symbol.Name} is one too many; write at most {InstrumentCatalog.MaxDeclared}");
                return catalog;
            }
            else if (One(symbol.Name, symbol.Value, known.Find(symbol.Name)) is { } instrument)
            {
                catalog = catalog.With(instrument);
            }
        }

        return catalog;
    }

    private Instrument? One(string symbol, JsonElement element, Instrument? known)
    {
        var before = _errors.Count;
        var instrument = known ?? new Instrument(symbol, AssetClass.Unknown, 1m, 0m, 0m, 0m, "", symbol);
        var saysLeast = false;
        foreach (var property in element.EnumerateObject())
        {
            var path = $"{symbol}.{property.Name}";
            var value = property.Value;
            switch (property.Name.ToUpperInvariant())
            {
                case "ASSETCLASS":
                    instrument = instrument with { AssetClass = Class(path, value) };
                    break;
                case "CONTRACTSIZE":
                    instrument = instrument with { ContractSize = Positive(path, value) };
                    break;
                case "LOTSTEP":
                    instrument = instrument with { LotStep = Positive(path, value) };
                    break;
                case "MINQUANTITY":
                    instrument = instrument with { MinQuantity = Positive(path, value) };
                    saysLeast = true;
                    break;
                case "MAXQUANTITY":
                    instrument = instrument with { MaxQuantity = Positive(path, value) };
                    break;
                case "TICKSIZE":
                    instrument = instrument with { TickSize = Positive(path, value) };
                    break;
                case "QUOTECURRENCY":
                    instrument = instrument with { QuoteCurrency = Currency(path, value) };
                    break;
                case "BASECURRENCY":
                    instrument = instrument with { BaseCurrency = Currency(path, value) };
                    break;
                case "ISINVERSE":
                    instrument = instrument with { IsInverse = Flag(path, value) };
                    break;
                case "PRICEDECIMALS":
                    instrument = instrument with { PriceDecimals = (int)Number(path, value, 0m, 12m, isWhole: true) };
                    break;
                case "MARGINRATE":
                    instrument = instrument with { MarginRate = Number(path, value, 0.0001m, 1m) };
                    break;
                case "MINNOTIONAL":
                    instrument = instrument with { MinNotional = Number(path, value, 0m, Most) };
                    break;
                default:
                    Wrong(path, value, "assetClass, contractSize, lotStep, minQuantity, maxQuantity, tickSize, quoteCurrency, "
                        + "baseCurrency, isInverse, priceDecimals, marginRate or minNotional");
                    break;
            }
        }

        if (_errors.Count > before)
        {
            return null;
        }

        instrument = saysLeast || instrument.MinQuantity >= instrument.LotStep
            ? instrument
            : instrument with { MinQuantity = instrument.LotStep };
        Need(symbol, "assetClass", instrument.AssetClass != AssetClass.Unknown);
        Need(symbol, "quoteCurrency", instrument.QuoteCurrency.Length > 0);
        Need(symbol, "tickSize", instrument.TickSize > 0m);
        Need(symbol, "lotStep", instrument.LotStep > 0m);
        if (instrument.LotStep > 0m && instrument.MinQuantity % instrument.LotStep != 0m)
        {
            _errors.Add($"{symbol}.minQuantity is {instrument.MinQuantity}; use a multiple of its lotStep {instrument.LotStep}");
        }

        if (instrument.MaxQuantity < instrument.MinQuantity)
        {
            _errors.Add($"{symbol}.maxQuantity is {instrument.MaxQuantity}; use at least its minQuantity {instrument.MinQuantity}");
        }

        return instrument with { Symbol = symbol };
    }

    private void Need(string symbol, string field, bool isThere)
    {
        if (!isThere)
        {
            _errors.Add($"{symbol}.{field} is missing; the built-in tables do not know the symbol, so write it");
        }
    }

    private AssetClass Class(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && AssetClassNames.TryParse(value.GetString()!, out var assetClass))
        {
            return assetClass;
        }

        Wrong(path, value, AssetClassNames.All);
        return AssetClass.Unknown;
    }

    private decimal Positive(string path, JsonElement value) => Number(path, value, 0.000000000001m, Most);

    private decimal Number(string path, JsonElement value, decimal least, decimal most, bool isWhole = false)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= least && number <= most
            && (!isWhole || number == Math.Floor(number)))
        {
            return number;
        }

        Wrong(path, value, FormattableString.Invariant($"a {(isWhole ? "whole " : "")}number from {least} to {most}"));
        return 0m;
    }

    private string Currency(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 16 } code
            && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '.'))
        {
            return code;
        }

        Wrong(path, value, "1 to 16 capital letters and digits, such as \"USD\"");
        return "";
    }

    private bool Flag(string path, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(path, value, "true or false");
        return false;
    }

    private void Wrong(string path, JsonElement value, string fix)
    {
        var text = value.GetRawText();
        _errors.Add($"{path} is {(text.Length > 60 ? text[..60] + "…" : text)}; use {fix}");
    }
}
