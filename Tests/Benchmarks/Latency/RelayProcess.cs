using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>The raw relay in a process of its own, as the engine is.</summary>
internal static class RelayProcess
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);

    public static async Task<ChildProcess> StartAsync(
        RedisServer redis, string directory, CancellationToken cancellation, bool usesStreams = false)
    {
        string[] arguments = [DotNet.ThisBinary, RelayCommand.Name, "--port", $"{redis.Port}"];
        var process = ChildProcess.Start(
            "relay", DotNet.Host, directory, usesStreams ? [.. arguments, RelayCommand.StreamsOption] : arguments);
        try
        {
            using var connection = redis.Connect();
            await process.WaitUntilAsync(
                "its connection to Redis",
                () => connection.Call("CLIENT", "LIST")!.Contains($"name={Relay.ClientName}", StringComparison.Ordinal),
                StartTimeout,
                cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
