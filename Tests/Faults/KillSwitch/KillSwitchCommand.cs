using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.KillSwitch;

/// <summary>The command <c>killswitch</c>.</summary>
internal static class KillSwitchCommand
{
    private static readonly Option<int> Count = Guard.Count("Kill commands on each transport.", 20);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    public static Command Create()
    {
        var command = new Command(
            "killswitch",
            "Kills trading under load, through client, queue and store in turn, while silo or Redis die around it: after the answer "
            + "no order that takes risk may appear, and the kill must stand after a restart.")
        {
            Store, Count, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(
            parsed, Store, Seed, (store, random) => new KillSwitchRun(store, parsed.GetValue(Count), random).ExecuteAsync()));
        return command;
    }
}
