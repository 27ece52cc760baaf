using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Trading.Configuration;

/// <summary>What was read of a document.</summary>
/// <param name="Configuration">The configuration; null beside at least one error.</param>
/// <param name="Version">The version it says it is based on; null where it says none.</param>
/// <param name="Errors">All errors, each with path, value and what to write instead.</param>
public sealed record ConfigurationDocument(TradingConfiguration? Configuration, long? Version, ImmutableArray<string> Errors);

/// <summary>
/// Reads a configuration from JSON. What it does not say is as by default, what is not known is an error, and so is what is there
/// twice: nothing that is not followed may look set. All errors are found at once. Pure.
/// </summary>
public sealed class ConfigurationReader
{
    /// <summary>Most bytes of a document.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int MostErrors = 200;
    private const int LongestName = 64;

    private static readonly string[] Names =
    [
        "logLevel", "account", "accounts", "risk", "riskAgent", "sizing", "instruments", "positionModes", "tierOne", "tactics", "weights", "review", "version",
    ];

    /// <summary>Where keys differ by case: accounts and symbols are as they are sent.</summary>
    private static readonly string[] ExactKeys = ["accounts", "risk.accounts", "risk.symbols", "risk.groups"];

    private readonly FieldReader _fields = new();

    private ConfigurationReader()
    {
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">UTF-8; comments are passed over.</param>
    public static ConfigurationDocument Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            return Failed($"it has {json.Length} bytes; use at most {MaxBytes}");
        }

