using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Owner;

/// <summary>The command <c>owner</c>.</summary>
internal static class OwnerCommand
{
    private static readonly Option<int> Count = Guard.Count("Kills of each transport.", 5);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    public static Command Create()
    {
        var command = new Command("owner", "Kills the silo that has a tier, in an idle cluster of three: each tier must beat elsewhere within 2 s.")
        {
            Store, Count, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(
            parsed, Store, Seed, (store, random) => new OwnerRun(store, parsed.GetValue(Count), random).ExecuteAsync()));
        return command;
    }
}
