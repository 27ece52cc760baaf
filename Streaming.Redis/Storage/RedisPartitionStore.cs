using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>A partition's state in Redis. Commits and reads have a connection each, so that a long read delays no commit.</summary>
internal sealed partial class RedisPartitionStore : IPartitionStore
{
    private readonly RedisStoreSession _session;
    private readonly RedisKeys _keys;
    private readonly CommitEncoder _encoder;
    private readonly CommitPump _pump;
    private volatile bool _adopted;

    public RedisPartitionStore(string partition, RedisStoreSession session)
    {
        Partition = partition;
        _session = session;
        _keys = new RedisKeys(partition);
        _encoder = new CommitEncoder(_keys, session.Keys, new QueueRoutes(session.Options, session.Keys, _keys), session.Time);
        _pump = new CommitPump(session, _encoder);
        _adopted = partition == session.Options.Partition;
    }

    public string Partition { get; }

    public async ValueTask<CommitResult[]> CommitAsync(
        IReadOnlyList<Commit> commits, CancellationToken cancellation = default)
    {
        if (commits.Count == 0)
        {
            return [];
        }

        _session.ThrowIfLost();
        if (!_adopted)
        {
            await AdoptAsync(cancellation);
        }

        var request = new CommitRequest(commits, _encoder);
        cancellation.ThrowIfCancellationRequested();
        _pump.Add(request);
        return await request.Task.WaitAsync(cancellation);
    }

    public async ValueTask<long> RaiseFenceAsync(string group, CancellationToken cancellation = default)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(_keys.Control).Add(_keys.CounterPrefix, group);
        return (await RunAsync(ControlScripts.RaiseFence, keys, arguments.Add(_session.Epoch), cancellation)).Integer;
    }

    public async ValueTask<bool> SetModeAsync(long expectedVersion, int mode, string reason,
        IReadOnlyList<ListPush> pushes, IReadOnlyList<QueueAck> acks, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, 31);
        using RespBuffer keys = new(), arguments = new();
        var held = acks.Count(ack => _encoder.Stream(ack) is not null);
        keys.Add(_keys.Control);
        arguments.Add(_session.Epoch).Add(expectedVersion).Add(checked(expectedVersion + 1)).Add(mode).Add(reason)
            .Add(pushes.Count).Add(held);
        foreach (var push in pushes)
        {
            _encoder.WritePush(keys, arguments, push);
        }

        foreach (var ack in acks)
        {
            _encoder.WriteAck(keys, arguments, ack);
        }

        var answer = await RunAsync(ControlScripts.SetMode, keys, arguments, cancellation, replies =>
        {
            if (replies[0] is { Kind: RespKind.Integer, Integer: >= 0 } done)
            {
                _session.Activity.Add(-(int)done.Integer - (acks.Count - held));
            }
        });
        return answer.Integer >= 0;
    }

    public async ValueTask<bool> ReplaceHaltAsync(
        string scope, string? expected, string? text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        using RespBuffer keys = new(), arguments = new();
        keys.Add(_keys.Control).Add(_keys.Halts);
        arguments.Add(_session.Epoch).Add(scope).Add(expected is null ? 0 : 1).Add(expected ?? string.Empty)
            .Add(text is null ? 0 : 1).Add(text ?? string.Empty);
        return (await RunAsync(ControlScripts.ReplaceHalt, keys, arguments, cancellation)).Integer == 1;
    }

    private async Task<RespValue> RunAsync(RedisScript script, RespBuffer keys, RespBuffer arguments,
        CancellationToken cancellation, Action<RespValue[]>? inOrder = null)
    {
        _session.ThrowIfLost();
        if (!_adopted)
        {
            await AdoptAsync(cancellation);
        }

        return await script.RunAsync(_session.Commits, keys, arguments, cancellation, inOrder);
    }

    private async Task AdoptAsync(CancellationToken cancellation)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(_session.Keys.Control).Add(_keys.Control);
        await ControlScripts.Adopt.RunAsync(_session.Commits, keys, arguments.Add(_session.Epoch), cancellation);
        _adopted = true;
    }
}
