using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Configuration;

/// <summary>Schema and reference of what the engine trades by are those of the code.</summary>
public sealed class ConfigurationReferenceTests
{
    private const string Write = "TE_WRITE_DOCS";

    private static string Again => $"Write it again with {Write}=1 dotnet artifacts/bin/Tests.Unit/release/TradingEngine.Tests.Unit.dll "
        + $"-class '*{nameof(ConfigurationReferenceTests)}'";

    private static bool IsWriting => Environment.GetEnvironmentVariable(Write) == "1";

    [Fact]
    public void Schema_in_the_documents_is_the_codes()
    {
        var file = Path.Combine(Root(), "docs", "schemas", "config.json");
        var expected = Encoding.UTF8.GetString(ConfigurationSchema.Write());
        if (IsWriting)
        {
            File.WriteAllText(file, expected);
            return;
        }

        Assert.True(File.ReadAllText(file).ReplaceLineEndings("\n") == expected, $"docs/schemas/config.json is not the code's. {Again}");
    }

    [Fact]
    public void Tables_in_the_reference_are_the_codes()
    {
        var file = Path.Combine(Root(), "docs", "configuration.md");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        const string begin = "<!-- tree: generated -->\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf("<!-- tree: end -->", StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, "docs/configuration.md has lost its marks of the tree");
        if (IsWriting)
        {
            File.WriteAllText(file, text[..from] + Tables() + text[to..]);
            return;
        }

        Assert.True(text[from..to] == Tables(), $"The tables of docs/configuration.md are not the code's. {Again}");
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        var start = TradingConfiguration.Default;
        Add(text, "Top", "", [ConfigurationFields.LogLevel], start);
        Add(text, "account", "account.", ConfigurationFields.Account, start.Account);
        Add(text, "accounts", "accounts.*.", ConfigurationFields.Account, null);
        Add(text, "risk", "risk.", ConfigurationFields.Limits, start.Risk.General);
        Add(text, "sizing", "sizing.*.", ConfigurationFields.Sizing, SizingRule.AsSent);
        Add(text, "instruments", "instruments.*.", InstrumentFields.All, null);
        Add(text, "positionModes", "positionModes.*", [ConfigurationFields.Mode], TradingConfiguration.DefaultMode);
        Add(text, "tierOne", "tierOne.*.", ConfigurationFields.TierOne, TierOneTerms.Default);
        Add(text, "tactics", "tactics.", ConfigurationFields.Tactics, start.Tactics);
        Add(text, "weights", "weights.", ConfigurationFields.Weights, start.Weights);
        Add(text, "riskAgent", "riskAgent.", ConfigurationFields.RiskAgent, start.RiskAgent);
        Add(text, "review", "review.", ConfigurationFields.Review, start.Review);
        return text.ToString();
    }

    private static void Add<T>(StringBuilder text, string section, string path, ImmutableArray<ConfigurationField<T>> fields, T? start)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {section}\n| value | counts in | range | default | what |\n|---|---|---|---|---|\n");
        foreach (var field in fields)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| `{path}{field.Name}` | {Unit(field.Kind)} | {field.Range} | {(start is null ? "" : Text(field, field.Get(start)))} | {field.Meaning} |\n");
        }

        text.Append('\n');
    }

    private static string Text(ConfigurationField field, ConfigurationValue value) => value switch
    {
        { Text: { } word } => word,
        { Number: null } => "none",
        _ when field.Kind == ConfigurationKind.Flag => value.IsSet ? "true" : "false",
        _ when field.Kind == ConfigurationKind.Duration => value.Time.ToString("c", CultureInfo.InvariantCulture),
        { Number: { } number } => number.ToString("0.############", CultureInfo.InvariantCulture),
    };

    private static string Unit(ConfigurationKind kind) => kind switch
    {
        ConfigurationKind.Share => "share",
        ConfigurationKind.Factor => "multiple",
        ConfigurationKind.Count => "number",
        ConfigurationKind.Lots => "lots",
        ConfigurationKind.Money => "money",
        ConfigurationKind.Price => "price",
        ConfigurationKind.PerSecond => "orders a second",
        ConfigurationKind.BasisPoints => "basis points",
        ConfigurationKind.Duration => "time",
        ConfigurationKind.Flag => "true or false",
        ConfigurationKind.Choice => "word",
        ConfigurationKind.Currency => "currency",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Orleans.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("No directory with Orleans.sln above the tests.");
    }
}
