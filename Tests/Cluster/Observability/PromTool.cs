using System.Diagnostics;
using Xunit;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>Prometheus' own judge of files and metrics.</summary>
internal static class PromTool
{
    /// <summary>Runs it in a directory; its exit code and all it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string directory, string? input, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>A folder of the repository.</summary>
    public static string FolderOf(params IEnumerable<string> parts)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Orleans.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return Path.Combine([root, .. parts]);
    }
}
