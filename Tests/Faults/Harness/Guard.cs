using System.CommandLine;
using System.Globalization;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>What the commands share: the seed, the transports, and the exit status.</summary>
internal static class Guard
{
    public static Option<int?> Seed() => new("--seed") { Description = "Repeats the run that printed it." };

    public static Option<int> Count(string description, int value) => new("--count")
    {
        Description = description, DefaultValueFactory = _ => value,
    };

    public static Option<int> Number(string name, string description, int value) => new(name)
    {
        Description = description, DefaultValueFactory = _ => value,
    };

    /// <summary>Lists, streams, or both.</summary>
    public static Option<string> Transports()
    {
        var option = new Option<string>("--store") { Description = "lists, streams, or all.", DefaultValueFactory = _ => "all" };
        return option.AcceptOnlyFromAmong("all", "lists", "streams");
    }

    /// <summary>Runs once for each transport, with a seed of its own each; 0 when all were clean, 1 when not, 2 when one could not run.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Option<string> transports, Option<int?> seeds, Func<StoreUnderTest, Random, Task<bool>> run)
    {
        var seed = parsed.GetValue(seeds) ?? Random.Shared.Next();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        try
        {
            var isClean = true;
            foreach (var store in new[] { StoreUnderTest.Lists, StoreUnderTest.Streams })
            {
                var name = store.ToString().ToLowerInvariant();
                if (parsed.GetValue(transports) is "all" || parsed.GetValue(transports) == name)
                {
                    isClean &= await run(store, new Random(seed + (int)store));
                }
            }

            return isClean ? 0 : 1;
        }
        catch (FaultException exception)
        {
            await Console.Error.WriteLineAsync($"Could not run (seed {seed}): {exception.Message}");
            return 2;
        }
    }
}
