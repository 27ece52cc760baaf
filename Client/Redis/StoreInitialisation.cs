using System.Security.Cryptography;
using StackExchange.Redis;

namespace TradingEngine.Client.Redis;

/// <summary>What came of an initialisation.</summary>
/// <param name="Epoch">Epoch that stands now; null where none does.</param>
/// <param name="IsDone">True when it was written by this call.</param>
/// <param name="Foreign">A key of an earlier store that stands there without an epoch; null without one.</param>
internal sealed record StoreInitialisationResult(string? Epoch, bool IsDone, string? Foreign);

/// <summary>
/// Makes an empty Redis a store by hand. This is the one place outside the stores that writes a key of theirs: it must work
/// where no silo starts, and a client knows no store. The keys are described in docs/wire.md.
/// </summary>
internal static class StoreInitialisation
{
    /// <summary>Hash of a partition that holds the epoch.</summary>
    public static string ControlOf(string partition) => RootOf(partition) + "control";

    /// <summary>Stands for whatever store the first silo that comes has lost.</summary>
    public const string AnyEpoch = "*";

    private const int EpochBytes = 16;

    // What no store without an epoch may hold, as the silo looks for it.
    private static readonly string[] Names = ["control", "idxv", "ctrs", "audit", "halts"];

    private const string Look = """
        local epoch = redis.call('HGET', KEYS[1], 'epoch')
        if epoch then return {epoch, ''} end
        for i = 1, #KEYS do
          if redis.call('EXISTS', KEYS[i]) == 1 then return {'', KEYS[i]} end
        end
        if ARGV[1] ~= '' then redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'replaces', ARGV[2]) end
        return {ARGV[1], ''}
        """;

    /// <summary>Says what stands there, and writes nothing.</summary>
    public static Task<StoreInitialisationResult> LookAsync(IDatabase database, string partition) => RunAsync(database, partition, "", "");

    /// <summary>Writes a new epoch where there is none.</summary>
    /// <param name="database">The Redis.</param>
    /// <param name="partition">The partition: each is a store of its own in this.</param>
    /// <param name="replaces">Epoch of the lost store, or <see cref="AnyEpoch"/>: silos that knew that store start on this one.</param>
    public static Task<StoreInitialisationResult> RunAsync(IDatabase database, string partition, string replaces) =>
        RunAsync(database, partition, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(EpochBytes)), replaces);

    private static async Task<StoreInitialisationResult> RunAsync(IDatabase database, string partition, string epoch, string replaces)
    {
        RedisKey[] keys = [.. Names.Select(name => (RedisKey)(RootOf(partition) + name))];
        var answer = (string[])(await database.ScriptEvaluateAsync(Look, keys, [epoch, replaces]))!;
        var (stands, foreign) = (answer[0], answer[1]);
        return new StoreInitialisationResult(
            stands.Length == 0 ? null : stands, stands.Length > 0 && stands == epoch, foreign.Length == 0 ? null : foreign);
    }

    /// <summary>What the keys of a partition begin with.</summary>
    public static string RootOf(string partition) => $"te:{{{partition}}}:";
}
