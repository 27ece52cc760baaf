using TradingEngine.Grains.Interfaces;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Redis;

/// <summary>
/// Kills an engine through its Redis, with every silo dead: the mode stands in the hash that each commit checks, so no order that
/// takes risk is written from then on, whoever starts. The silos that run, or the next to start, withdraw what is working.
/// </summary>
internal static class StoreKill
{
    private const string ControlName = "control";

    // Beside the mode the entry of the history; a kill that already stands is left as it is.
    private const string Script = """
        if not redis.call('HGET', KEYS[1], 'epoch') then return {'', ''} end
        local mode = redis.call('HGET', KEYS[1], 'mode') or '0'
        if mode == ARGV[1] then return {'0', mode} end
        redis.call('HSET', KEYS[1], 'mode', ARGV[1], 'reason', ARGV[2])
        redis.call('HINCRBY', KEYS[1], 'modev', 1)
        redis.call('LPUSH', KEYS[2], ARGV[3])
        redis.call('LTRIM', KEYS[2], 0, 999)
        return {'1', mode}
        """;

    /// <summary>Sets the mode of every partition.</summary>
    /// <param name="place">The Redis.</param>
    /// <param name="mode">A killed mode.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="history">The entry of the history of commands.</param>
    /// <returns>Modes that stood before, one for each partition whose mode was changed; null where Redis holds no store.</returns>
    public static async Task<IReadOnlyList<EngineMode>?> RunAsync(RedisPlace place, EngineMode mode, string reason, byte[] history)
    {
        var before = new List<EngineMode>();
        var partitions = 0;
        await foreach (var control in place.Server.KeysAsync(place.Database.Database, "te:{*}:" + ControlName))
        {
            // The history of the first partition has no tag: on a cluster it is another slot, where the engine does not run.
            var root = control.ToString()[..^ControlName.Length];
            var answer = (string[])(await place.Database.ScriptEvaluateAsync(
                Script, [control, (root == StoreInitialisation.RootOf(StreamNames.DefaultPartition) ? "" : root) + BoardKeys.CommandHistory], [(int)mode, reason, history]))!;
            partitions += answer[0].Length > 0 ? 1 : 0;
            if (answer[0] == "1")
            {
                before.Add((EngineMode)int.Parse(answer[1], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return partitions == 0 ? null : before;
    }
}
