using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Cluster;

/// <summary>The command <c>cluster</c>.</summary>
internal static class ClusterCommand
{
    public static Command Create()
    {
        var rate = Guard.Number("--rate", "Signals a second.", 100);
        var command = new Command("cluster", "Runs cluster.sh under load: up, kill one of three silos, bring it back, restart all in turn, down.") { rate };
        command.SetAction(async (parsed, _) =>
        {
            try
            {
                return await new ClusterRun(parsed.GetValue(rate)).ExecuteAsync() ? 0 : 1;
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
