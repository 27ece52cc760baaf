using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Beats from one thread per registration that sleeps to absolute deadlines: <c>clock_nanosleep</c> on Linux, else the
/// system's timed wait, which is coarser.
/// </summary>
public sealed partial class ThreadBeatSource : IBeatSource
{
    /// <inheritdoc/>
    public IDisposable Register(TimeSpan period, TaskScheduler scheduler, Action<int> onBeat) =>
        new Beat(period, scheduler, onBeat);

    private sealed partial class Beat : IDisposable
    {
        private const int ClockMonotonic = 1;
        private const int AbsoluteTime = 1;

        private readonly long _periodNanoseconds;
        private readonly TaskScheduler _scheduler;
        private readonly Action<int> _onBeat;
        private readonly ManualResetEventSlim _stop = new();
        private int _isPosted;
        private int _due;

        public Beat(TimeSpan period, TaskScheduler scheduler, Action<int> onBeat)
        {
            _periodNanoseconds = (long)period.TotalNanoseconds;
            _scheduler = scheduler;
            _onBeat = onBeat;
            new Thread(Run) { IsBackground = true, Name = "beat", Priority = ThreadPriority.AboveNormal }.Start();
        }

        public void Dispose() => _stop.Set();

        private void Run()
        {
            var next = Now() + _periodNanoseconds;
            while (!_stop.IsSet)
            {
                WaitUntil(next);
                // Deadlines are absolute, so a late wake-up shifts nothing; whole periods slept through are counted.
                var missed = (int)((Now() - next) / _periodNanoseconds);
                next += _periodNanoseconds * (missed + 1);
                Interlocked.Add(ref _due, missed + 1);
                if (Interlocked.Exchange(ref _isPosted, 1) == 0)
                {
                    Task.Factory.StartNew(
                        static beat => ((Beat)beat!).Post(), this, CancellationToken.None,
                        TaskCreationOptions.PreferFairness, _scheduler);
                }
            }

            _stop.Dispose();
        }

        private void Post()
        {
            Volatile.Write(ref _isPosted, 0);
            var due = Interlocked.Exchange(ref _due, 0);
            if (due > 0 && !_stop.IsSet)
            {
                _onBeat(due);
            }
        }

        private void WaitUntil(long nanoseconds)
        {
            if (OperatingSystem.IsLinux())
            {
                var deadline = new TimeSpec
                {
                    Seconds = (nint)(nanoseconds / 1_000_000_000),
                    Nanoseconds = (nint)(nanoseconds % 1_000_000_000),
                };
                _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, in deadline, IntPtr.Zero);
                return;
            }

            var left = nanoseconds - Now();
            if (left > 0)
            {
                _stop.Wait(TimeSpan.FromMicroseconds(left / 1000.0));
            }
        }

        /// <summary>On Linux a stopwatch reads CLOCK_MONOTONIC in nanoseconds, the clock of the deadlines.</summary>
        private static long Now() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

        [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
        private static partial int ClockNanosleep(int clock, int flags, in TimeSpec request, IntPtr remain);

        [StructLayout(LayoutKind.Sequential)]
        private struct TimeSpec
        {
            public nint Seconds;
            public nint Nanoseconds;
        }
    }
}
