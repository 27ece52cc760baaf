using System.Diagnostics;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>A process this benchmark started: its last lines are kept, and disposal ends it, gently first.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 30;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Queue<string> _tail = new(TailLines);
    private readonly Lock _gate = new();

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string name, string file, string workingDirectory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        var child = new ChildProcess(name, process);
        process.OutputDataReceived += (_, line) => child.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => child.Keep(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            process.Dispose();
            throw new BenchmarkException($"{name} could not be started ({file}): {error.Message}", error);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Its last lines, for the message of a failure.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return _tail.Count == 0
                ? $"({Name} wrote nothing)"
                : $"Last {_tail.Count} lines of {Name}:\n  {string.Join("\n  ", _tail)}";
        }
    }

    /// <summary>Polls until <paramref name="condition"/> holds; an early exit or the deadline throws with the tail.</summary>
    public async Task WaitUntilAsync(
        string what, Func<bool> condition, TimeSpan deadline, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (_process.HasExited)
            {
                throw new BenchmarkException(
                    $"{Name} ended with status {_process.ExitCode} while {what} was awaited.\n{Tail()}");
            }
            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new BenchmarkException(
                    $"{Name}: {what} was awaited for {deadline.TotalSeconds:0} s in vain.\n{Tail()}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }
    }

    /// <summary>Waits for its end; a status other than 0 throws with the tail.</summary>
    public async Task WaitForSuccessAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        if (_process.ExitCode != 0)
        {
            throw new BenchmarkException($"{Name} ended with status {_process.ExitCode}.\n{Tail()}");
        }
    }

    /// <summary>Ends it at once, by SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited && Native.RequestEnd(_process.Id))
            {
                await EndAsync();
            }
        }
        finally
        {
            _process.Dispose();
        }
    }

    private async Task EndAsync()
    {
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"{Name} ignored SIGTERM for {EndTimeout.TotalSeconds:0} s and was killed.\n{Tail()}");
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (_gate)
        {
            if (_tail.Count == TailLines)
            {
                _ = _tail.Dequeue();
            }
            _tail.Enqueue(line);
        }
    }
}
