using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Arming;

/// <summary>The command <c>arming</c>.</summary>
internal static class ArmingCommand
{
    private static readonly Option<int> Count = Guard.Count("Kills of each transport.", 10);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    public static Command Create()
    {
        var command = new Command(
            "arming", "Kills the silo when a fill is committed and nothing is told of it: the stop must act within 2 s of the next start.")
        {
            Store, Count, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(
            parsed, Store, Seed, (store, random) => new ArmingRun(store, parsed.GetValue(Count), random).ExecuteAsync()));
        return command;
    }
}