        var reader = new ConfigurationReader();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 });
            return reader.Root(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter is thrown for text that is no UTF-16.
            return Failed($"it is not JSON: {exception.Message}");
        }
    }

    private static ConfigurationDocument Failed(string error) => new(null, null, [error]);

    private ConfigurationDocument Root(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Failed("it is no JSON object; write { } and what is to differ from the defaults");
        }

        FindTwice("", root);
        var configuration = TradingConfiguration.Default;
        long? version = null;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
            {
                version = VersionOf(property);
            }
            else
            {
                configuration = Section(configuration, property);
            }
        }

        CheckTogether(configuration);
        ImmutableArray<string> errors = [.. _fields.Errors.Distinct().Take(MostErrors)];
        return new ConfigurationDocument(errors.IsEmpty ? configuration : null, version, errors);
    }

    private TradingConfiguration Section(TradingConfiguration configuration, JsonProperty property)
    {
        var value = property.Value;
        switch (property.Name.ToUpperInvariant())
        {
            case "$SCHEMA":
                return configuration;
            case "LOGLEVEL":
                return _fields.Set(property.Name, value, configuration, ConfigurationFields.LogLevel);
            case "ACCOUNT":
                return configuration with { Account = _fields.Object("account", value, configuration.Account, ConfigurationFields.Account) };
            case "ACCOUNTS":
                return configuration with { Accounts = Accounts(value) };
            case "RISK":
                return configuration with { Risk = Risk(value) ?? configuration.Risk };
            case "RISKAGENT":
                return configuration with { RiskAgent = _fields.Object("riskAgent", value, configuration.RiskAgent, ConfigurationFields.RiskAgent) };
            case "SIZING":
                return configuration with
                {
                    Sizing = Map("sizing", value, Lower, (path, rule) => _fields.Object(path, rule, SizingRule.AsSent, ConfigurationFields.Sizing)),
                };
            case "INSTRUMENTS":
                return configuration with { Instruments = Instruments(value) ?? configuration.Instruments };
            case "POSITIONMODES":
                return configuration with
                {
                    PositionModes = Map("positionModes", value, Lower, (path, mode) =>
                        _fields.Set(path, mode, TradingConfiguration.DefaultMode, ConfigurationFields.Mode)),
                };
            case "TIERONE":
                return configuration with
                {
                    TierOne = Map("tierOne", value, Lower, (path, terms) =>
                        _fields.Object(path, terms, TierOneTerms.Default, ConfigurationFields.TierOne)),
                };
            case "TACTICS":
                return configuration with { Tactics = _fields.Object("tactics", value, configuration.Tactics, ConfigurationFields.Tactics) };
            case "WEIGHTS":
                return configuration with { Weights = _fields.Object("weights", value, configuration.Weights, ConfigurationFields.Weights) };
            case "REVIEW":
                return configuration with { Review = _fields.Object("review", value, configuration.Review, ConfigurationFields.Review) };
            default:
                _fields.Wrong(property.Name, value, $"one of {string.Join(", ", Names)}");
                return configuration;
        }
    }

    /// <summary>Accounts start from the default terms as they are by default, not as the document has them: each says what it is.</summary>
    private ImmutableSortedDictionary<string, AccountTerms> Accounts(JsonElement element) => Map("accounts", element, static key => key, (path, terms) =>
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        var read = _fields.Object(path, terms, TradingConfiguration.Default.Account, ConfigurationFields.Account, said);
        foreach (var missing in ConfigurationFields.Account.Where(field => terms.ValueKind == JsonValueKind.Object && !said.Contains(field.Name)))
        {
            _fields.Errors.Add($"{path}.{missing.Name} is missing; use {missing.Range}");
        }

        return read;
    });

    private RiskProfile? Risk(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            _fields.Wrong("risk", element, "an object such as { \"basedOn\": \"conservative\" }");
            return null;
        }

        var (profile, errors) = RiskFileReader.Read(element, "configured");
        _fields.Errors.AddRange(errors.Select(error => "risk." + error));
        return profile;
    }

    private InstrumentCatalog? Instruments(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            _fields.Wrong("instruments", element, "an object by symbol");
            return null;
        }

        var (catalog, errors) = InstrumentFileReader.Read(element, InstrumentCatalog.Default);
        _fields.Errors.AddRange(errors.Select(error => "instruments." + error));
        return catalog;
    }

    private ImmutableSortedDictionary<string, T> Map<T>(
        string path, JsonElement element, Func<string, string> keyOf, Func<string, JsonElement, T> read)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            _fields.Wrong(path, element, "an object by name");
            return map.ToImmutable();
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is not { Length: > 0 and <= LongestName })
            {
                _fields.Wrong($"{path}.{property.Name}", property.Value, $"a name of 1 to {LongestName} characters");
                continue;
            }

            map[keyOf(property.Name)] = read($"{path}.{property.Name}", property.Value);
        }

        return map.ToImmutable();
    }

    private long? VersionOf(JsonProperty property)
    {
        if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt64(out var version) && version >= 0)
        {
            return version;
        }

        _fields.Wrong(property.Name, property.Value, "the whole number that config show gave");
        return null;
    }

    private void FindTwice(string path, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var comparer = ExactKeys.Contains(path, StringComparer.OrdinalIgnoreCase) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var seen = new HashSet<string>(comparer);
        foreach (var property in element.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Name.Any(char.IsControl))
            {
                // Names are shown to people as they are.
                _fields.Errors.Add($"{(path.Length == 0 ? "it" : path)} has a name with control characters; write it without them");
            }

            if (!seen.Add(property.Name))
            {
                _fields.Errors.Add($"{at} is there twice; write it once");
            }

            FindTwice(at, property.Value);
        }
    }

    /// <summary>What values mean to each other.</summary>
    private void CheckTogether(TradingConfiguration configuration)
    {
        foreach (var (strategy, rule) in configuration.Sizing)
        {
            Need(
                rule.Share > 0m || rule.Method is SizingMethod.Fixed or SizingMethod.Kelly,
                $"sizing.{strategy}.share is {Text(rule.Share)}; use more than 0, which its method needs");
        }

        var (weights, review) = (configuration.Weights, configuration.Review);
        Need(
            weights.LeastShare <= weights.MostShare,
            $"weights.leastShare is {Text(weights.LeastShare)}; use at most weights.mostShare, {Text(weights.MostShare)}");
        Need(review.MinTrades <= review.Window, $"review.minTrades is {Text(review.MinTrades)}; use at most review.window, {Text(review.Window)}");
        Need(
            !(review.SuspendProfitFactor > review.CutProfitFactor),
            $"review.suspendProfitFactor is {Text(review.SuspendProfitFactor)}; use at most review.cutProfitFactor, {Text(review.CutProfitFactor)}");
    }

    private void Need(bool holds, string error)
    {
        if (!holds)
        {
            _fields.Errors.Add(error);
        }
    }

    private static string Lower(string key) => key.ToLowerInvariant();

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "null";
}
