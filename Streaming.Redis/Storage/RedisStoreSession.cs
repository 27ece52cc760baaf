using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>What the parts of an open store share.</summary>
internal sealed class RedisStoreSession(
    RedisStoreOptions options, TimeProvider time, ILogger logger, ActivityCounter activity) : IAsyncDisposable
{
    private IConnectionMultiplexer? _board;
    private readonly CancellationTokenSource _losing = new();
    private string? _epoch;
    private volatile string? _lost;

    public RedisStoreOptions Options { get; } = options;

    public RedisAddress Address { get; } = RedisAddress.Parse(options.ConnectionString);

    /// <summary>Keys of the partition that is served.</summary>
    public RedisKeys Keys { get; } = new(options.Partition, options.CommonNames);

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    public ActivityCounter Activity { get; } = activity;

    /// <summary>Commits, pushes and the reads a decision waits for.</summary>
    public RespClient Commits { get; } = new(RedisAddress.Parse(options.ConnectionString), "te-commit");

    /// <summary>Reads that may be long, and work in the background.</summary>
    public RespClient Reads { get; } = new(RedisAddress.Parse(options.ConnectionString), "te-read");

    /// <summary>Board and channels.</summary>
    public IConnectionMultiplexer Board => _board ?? throw NotOpen();

    /// <summary>Names the store that was opened; another one refuses every write.</summary>
    public string Epoch => _epoch ?? throw NotOpen();

    public bool IsOpen => _epoch is not null;

    /// <summary>Why the store that was opened is not there any more, and what to do; null while it is.</summary>
    public string? Lost => _lost;

    /// <summary>Cancelled when the store is lost.</summary>
    public CancellationToken WhenLost => _losing.Token;

    public void Open(string epoch, IConnectionMultiplexer board)
    {
        _board = board;
        _epoch = epoch;
    }

    /// <summary>Ends all work on a store that is another one now. The first reason stays.</summary>
    public async Task LoseAsync(string reason)
    {
        if (Interlocked.CompareExchange(ref _lost, reason, null) is null)
        {
            await _losing.CancelAsync();
        }
    }

    /// <exception cref="StoreException">The store was lost: what stands in its place is not to be touched.</exception>
    public void ThrowIfLost()
    {
        if (_lost is { } reason)
        {
            throw new StoreException(reason);
        }
    }

    /// <summary>Refuses what was read from a store other than the one opened.</summary>
    /// <exception cref="StoreException">The epoch that was read beside it is another, or none.</exception>
    public void CheckEpoch(RespValue found)
    {
        if (found.OrThrow().Text != Epoch)
        {
            throw new StoreException(
                $"Redis at {Address} was emptied or replaced: the store of epoch {Epoch} is not there. Restore its data.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Commits.DisposeAsync();
        await Reads.DisposeAsync();
        if (_board is not null)
        {
            await _board.DisposeAsync();
        }

        _losing.Dispose();
    }

    private static StoreException NotOpen() => new("The store was not opened: await OpenAsync first.");
}
