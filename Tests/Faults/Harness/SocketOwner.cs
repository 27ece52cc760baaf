using System.Globalization;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Finds out who holds the other end of a connection on this machine.</summary>
internal static class SocketOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    private const int LocalColumn = 1;
    private const int InodeColumn = 9;

    /// <summary>The one of these processes that has a connection from this port; null when none has.</summary>
    public static int? Find(int port, IEnumerable<int> processes)
    {
        var ending = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        var inodes = Tables
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[LocalColumn].EndsWith(ending, StringComparison.Ordinal))
            .Select(columns => $"socket:[{columns[InodeColumn]}]")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var process in processes)
        {
            if (Targets(process).Any(inodes.Contains))
            {
                return process;
            }
        }

        return null;
    }

    private static IEnumerable<string> Targets(int process)
    {
        string[] handles;
        try
        {
            handles = Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            yield break;
        }

        foreach (var handle in handles)
        {
            string? target = null;
            try
            {
                target = new FileInfo(handle).LinkTarget;
            }
            catch (IOException)
            {
                // Closed meanwhile.
            }

            if (target is not null)
            {
                yield return target;
            }
        }
    }
}
