using System.Diagnostics;
using System.Text.Json;
using TradingEngine.Client.Output;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>What the client writes for scripts and shells, without an engine.</summary>
public sealed class ClientOutputTests
{
    [Theory]
    [InlineData("""{"items":[{"a":1,"b":{"c":"x"}},{"a":2.50,"d":null}],"kept":3}""", "a,b.c,d\n1,x,\n2.50,,\n")]
    [InlineData("""{"mode":"running","halts":[],"tiers":[{"tier":1}]}""", "mode,halts,tiers\nrunning,[],\"[{\"\"tier\"\":1}]\"\n")]
    [InlineData("""{"items":[{"a":"two, and \"three\"\nlines"}]}""", "a\n\"two, and \"\"three\"\"\nlines\"\n")]
    [InlineData("""{"items":[]}""", "")]
    public void Document_becomes_rows_of_its_one_list(string json, string expected) => Assert.Equal(expected, CsvOf(json));

    [Fact]
    public void Text_that_a_spreadsheet_would_run_is_marked_as_text_and_numbers_stay_numbers() =>
        Assert.Equal("a,b\n'=cmd(),-5\n", CsvOf("""{"items":[{"a":"=cmd()","b":-5}]}"""));

    [Theory]
    [InlineData("po", "position", "positions")]
    [InlineData("config ", "apply", "diff", "schema", "show")]
    [InlineData("positions --out", "--output")]
    public async Task Client_answers_what_a_shell_can_complete(string line, params string[] expected)
    {
        var (code, output, error) = await ClientProcess.RunAsync($"[suggest:{"client ".Length + line.Length}]", "client " + line);

        Assert.Equal((0, ""), (code, error));
        Assert.Subset(output.Split('\n').ToHashSet(StringComparer.Ordinal), expected.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bash_takes_the_script_and_completes_by_it()
    {
        var (_, script, _) = await ClientProcess.RunAsync("completion", "bash");
        var test = $$"""
            client() { dotnet '{{SiloProcess.PathOf("Client")}}' "$@"; }
            {{script}}
            COMP_LINE='client dead' COMP_POINT=11 COMP_WORDS=(client dead) COMP_CWORD=1
            _client_complete
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", test]) { RedirectStandardOutput = true })!;

        Assert.Equal("deadletters", (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task Name_that_no_shell_can_complete_is_refused()
    {
        var (code, output, error) = await ClientProcess.RunAsync("completion", "bash", "--name", "a;b");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("'a;b'", error, StringComparison.Ordinal);
    }

    private static string CsvOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var output = new StringWriter();
        CsvRows.Write(output, document.RootElement);
        return output.ToString();
    }
}
