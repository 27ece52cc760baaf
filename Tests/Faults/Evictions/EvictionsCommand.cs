using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Evictions;

/// <summary>The command <c>evictions</c>.</summary>
internal static class EvictionsCommand
{
    private static readonly Option<int> Minutes = Guard.Number("--minutes", "How long.", 30);
    private static readonly Option<int> Percent = Guard.Number("--cpu", "Share of all processors that is kept busy, in per cent.", 80);
    private static readonly Option<int> Silos = Guard.Number("--silos", "Silos.", 3);
    private static readonly Option<int> Rate = Guard.Number("--rate", "Signals a second.", 20);
    private static readonly Option<string> Store = Guard.Transports();
    private static readonly Option<int?> Seed = Guard.Seed();

    public static Command Create()
    {
        var command = new Command("evictions", "Keeps the machine busy, and counts silos that others took for dead though they lived.")
        {
            Store, Minutes, Percent, Silos, Rate, Seed,
        };
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, Store, Seed, (store, _) => new EvictionsRun(
            store, TimeSpan.FromMinutes(parsed.GetValue(Minutes)), Math.Clamp(parsed.GetValue(Percent), 0, 100) / 100.0,
            Math.Clamp(parsed.GetValue(Silos), 1, 5), parsed.GetValue(Rate)).ExecuteAsync()));
        return command;
    }
}
