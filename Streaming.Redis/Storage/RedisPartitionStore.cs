using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>A partition's state in Redis. Commits and reads have a connection each, so that a long read delays no commit.</summary>
internal sealed partial class RedisPartitionStore : IPartitionStore
{
    private readonly RedisStoreSession _session;
    private readonly RedisKeys _keys;
    private readonly CommitEncoder _encoder;
    private volatile bool _adopted;

    public RedisPartitionStore(string partition, RedisStoreSession session)
    {
        Partition = partition;
        _session = session;
        _keys = new RedisKeys(partition);
        _encoder = new CommitEncoder(_keys, new QueueRoutes(session.Options, _keys), session.Time);
        _adopted = partition == RedisKeys.QueuePartition;
    }

    public string Partition { get; }

    public async ValueTask<CommitResult[]> CommitAsync(
        IReadOnlyList<Commit> commits, CancellationToken cancellation = default)
    {
        if (commits.Count == 0)
        {
            return [];
        }

        if (!_adopted)
        {
            await AdoptAsync(cancellation);
        }

        var replies = new RespValue[commits.Count];
        await SendAsync(commits, [.. Enumerable.Range(0, commits.Count)], replies, load: false, cancellation);
        var unknown = Enumerable.Range(0, commits.Count).Where(i => replies[i].IsErrorOf("NOSCRIPT")).ToArray();
        if (unknown.Length > 0)
        {
            await SendAsync(commits, unknown, replies, load: true, cancellation);
        }

        var results = new CommitResult[commits.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Read(commits[i], replies[i].OrThrow().Items);
        }

        return results;
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
            CommitEncoder.WritePush(keys, arguments, push);
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

    public async ValueTask SetHaltAsync(string scope, string? reason, CancellationToken cancellation = default)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(_keys.Control).Add(_keys.Halts);
        arguments.Add(_session.Epoch).Add(scope).Add(reason ?? string.Empty).Add(reason is null ? 0 : 1);
        await RunAsync(ControlScripts.SetHalt, keys, arguments, cancellation);
    }

    private static CommitResult Read(Commit commit, RespValue[] answer)
    {
        var outcome = (CommitOutcome)answer[0].Integer;
        var mode = (int)answer[1].Integer;
        var detail = outcome switch
        {
            CommitOutcome.VersionConflict when answer[2].Integer < 0 => commit.Removals[-(int)answer[2].Integer - 1].Key,
            CommitOutcome.VersionConflict => commit.Records[(int)answer[2].Integer - 1].Key,
            CommitOutcome.Halted => commit.HaltScopes[(int)answer[2].Integer - 1],
            CommitOutcome.FenceLost => commit.Fence?.Group,
            CommitOutcome.Committed or CommitOutcome.ModeRefused or CommitOutcome.EpochLost => null,
            _ => throw new StoreException($"The commit script answered {outcome}."),
        };
        return new CommitResult(outcome, detail, mode,
            outcome == CommitOutcome.Committed ? [.. answer.Skip(3).Select(version => version.Integer)] : []);
    }

    /// <summary>Sends the chosen commits in one write. A Redis that was told to forget its scripts runs none of them; then the
    /// script is loaded in the same write.</summary>
    private async Task SendAsync(IReadOnlyList<Commit> commits, int[] chosen, RespValue[] replies, bool load,
        CancellationToken cancellation)
    {
        using RespBuffer buffer = new(4096), keys = new(), arguments = new(4096);
        var skip = load ? 1 : 0;
        if (load)
        {
            CommitScript.Commit.WriteLoad(buffer);
        }

        foreach (var index in chosen)
        {
            _encoder.Write(buffer, keys, arguments, commits[index], _session.Epoch);
        }

        var answers = await _session.Commits.CallAsync(buffer, chosen.Length + skip, cancellation, all =>
        {
            for (var i = 0; i < chosen.Length; i++)
            {
                Count(commits[chosen[i]], all[i + skip].Items);
            }
        });
        for (var i = 0; i < chosen.Length; i++)
        {
            replies[chosen[i]] = answers[i + skip];
        }
    }

    private void Count(Commit commit, RespValue[] answer)
    {
        if (answer.Length >= 3 && answer[0].Integer == (int)CommitOutcome.Committed)
        {
            var fromChannels = 0;
            foreach (var ack in commit.Acks)
            {
                fromChannels += _encoder.Stream(ack) is null ? 1 : 0;
            }

            _session.Activity.Add(_encoder.CountRead(commit) - (int)answer[2].Integer - fromChannels);
        }
    }

    private async Task<RespValue> RunAsync(RedisScript script, RespBuffer keys, RespBuffer arguments,
        CancellationToken cancellation, Action<RespValue[]>? inOrder = null)
    {
        if (!_adopted)
        {
            await AdoptAsync(cancellation);
        }

        return await script.RunAsync(_session.Commits, keys, arguments, cancellation, inOrder);
    }

    private async Task AdoptAsync(CancellationToken cancellation)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(RedisKeys.Default.Control).Add(_keys.Control);
        await ControlScripts.Adopt.RunAsync(_session.Commits, keys, arguments.Add(_session.Epoch), cancellation);
        _adopted = true;
    }
}
