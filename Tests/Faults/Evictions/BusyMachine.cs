using System.Diagnostics;
using System.Globalization;

namespace TradingEngine.Tests.Faults.Evictions;

/// <summary>Threads that keep the processors of this machine as busy as asked, beside whatever else runs on it.</summary>
internal sealed class BusyMachine : IDisposable
{
    private const double Step = 0.25;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly double _share;
    private readonly ManualResetEventSlim _ending = new();
    private readonly List<Thread> _threads = [];
    private double _duty;
    private double _sum;
    private int _looks;

    /// <param name="share">Share of all processors that is to be busy, 0 to 1.</param>
    public BusyMachine(double share)
    {
        _share = share;
        _duty = share;
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            Begin(Burn);
        }

        Begin(Steer);
    }

    /// <summary>What was busy on average, of all processors; by the kernel's count.</summary>
    public double Measured => _looks == 0 ? 0 : _sum / _looks;

    public void Dispose()
    {
        _ending.Set();
        _threads.ForEach(thread => thread.Join());
        _ending.Dispose();
    }

    private void Begin(ThreadStart work)
    {
        var thread = new Thread(work) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void Burn()
    {
        while (!_ending.IsSet)
        {
            var duty = Volatile.Read(ref _duty);
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < Slice * duty)
            {
                // What is measured is a machine that has no time.
            }

            _ending.Wait(Slice * (1 - duty));
        }
    }

    private void Steer()
    {
        var (busy, all) = Read();
        while (!_ending.Wait(Look))
        {
            var (nowBusy, nowAll) = Read();
            var share = (nowBusy - busy) / (double)Math.Max(1, nowAll - all);
            (busy, all) = (nowBusy, nowAll);
            _sum += share;
            _looks++;
            Volatile.Write(ref _duty, Math.Clamp(_duty + (Step * (_share - share)), 0, 1));
        }
    }

    /// <summary>Ticks that the processors were busy, and all of them, since the machine started.</summary>
    private static (long Busy, long All) Read()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var idle = fields[3] + fields[4];
        return (fields.Sum() - idle, fields.Sum());
    }
}
