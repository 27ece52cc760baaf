using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>A process that is started to be broken: killed without a word and started again with the same arguments.</summary>
internal sealed class Victim(string name, string file, IReadOnlyList<string> arguments, string directory) : IAsyncDisposable
{
    private const int KeptLines = 40;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private Process? _process;

    /// <summary>True while it runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>True when it was started and ended by itself.</summary>
    public bool HasEnded => _process is { HasExited: true };

    /// <summary>Process id, for signals.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException($"{name} was not started.");

    /// <summary>Number of lines that began so since the last start.</summary>
    public int Count(string beginning)
    {
        lock (_gate)
        {
            return _lines.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _lines.Clear();
        }

        var process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments)
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new FaultException($"{name} could not be started ({file}): {exception.Message}", exception);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>Waits for a line that begins so; its end meanwhile is a fault of the run.</summary>
    public Task PrintsAsync(string beginning, TimeSpan limit) => Poll.UntilAsync(
        $"'{beginning}' of {name}",
        () => IsRunning
            ? Task.FromResult(Count(beginning) > 0)
            : throw new FaultException($"{name} ended by itself. {Tail()}"),
        limit, Tail);

    /// <summary>SIGKILL: it gets no chance to write, answer or say goodbye.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>SIGKILL; whoever watches over it sees that it ended.</summary>
    public async Task KillForRestartAsync()
    {
        var process = _process ?? throw new InvalidOperationException($"{name} was not started.");
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still, as under a long pause of its machine, and knows nothing of it.</summary>
    public void Freeze() => Send(Stop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Send(Continue);

    public string Tail()
    {
        lock (_gate)
        {
            return $"Last lines of {name}:\n  {string.Join("\n  ", _lines.TakeLast(12))}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }
    }

    private void Send(int signal)
    {
        if (Signal(Id, signal) != 0)
        {
            throw new FaultException($"{name} could not be sent signal {signal}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            // The line that says it is ready must not be pushed out by those that follow.
            if (_lines.Count >= KeptLines && !_lines.Peek().StartsWith("Ready", StringComparison.Ordinal))
            {
                _lines.Dequeue();
            }
            else if (_lines.Count >= KeptLines * 2)
            {
                _lines.Clear();
                _lines.Enqueue("Ready (earlier)");
            }

            _lines.Enqueue(line);
        }
    }
}
