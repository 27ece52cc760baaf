using System.Globalization;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>What a Redis says about itself.</summary>
internal sealed record RedisServerFacts(
    Version Version, bool IsCluster, bool IsReplica, bool IsLoading, long MaxMemory, string MaxMemoryPolicy, string Persistence)
{
    public bool HasAof => Persistence.StartsWith("AOF", StringComparison.Ordinal);

    public static async Task<RedisServerFacts> ReadAsync(RespClient client, CancellationToken cancellation)
    {
        using var buffer = new RespBuffer();
        buffer.Command("INFO").Command("CONFIG", "GET", "appendfsync").Command("CONFIG", "GET", "save");
        var replies = await client.CallAsync(buffer, 3, cancellation);
        var info = Parse(replies[0].OrThrow().Text);
        var persistence = info.GetValueOrDefault("aof_enabled") == "1"
            ? $"AOF {Setting(replies[1]) ?? "of unknown interval"}"
            : Setting(replies[2]) switch
            {
                null => "no AOF",
                "" => "none",
                _ => "RDB only",
            };
        return new RedisServerFacts(
            Version.TryParse(info.GetValueOrDefault("redis_version"), out var version)
                ? version
                : throw new StoreException("Redis does not tell its version."),
            info.GetValueOrDefault("cluster_enabled") == "1",
            info.GetValueOrDefault("role") == "slave",
            info.GetValueOrDefault("loading") == "1",
            long.Parse(info.GetValueOrDefault("maxmemory", "0"), CultureInfo.InvariantCulture),
            info.GetValueOrDefault("maxmemory_policy", "noeviction"),
            persistence);
    }

    /// <summary>The answer of INFO as names and values.</summary>
    public static Dictionary<string, string> Parse(string info) => info.Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    /// <summary>A value of CONFIG GET; null where a hosted Redis forbids the command.</summary>
    private static string? Setting(in RespValue reply) => reply.Items is [_, var value] ? value.Text : null;
}
