using System.CommandLine;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Restore;

/// <summary>The command <c>restore</c>.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var signals = Guard.Number("--signals", "Signals before, during and after the copy, each.", 300);
        var command = new Command("restore", "Copies each store while it trades, destroys it, restores the copy, and compares positions and audit.") { signals };
        command.SetAction(async (parsed, _) =>
        {
            try
            {
                var run = new RestoreRun(parsed.GetValue(signals));
                var isClean = await run.EmbeddedAsync();
                return await run.RedisAsync() && isClean ? 0 : 1;
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
