using System.Globalization;
using System.Text;
using System.Xml.Linq;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>The tables of <c>docs/risk.md</c> are those of the code.</summary>
public sealed class RiskDocumentTests
{
    private const string Write = "TE_WRITE_DOCS";

    [Theory]
    [InlineData("codes")]
    [InlineData("limits")]
    public void Table_in_the_document_is_the_codes(string table)
    {
        var file = Path.Combine(Root(), "docs", "risk.md");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (begin, end) = ($"<!-- {table}: generated -->\n", $"<!-- {table}: end -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"docs/risk.md has lost its marks of {table}");
        var expected = table == "codes" ? Codes() : Limits();
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            File.WriteAllText(file, text[..from] + expected + text[to..]);
            return;
        }

        Assert.True(
            text[from..to] == expected,
            $"The table of {table} in docs/risk.md is not the code's. Write it again with "
            + $"{Write}=1 dotnet artifacts/bin/Tests.Unit/release/TradingEngine.Tests.Unit.dll -class '*{nameof(RiskDocumentTests)}'");
    }

    private static string Codes()
    {
        var documented = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "TradingEngine.Trading.xml")).Descendants("member")
            .Where(member => member.Attribute("name")!.Value.StartsWith($"F:{typeof(RejectReason).FullName}.", StringComparison.Ordinal))
            .ToDictionary(member => member.Attribute("name")!.Value, member => Words(member.Element("summary")!));
        var text = new StringBuilder("| number | code | meaning |\n|---|---|---|\n");
        foreach (var reason in Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None))
        {
            var words = documented[$"F:{typeof(RejectReason).FullName}.{reason}"];
            text.Append(CultureInfo.InvariantCulture, $"| {(int)reason} | `{reason.Code()}` | {words} |\n");
        }

        return text.ToString();
    }

    private static string Limits()
    {
        var text = new StringBuilder("| check | limit | counts in | conservative | from | to | what |\n|---|---|---|---|---|---|---|\n");
        foreach (var field in LimitFields.All)
        {
            var value = field.Get(RiskLimits.Conservative)!.Value;
            text.Append(CultureInfo.InvariantCulture,
                $"| {field.Check} | `{char.ToLowerInvariant(field.Name[0])}{field.Name[1..]}` | {Unit(field.Kind)} "
                + $"| {Text(field, value)} | {Text(field, field.Least)} | {Text(field, field.Most)} | {field.Meaning} |\n");
        }

        return text.ToString();
    }

    private static string Unit(LimitKind kind) => kind switch
    {
        LimitKind.Share => "share",
        LimitKind.Factor => "multiple",
        LimitKind.Count => "number",
        LimitKind.Lots => "lots",
        LimitKind.Money => "money",
        LimitKind.PerSecond => "orders a second",
        LimitKind.Duration => "time",
        LimitKind.Flag => "true or false",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    private static string Text(LimitField field, decimal value) => field.Kind switch
    {
        LimitKind.Duration => TimeSpan.FromSeconds((double)value).ToString("c", CultureInfo.InvariantCulture),
        LimitKind.Flag => value == 1m ? "true" : "false",
        LimitKind.Share or LimitKind.Factor or LimitKind.Count or LimitKind.Lots or LimitKind.Money or LimitKind.PerSecond =>
            value.ToString("0.##########", CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "Not a kind."),
    };

    private static string Words(XElement summary) =>
        string.Join(' ', summary.Value.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

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
