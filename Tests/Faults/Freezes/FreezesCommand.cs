using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Freezes;

/// <summary>The command <c>freezes</c>.</summary>
internal static class FreezesCommand
{
    private static readonly Option<int> Count = Guard.Count("Freezes of each transport, one after the other.", 5);
    private static readonly Option<int> Seconds = Guard.Number("--seconds", "How long a silo stands still.", 20);
    private static readonly Option<int> Silos = Guard.Number("--silos", "Silos, two or three.", 3);
    private static readonly Option<int> Rate = Guard.Number("--rate", "Signals a second.", 200);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    public static Command Create()
    {
        var command = new Command("freezes", "Stops a silo with SIGSTOP until it was voted out, and lets it wake with what it had in hand.")
        {
            Store, Count, Seconds, Silos, Rate, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, Store, Seed, (store, random) => new FreezesRun(
            store, parsed.GetValue(Count), TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Math.Clamp(parsed.GetValue(Silos), 2, 3), parsed.GetValue(Rate), random).ExecuteAsync()));
        return command;
    }
}
