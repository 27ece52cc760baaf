using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>The command <c>soak</c>.</summary>
internal static class SoakCommand
{
    private static readonly Option<string> Store = new("--store")
    {
        Description = "embedded, lists or streams.",
        DefaultValueFactory = _ => "lists",
    };

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "How long; growth is taken after the first sixth.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> Rate = new("--rate")
    {
        Description = "Signals a second: positions opened, each closed about a second later.",
        DefaultValueFactory = _ => 200,
    };

    private static readonly Option<TimeSpan> Keep = new("--keep")
    {
        Description = "What the silo is given as --keep: nothing is flat before that has passed.",
        DefaultValueFactory = _ => TimeSpan.FromSeconds(20),
    };

    public static Command Create()
    {
        Store.AcceptOnlyFromAmong("embedded", "lists", "streams");
        var command = new Command("soak", "Opens and closes positions all the time, and measures what grows.")
        {
            Store, Minutes, Rate, Keep,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = new SoakRun(
                Enum.Parse<StoreUnderTest>(parsed.GetValue(Store)!, ignoreCase: true),
                TimeSpan.FromMinutes(parsed.GetValue(Minutes)), parsed.GetValue(Rate), parsed.GetValue(Keep));
            try
            {
                return await run.ExecuteAsync(cancellation) ? 0 : 1;
            }
            catch (FaultException exception)
            {
                await Console.Error.WriteLineAsync($"Could not run: {exception.Message}");
                return 2;
            }
        });
        return command;
    }
}
