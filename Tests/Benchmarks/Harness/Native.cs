using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>The few system calls .NET does not offer.</summary>
internal static partial class Native
{
    private const int Terminate = 15;
    private const int MonotonicClock = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const int ClockTicks = 2;

    /// <summary>Asks a process to end (SIGTERM); false when there is none.</summary>
    public static bool RequestEnd(int processId) => Kill(processId, Terminate) == 0;

    /// <summary>Units per second of the CPU times in <c>/proc/&lt;pid&gt;/stat</c>.</summary>
    public static long ClockTicksPerSecond() => SystemConfiguration(ClockTicks);

    /// <summary>Lets the calling thread's sleeps end on time: by default Linux may prolong them by 50 µs.</summary>
    public static void SharpenTimers()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);
        }
    }

    /// <summary>
    /// Blocks until the <see cref="Stopwatch"/> timestamp. On Linux it sleeps, because a spinning producer would take
    /// a core from the engine it measures; elsewhere it spins.
    /// </summary>
    public static unsafe void SleepUntil(long timestamp)
    {
        if (OperatingSystem.IsLinux())
        {
            // Stopwatch reads the monotonic clock in nanoseconds there, so the deadline needs no conversion.
            var deadline = new TimeSpec
            {
                Seconds = (nint)(timestamp / Stopwatch.Frequency),
                Nanoseconds = (nint)(timestamp % Stopwatch.Frequency),
            };
            while (Stopwatch.GetTimestamp() < timestamp
                && ClockNanoSleep(MonotonicClock, AbsoluteTime, &deadline, null) != 0)
            {
                // A signal woke it early.
            }
            return;
        }
        while (Stopwatch.GetTimestamp() < timestamp)
        {
            Thread.SpinWait(20);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static unsafe partial int ClockNanoSleep(int clock, int flags, TimeSpec* deadline, TimeSpec* remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
