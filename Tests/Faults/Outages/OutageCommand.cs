using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Outages;

/// <summary>The command <c>outage</c>.</summary>
internal static class OutageCommand
{
    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "How long Redis is away.",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<int> Signals = new("--signals")
    {
        Description = "Signals sent before Redis goes.",
        DefaultValueFactory = _ => 1000,
    };

    public static Command Create()
    {
        var command = new Command("outage", "Takes Redis away for a while: the silo must stay up, and go on within 5 s of its return.")
        {
            Seconds, Signals,
        };
        command.SetAction(async (parsed, _) =>
        {
            try
            {
                var isClean = true;
                foreach (var store in new[] { StoreUnderTest.Lists, StoreUnderTest.Streams })
                {
                    var run = new OutageRun(store, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Signals));
                    isClean &= await run.ExecuteAsync();
                }

                return isClean ? 0 : 1;
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
