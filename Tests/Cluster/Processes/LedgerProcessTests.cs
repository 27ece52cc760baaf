using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The client's <c>ledger</c> as a process: no engine runs.</summary>
public sealed class LedgerProcessTests
{
    private const string Header = "ts,side,quantity,price,commission,commission_currency\n";
    private const string Instrument = """{"symbol":"AUDUSD","quoteCurrency":"USD","multiplier":1,"inverse":false}""";

    [Theory]
    [InlineData("1,buy,100000,1.00001,2.00,USD\n", """{"side":"long","quantity":100000,"avg_open":1.00001,"avg_close":null,"realized":-2,"unrealized":49,"total":47,"commissions":2,"return":null}""")]
    [InlineData("1,buy,150000,1.00001,2,USD\n2,sell,150000,1.00011,0,USD\n", """{"side":"flat","quantity":0,"avg_open":1.00001,"avg_close":1.00011,"realized":13,"unrealized":0,"total":13,"commissions":2,"return":0.00009999900000998888}""")]
    [InlineData("1,buy,100000,1.0,2,\n2,buy,100000,1.00001,2,\n3,sell,200000,1.0001,2,\n", """{"side":"flat","quantity":0,"avg_open":1.000005,"realized":13,"commissions":6,"cycle":1,"currency":"USD"}""")]
    public async Task Fills_give_a_line_each_and_a_last_one(string rows, string expected)
    {
        var (code, output, error) = await RunAsync(Instrument, Header + rows);

        Assert.Equal((0, ""), (code, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(rows.Count(c => c == '\n') + 1, lines.Length);
        using var last = JsonDocument.Parse(lines[^1]);
        using var wanted = JsonDocument.Parse(expected);
        foreach (var field in wanted.RootElement.EnumerateObject())
        {
            Assert.Equal((field.Name, field.Value.GetRawText()), (field.Name, last.RootElement.GetProperty(field.Name).GetRawText()));
        }
    }

    [Theory]
    [InlineData("1,buy,1,1,2,BNB\n", "Line 2, column commission_currency: no rate from BNB to USD.")]
    [InlineData("1,buy,1,1,2,\n2,hold,1,1,2,\n", "Line 3, column side: 'hold' must be buy or sell.")]
    [InlineData("1,buy,-1,1,2,\n", "Line 2, column quantity: '-1' must be a number above 0")]
    [InlineData("1,buy,1\n", "Line 2 has 3 values")]
    public async Task Wrong_fill_is_named_in_one_line_and_nothing_is_printed(string rows, string message)
    {
        var (code, output, error) = await RunAsync(Instrument, Header + rows);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string instrument, string csv)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [SiloProcess.PathOf("Client"), "ledger", "--instrument", instrument, "--mark", "1.0005", "-"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var token = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.StandardInput.WriteAsync(csv.AsMemory(), token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }
}
