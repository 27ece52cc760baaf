using System.Collections.Immutable;
using System.Text.Json;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Reads instruments from JSON, an object by symbol. What a symbol does not say is as the built-in tables have it; a symbol
/// they do not know must say its class, its quote currency, its tick and its lot step. Unknown names are errors; all errors
/// are found at once, each with field, value and what to write instead. Pure.
/// </summary>
public sealed class InstrumentFileReader
{
    private const int MostErrors = 100;

    private readonly FieldReader _fields = new();

    private List<string> Errors => _fields.Errors;

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
            return (reader.Errors.Count == 0 ? catalog : null, [.. reader.Errors.Take(MostErrors)]);
        }
        catch (JsonException exception)
        {
            return (null, [$"it is not JSON of an object without repeated names: {exception.Message}"]);
        }
    }

    /// <summary>Reads the instruments of a larger document; null beside at least one error.</summary>
    /// <param name="element">The object by symbol.</param>
    /// <param name="known">What is known already.</param>
    public static (InstrumentCatalog? Catalog, ImmutableArray<string> Errors) Read(JsonElement element, InstrumentCatalog known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var reader = new InstrumentFileReader();
        var catalog = reader.Root(element, known);
        return (reader.Errors.Count == 0 ? catalog : null, [.. reader.Errors]);
    }

    private InstrumentCatalog Root(JsonElement root, InstrumentCatalog known)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Errors.Add("it is no JSON object; write { \"SYMBOL\": { … } }");
            return known;
        }

        var catalog = known;
        var count = 0;
        foreach (var symbol in root.EnumerateObject())
        {
            if (!InstrumentCatalog.IsSymbol(symbol.Name) || symbol.Value.ValueKind != JsonValueKind.Object)
            {
                _fields.Wrong(symbol.Name, symbol.Value, "a symbol of 1 to 32 letters, digits and . _ / # + - with an object");
            }
            else if (++count > InstrumentCatalog.MaxDeclared)
            {
                Errors.Add($"{symbol.Name} is one too many; write at most {InstrumentCatalog.MaxDeclared}");
                return catalog;
            }
            else if (catalog.Declared.ContainsKey(symbol.Name))
            {
                Errors.Add($"{symbol.Name} is there twice; write it once");
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
        var before = Errors.Count;
        var said = new HashSet<string>(StringComparer.Ordinal);
        var instrument = _fields.Object(
            symbol, element, known ?? new Instrument(symbol, AssetClass.Unknown, 1m, 0m, 0m, 0m, "", symbol), InstrumentFields.All, said);
        if (Errors.Count > before)
        {
            return null;
        }

        instrument = said.Contains(InstrumentFields.MinQuantity) || instrument.MinQuantity >= instrument.LotStep
            ? instrument
            : instrument with { MinQuantity = instrument.LotStep };
        Need(symbol, "assetClass", instrument.AssetClass != AssetClass.Unknown);
        Need(symbol, "quoteCurrency", instrument.QuoteCurrency.Length > 0);
        Need(symbol, "tickSize", instrument.TickSize > 0m);
        Need(symbol, "lotStep", instrument.LotStep > 0m);
        if (instrument.LotStep > 0m && instrument.MinQuantity % instrument.LotStep != 0m)
        {
            Errors.Add($"{symbol}.minQuantity is {instrument.MinQuantity}; use a multiple of its lotStep {instrument.LotStep}");
        }

        if (instrument.MaxQuantity < instrument.MinQuantity)
        {
            Errors.Add($"{symbol}.maxQuantity is {instrument.MaxQuantity}; use at least its minQuantity {instrument.MinQuantity}");
        }

        return instrument with { Symbol = symbol };
    }

    private void Need(string symbol, string field, bool isThere)
    {
        if (!isThere)
        {
            Errors.Add($"{symbol}.{field} is missing; the built-in tables do not know the symbol, so write it");
        }
    }
}
