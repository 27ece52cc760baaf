using System.CommandLine;
using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Failover;

/// <summary>The command <c>failover</c>.</summary>
internal static class FailoverCommand
{
    private static readonly Option<string> Store = new("--store")
    {
        Description = "lists or streams.",
        DefaultValueFactory = _ => "lists",
    };

    private static readonly Option<int> Count = new("--count")
    {
        Description = "How often a silo is taken out and brought back.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<string> Fault = new("--fault")
    {
        Description = "kill (SIGKILL and a new start) or freeze (SIGSTOP, then SIGCONT 20 s later).",
        DefaultValueFactory = _ => "kill",
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Repeats the run that printed it.",
    };

    public static Command Create()
    {
        Store.AcceptOnlyFromAmong("lists", "streams");
        Fault.AcceptOnlyFromAmong("kill", "freeze");
        var command = new Command("failover", "Takes one of three silos out while signals come in, and measures how long no order appears.")
        {
            Store, Count, Fault, Seed,
        };
        command.SetAction(async (parsed, _) =>
        {
            var seed = parsed.GetValue(Seed) ?? Random.Shared.Next();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
            var run = new FailoverRun(
                Enum.Parse<StoreUnderTest>(parsed.GetValue(Store)!, ignoreCase: true), parsed.GetValue(Count),
                parsed.GetValue(Fault) == "freeze", new Random(seed));
            try
            {
                return await run.ExecuteAsync() ? 0 : 1;
            }
            catch (FaultException exception)
            {
                await Console.Error.WriteLineAsync($"Could not run (seed {seed}): {exception.Message}");
                return 2;
            }
        });
        return command;
    }
}
