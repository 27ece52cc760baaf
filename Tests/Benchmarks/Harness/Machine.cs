using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>What the figures were measured on: without it they mean nothing.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(bool markdown, CancellationToken cancellation)
    {
        var root = RepositoryRoot.Find();
        var commit = await FirstLineAsync("git", root, ["rev-parse", "--short", "HEAD"], cancellation);
        var changes = await FirstLineAsync("git", root, ["status", "--porcelain", "-uno"], cancellation);
        var redis = await FirstLineAsync("redis-server", root, ["--version"], cancellation);
        (string Name, string Value)[] facts =
        [
            ("CPU", $"{CpuModel()}, {Environment.ProcessorCount} cores, load {LoadAverage()} before the run{LoadWarning()}"),
            (".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
            ("Redis", RedisVersion(redis)),
            ("Commit", $"{(commit.Length > 0 ? commit : "unknown")}{(changes.Length > 0 ? " with local changes" : "")}"),
            ("Date", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC"),
        ];
        var text = new StringBuilder();
        foreach (var (name, value) in facts)
        {
            text.AppendLine(markdown ? $"- {name}: {value}" : $"{name,-7} {value}");
        }
        return text.ToString();
    }

    private static string CpuModel()
    {
        const string File = "/proc/cpuinfo";
        var line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string LoadAverage()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Split(' ')[0] : "unknown";
    }

    private static string LoadWarning() =>
        double.TryParse(LoadAverage(), out var load) && load > Environment.ProcessorCount / 2.0
            ? " (BUSY: others' work is in these figures)"
            : "";

    private static string RedisVersion(string line)
    {
        const string Mark = "v=";
        var version = line.Split(' ').FirstOrDefault(word => word.StartsWith(Mark, StringComparison.Ordinal));
        return version is null ? "not found" : $"{version[Mark.Length..]}, AOF everysec";
    }

    private static async Task<string> FirstLineAsync(
        string file, string directory, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return output.Split('\n')[0].Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }
}
