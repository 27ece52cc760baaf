using System.CommandLine;
using System.Text;
using TradingEngine.Client.Output;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Client.Commands;

/// <summary>Works out position and money of fills in a file, without an engine.</summary>
internal sealed class LedgerCommand
{
    private const string StandardInput = "-";

    private readonly Argument<string> _fills = new("fills")
    {
        Description = "CSV file of fills, or - for standard input.", HelpName = "fills.csv",
    };

    private readonly Option<string> _instrument = new("--instrument")
    {
        Description = "JSON: symbol, quoteCurrency, baseCurrency, settlementCurrency, multiplier (1), inverse (false).",
        HelpName = "object",
        Required = true,
    };

    private readonly Option<decimal?> _mark = NumberOption.Create(
        "--mark", "Price of what is still held: the bid for a long, the ask for a short. Without it unrealized is null.",
        "price", FillsFile.LeastAmount, decimal.MaxValue);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var ledger = new LedgerCommand();
        var command = new TaughtCommand(
            "ledger", "Works out position and P&L of fills, one JSON object a line for each fill and a last one. No engine needed.",
            """ledger --instrument '{"symbol":"AUDUSD","quoteCurrency":"USD"}' --mark 1.0005 fills.csv""",
            """ledger --instrument '{"symbol":"BTCUSD","quoteCurrency":"USD","baseCurrency":"BTC","inverse":true}' - < fills.csv""");
        command.Arguments.Add(ledger._fills);
        command.Options.Add(ledger._instrument);
        command.Options.Add(ledger._mark);
        Session.Run(command, (session, _) => Task.FromResult(ledger.Run(session)));
        return command;
    }

    private int Run(Session session)
    {
        var history = new LedgerHistory(InstrumentText.Read(session.Parsed.GetValue(_instrument)!));
        var mark = session.Parsed.GetValue(_mark);
        var lines = new List<string>();
        using (var reader = Open(session.Parsed.GetValue(_fills)!))
        {
            foreach (var fill in FillsFile.Read(reader))
            {
                history = Count(history, fill);
                lines.Add(Valued(() => LedgerLine.OfFill(history, mark, lines.Count + 1, fill), $"Line {fill.Line}"));
            }
        }

        lines.Add(Valued(() => LedgerLine.OfEnd(history, mark, lines.Count), "The end"));
        // Written only when all is well: half an answer looks like an answer.
        lines.ForEach(session.Screen.Line);
        return ExitCodes.Done;
    }

    private static LedgerHistory Count(LedgerHistory history, FillRow fill)
    {
        var commission = Valued(
            () => history.Terms.CommissionOf(fill.Commission, fill.CommissionCurrency, fill.Price), $"Line {fill.Line}")
            ?? throw new UsageException(
                $"Line {fill.Line}, column {FillsFile.CommissionCurrency}: no rate from {fill.CommissionCurrency} to "
                + $"{history.Terms.SettlementCurrency}. Give the commission in the contract's quote or base currency.");
        return Valued(() => history.Apply(fill.Side, fill.Quantity, fill.Price, commission), $"Line {fill.Line}");
    }

    private static T Valued<T>(Func<T> calculate, string place)
    {
        try
        {
            return calculate();
        }
        catch (OverflowException)
        {
            throw new UsageException($"{place}: its money has more than the 28 digits that can be counted. Use smaller numbers.");
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return path == StandardInput
                ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8)
                : new StreamReader(path, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The file '{path}' cannot be read: {exception.Message} Give a CSV file, or - for standard input.");
        }
    }
}
