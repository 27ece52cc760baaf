using System.Diagnostics;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Waits for what must come true, up to a limit, and says what did not.</summary>
internal static class Poll
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan limit, Func<string>? seen = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new FaultException($"{what} was awaited for {limit.TotalSeconds:0} s in vain. {seen?.Invoke()}");
            }

            await Task.Delay(Every);
        }
    }
}
