using System.Globalization;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>CPU time of another process, as the kernel counts it.</summary>
internal static class ProcessorTime
{
    // Fields of /proc/<pid>/stat counted from 1 by proc(5); the third is the first after the command's closing bracket.
    private const int FirstAfterCommand = 3;
    private const int UserTime = 14;
    private const int SystemTime = 15;

    /// <summary>User and system time of all its threads so far, in steps of a clock tick (10 ms).</summary>
    public static TimeSpan Of(int processId)
    {
        var file = $"/proc/{processId}/stat";
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("The cadence benchmark reads CPU time from /proc: it needs Linux.");
        }
        var text = File.ReadAllText(file);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Field(UserTime) + Field(SystemTime);
        return TimeSpan.FromSeconds(ticks / (double)Native.ClockTicksPerSecond());

        long Field(int number) => long.Parse(fields[number - FirstAfterCommand], CultureInfo.InvariantCulture);
    }
}
