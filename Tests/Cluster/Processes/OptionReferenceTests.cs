using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using TradingEngine.Client.Commands;
using TradingEngine.Silo.Hosting;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The tables of options in <c>docs/configuration.md</c> are those of silo and client.</summary>
public sealed class OptionReferenceTests
{
    private const string Write = "TE_WRITE_DOCS";

    [Theory]
    [InlineData("silo")]
    [InlineData("client")]
    public void Table_in_the_reference_is_the_programs(string program)
    {
        var file = Path.Combine(Root(), "docs", "configuration.md");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (begin, end) = ($"<!-- {program}: generated -->\n", $"<!-- {program}: end -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"docs/configuration.md has lost its marks of {program}");
        var expected = program == "silo" ? Silo() : Client();
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            File.WriteAllText(file, text[..from] + expected + text[to..]);
            return;
        }

        Assert.True(
            text[from..to] == expected,
            $"The table of {program} in docs/configuration.md is not the program's. Write it again with "
            + $"{Write}=1 dotnet artifacts/bin/Tests.Cluster/release/TradingEngine.Tests.Cluster.dll -class '*{nameof(OptionReferenceTests)}'");
    }

    private static string Silo()
    {
        var text = new StringBuilder("| option | appsettings.json, environment | range | default | takes effect | what |\n|---|---|---|---|---|---|\n");
        foreach (var setting in SiloCommand.All)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| `--{setting.Name}` | `{setting.Key.Replace("TradingEngine:", "", StringComparison.Ordinal)}`, `{setting.Variable}` "
                + $"| {setting.Range} | {setting.Default} | {(setting.IsTradedBy ? "first start" : "start")} | {Cell(setting.Help)} |\n");
        }

        return text.ToString();
    }

    private static string Client()
    {
        var root = ClientCommand.Create();
        var text = new StringBuilder("| command | option | what |\n|---|---|---|\n");
        Add(text, "every command", root.Options);
        foreach (var command in root.Subcommands)
        {
            Add(text, "", command);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string above, Command command)
    {
        var name = $"{above}{command.Name}";
        text.Append(CultureInfo.InvariantCulture, $"| `{name}` | | {Cell(command.Description)} |\n");
        foreach (var argument in command.Arguments)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | `<{argument.Name}>` | {Cell(argument.Description)} |\n");
        }

        Add(text, $"`{name}`", command.Options);
        foreach (var child in command.Subcommands)
        {
            Add(text, name + " ", child);
        }
    }

    private static void Add(StringBuilder text, string command, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => option is not HelpOption and not VersionOption))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {command} | `{option.Name}` | {Cell(option.Description)} |\n");
        }
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);

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
