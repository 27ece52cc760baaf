using System.Diagnostics;
using Xunit;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>Waits for what comes in its own time, and says what did not come.</summary>
internal static class Eventually
{
    /// <summary>Longest wait unless said otherwise; a loaded machine must not fail a test.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it is so.</summary>
    public static Task HoldsAsync(string what, Func<bool> isSo, TimeSpan? limit = null) =>
        HoldsAsync(what, () => Task.FromResult(isSo()), limit);

    /// <summary>Looks until it is so.</summary>
    /// <param name="what">What is awaited.</param>
    /// <param name="isSo">Looks.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="seen">Says what was seen instead, for the message of a failure.</param>
    public static async Task HoldsAsync(
        string what, Func<Task<bool>> isSo, TimeSpan? limit = null, Func<string>? seen = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < (limit ?? Limit), $"Waited {limit ?? Limit} in vain for {what}. {seen?.Invoke()}");
            await Task.Delay(Period, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a task, and names it when it does not end.</summary>
    public static async Task EndsAsync(string what, Task task)
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Limit} in vain for {what}.");
        }
    }
}
