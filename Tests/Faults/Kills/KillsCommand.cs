using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Kills;

/// <summary>The command <c>kills</c>.</summary>
internal static class KillsCommand
{
    private static readonly Option<string> Stores = new("--store")
    {
        Description = "embedded, lists, streams, or all.",
        DefaultValueFactory = _ => "all",
    };

    private static readonly Option<int> Count = new("--count")
    {
        Description = "Kills, shared among the stores.",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Option<int> Signals = new("--signals")
    {
        Description = "Signals, shared among the stores.",
        DefaultValueFactory = _ => 2000,
    };

    private static readonly Option<string> Target = new("--victim")
    {
        Description = "silo or redis: what is killed and started again.",
        DefaultValueFactory = _ => "silo",
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Repeats the run that printed it.",
    };

    private static readonly Option<bool> Expiry = new("--expiry")
    {
        Description = "Signals are too old after 2 s: these must be refused, and the others have an order.",
    };

    public static Command Create()
    {
        Stores.AcceptOnlyFromAmong("all", "embedded", "lists", "streams");
        Target.AcceptOnlyFromAmong("silo", "redis");
        var command = new Command("kills", "Kills silo or Redis with SIGKILL at random moments while signals come in.")
        {
            Stores, Target, Count, Signals, Expiry, Seed,
        };
        command.SetAction(async (parsed, _) =>
        {
            var target = Enum.Parse<KillTarget>(parsed.GetValue(Target)!, ignoreCase: true);
            var options = new KillsOptions(
                StoresOf(parsed.GetValue(Stores)!, target), parsed.GetValue(Count), parsed.GetValue(Signals),
                parsed.GetValue(Seed) ?? Random.Shared.Next(), target, parsed.GetValue(Expiry));
            try
            {
                return await RunAsync(options);
            }
            catch (FaultException exception)
            {
                await Console.Error.WriteLineAsync($"Could not run (seed {options.Seed}): {exception.Message}");
                return 2;
            }
        });
        return command;
    }

    private static StoreUnderTest[] StoresOf(string name, KillTarget target) => name != "all"
        ? [Enum.Parse<StoreUnderTest>(name, ignoreCase: true)]
        : target == KillTarget.Redis
            ? [StoreUnderTest.Lists, StoreUnderTest.Streams]
            : Enum.GetValues<StoreUnderTest>();

    /// <summary>Equal parts; what is left over goes to the first.</summary>
    private static int ShareOf(int whole, int number, int parts) => (whole / parts) + (number < whole % parts ? 1 : 0);

    private static async Task<int> RunAsync(KillsOptions options)
    {
        Console.WriteLine($"seed {options.Seed}");
        var isClean = true;
        for (var i = 0; i < options.Stores.Count; i++)
        {
            var share = options.Stores.Count;
            var run = new KillsRun(
                options.Stores[i], ShareOf(options.Kills, i, share), ShareOf(options.Signals, i, share), options.Victim,
                options.Expires ? new Expiry() : null, new Random(options.Seed + i));
            var tally = await run.ExecuteAsync();
            Console.WriteLine(tally);
            isClean &= tally.IsClean;
        }

        return isClean ? 0 : 1;
    }
}
