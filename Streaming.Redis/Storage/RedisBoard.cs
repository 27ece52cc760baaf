using System.Runtime.CompilerServices;
using StackExchange.Redis;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>The blackboard of a partition, through StackExchange.Redis: nothing here is worth a microsecond.</summary>
internal sealed class RedisBoard(RedisStoreSession session) : IBoard
{
    /// <summary>Replaces a list in one step, so that no reader sees it half.</summary>
    private const string ReplaceList = """
        redis.call('DEL', KEYS[1])
        for i = 1, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
        return #ARGV
        """;

    public ValueTask SetHashAsync(
        string key, IReadOnlyDictionary<string, string> fields, CancellationToken cancellation = default) =>
        fields.Count == 0 ? ValueTask.CompletedTask : DoAsync(key, async (board, named) =>
        {
            await board.HashSetAsync(named, [.. fields.Select(field => new HashEntry(field.Key, field.Value))]);
            return true;
        }, cancellation);

    public ValueTask<IReadOnlyDictionary<string, string>> ReadHashAsync(
        string key, CancellationToken cancellation = default) => GetAsync(key, async (board, named) =>
        {
            var fields = await board.HashGetAllAsync(named);
            return (IReadOnlyDictionary<string, string>)fields.ToDictionary(
                field => field.Name.ToString(), field => field.Value.ToString(), StringComparer.Ordinal);
        }, cancellation);

    public ValueTask SetStringAsync(
        string key, string? value, TimeSpan? timeToLive, CancellationToken cancellation = default) =>
        DoAsync(key, (board, named) => value is null
            ? board.KeyDeleteAsync(named)
            : timeToLive is { } time ? board.StringSetAsync(named, value, time) : board.StringSetAsync(named, value), cancellation);

    public ValueTask<string?> ReadStringAsync(string key, CancellationToken cancellation = default) =>
        GetAsync(key, async (board, named) => (string?)await board.StringGetAsync(named), cancellation);

    public ValueTask SetListAsync(string key, IReadOnlyList<string> values, CancellationToken cancellation = default) =>
        DoAsync(key, (board, named) => board.ScriptEvaluateAsync(
            ReplaceList, [named], [.. values.Select(value => (RedisValue)value)]), cancellation);

    public ValueTask<IReadOnlyList<string>> ReadListAsync(string key, int count, CancellationToken cancellation = default) =>
        count <= 0
            ? ValueTask.FromResult<IReadOnlyList<string>>([])
            : GetAsync(key, async (board, named) => (IReadOnlyList<string>)
                [.. (await board.ListRangeAsync(named, 0, count - 1)).Select(value => value.ToString())], cancellation);

    public ValueTask PublishAsync(string channel, string message, CancellationToken cancellation = default) =>
        DoAsync(channel, (board, named) => board.PublishAsync(RedisChannel.Literal(named), message), cancellation);

    private async ValueTask DoAsync<T>(
        string key, Func<IDatabase, string, Task<T>> action, CancellationToken cancellation, [CallerMemberName] string what = "") =>
        await GetAsync(
            key,
            (board, named) =>
            {
                // What stands in its place may be another engine's, and shows what that one does.
                session.ThrowIfLost();
                return action(board, named);
            },
            cancellation, what);

    private async ValueTask<T> GetAsync<T>(
        string key, Func<IDatabase, string, Task<T>> action, CancellationToken cancellation, [CallerMemberName] string what = "")
    {
        try
        {
            return await action(session.Board.GetDatabase(), session.Keys.Named(key)).WaitAsync(cancellation);
        }
        catch (Exception fault) when (fault is RedisException or RedisTimeoutException or ObjectDisposedException)
        {
            throw new StoreException($"{what} of '{key}' failed: {fault.Message}", fault);
        }
    }
}
