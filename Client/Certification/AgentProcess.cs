using System.Diagnostics;
using TradingEngine.Client.Output;

namespace TradingEngine.Client.Certification;

/// <summary>
/// The agent's process, as far as the certification may end and start it: by commands, or by the hand of an operator.
/// </summary>
/// <param name="start">Starts the agent and stays as long as it runs; null where it runs already.</param>
/// <param name="restart">Ends and starts the agent, or only ends it where <paramref name="start"/> is given; null to kill what was started.</param>
/// <param name="screen">Where the operator is asked, and the agent's own lines go.</param>
internal sealed class AgentProcess(string? start, string? restart, Screen screen) : IAsyncDisposable
{
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(60);
    private Process? _process;

    /// <summary>True where nobody need be asked.</summary>
    public bool IsCommanded => start is not null || restart is not null;

    /// <summary>Starts it, where that is ours to do.</summary>
    public async Task StartAsync(string kind, CancellationToken cancellation)
    {
        if (start is not null)
        {
            _process = Run(start);
        }
        else if (!IsCommanded)
        {
            await screen.PauseAsync($"Start the {kind} agent, unless it runs. Press Enter when it does.", cancellation);
        }
    }

    /// <summary>Lets the operator get ready for a restart that comes at a certain moment.</summary>
    public Task PrepareRestartAsync(CancellationToken cancellation) => IsCommanded
        ? Task.CompletedTask
        : screen.PauseAsync("Get ready to kill the agent (kill -9). Work is sent to it when you press Enter.", cancellation);

    /// <summary>Kills the agent and starts it again.</summary>
    /// <exception cref="CertificationRefusedException">The command given for it failed.</exception>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        if (!IsCommanded)
        {
            await screen.PauseAsync("Kill the agent now and start it again. Press Enter when it runs.", cancellation);
            return;
        }

        if (restart is not null)
        {
            await CallAsync(restart, cancellation);
        }

        if (start is not null)
        {
            await EndAsync();
            _process = Run(start);
        }
    }

    /// <summary>Ends what was started.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    private static async Task CallAsync(string command, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(RestartLimit);
        // What it starts in the background outlives this program: it gets no pipe of ours, which would break under it.
        using var process = Start($"( {command}\n) 1>&2", isRead: false);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new CertificationRefusedException(
                $"--restart-command did not end within {RestartLimit.TotalSeconds:0} s; let it start the agent in the background.");
        }

        if (process.ExitCode != 0)
        {
            throw new CertificationRefusedException($"--restart-command ended with exit code {process.ExitCode}.");
        }
    }

    private async Task EndAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Runs it in a shell; what it prints goes to stderr, since stdout is ours.</summary>
    private Process Run(string command)
    {
        var process = Start(command, isRead: true);
        process.OutputDataReceived += (_, line) => Pass(line.Data);
        process.ErrorDataReceived += (_, line) => Pass(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Process Start(string command, bool isRead)
    {
        var (shell, flag) = OperatingSystem.IsWindows() ? ("cmd.exe", "/c") : ("/bin/sh", "-c");
        return Process.Start(new ProcessStartInfo(shell, [flag, command])
        {
            RedirectStandardOutput = isRead, RedirectStandardError = isRead, UseShellExecute = false,
        }) ?? throw new CertificationRefusedException($"'{command}' cannot be started.");
    }

    private void Pass(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            screen.Error("agent: " + line);
        }
    }
}
