using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces;

namespace TradingEngine.Client.Certification;

/// <summary>Certification cannot run there; the message says why and what to do.</summary>
internal sealed class CertificationRefusedException(string message) : Exception(message);

/// <summary>
/// The Redis of a certification: taken only where no engine and no work of one is, held while it runs, and left as it was.
/// </summary>
internal sealed class CertificationGround : IAsyncDisposable
{
    /// <summary>What every key of a store matches.</summary>
    private const string StoreKeys = "te:{*";

    private static readonly TimeSpan ReadyLifetime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadyPeriod = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private readonly RedisPlace _place;
    private readonly Task _showing;

    private CertificationGround(RedisPlace place, WireQueues queues)
    {
        _place = place;
        Queues = queues;
        _showing = ShowReadyAsync();
    }

    /// <summary>The queues there.</summary>
    public WireQueues Queues { get; }

    /// <summary>Takes it.</summary>
    /// <param name="place">The Redis.</param>
    /// <param name="usesStreams">True where the queues are streams.</param>
    /// <exception cref="CertificationRefusedException">An engine is there, or work waits in a queue.</exception>
    public static async Task<CertificationGround> TakeAsync(RedisPlace place, bool usesStreams)
    {
        var database = place.Database;
        var queues = new WireQueues(database, usesStreams);
        var at = $"Redis at {place.Address}, database {database.Database},";
        const string fix = "Certify on a Redis or database of its own.";
        await foreach (var key in place.Server.KeysAsync(database.Database, StoreKeys))
        {
            if (!await queues.IsEmptyStreamAsync(key))
            {
                throw new CertificationRefusedException($"{at} holds an engine's store ('{key}'). {fix}");
            }
        }

        foreach (var key in new[] { BoardKeys.AgentStats + AgentNames.Engine, BoardKeys.Heartbeat + AgentNames.Engine })
        {
            if (await database.KeyExistsAsync(key))
            {
                throw new CertificationRefusedException($"{at} shows an engine's life ('{key}'). {fix}");
            }
        }

        foreach (var queue in WireQueue.All)
        {
            if (await database.KeyExistsAsync(queue.List))
            {
                throw new CertificationRefusedException($"{at} has work waiting in '{queue.List}'. {fix} "
                    + "A strategy agent that runs already fills its queue: let certify start it, with --start-command.");
            }
        }

        // Setting it is taking it: an engine or another certification would have it set.
        return await database.StringSetAsync(BoardKeys.Ready, "true", ReadyLifetime, When.NotExists)
            ? new CertificationGround(place, queues)
            : throw new CertificationRefusedException(
                $"{at} shows an engine that runs, or another certification ('{BoardKeys.Ready}'). {fix}");
    }

    /// <summary>Ends the connections of everybody else to this database, as a network does.</summary>
    public async Task<int> CutConnectionsAsync(string ownName)
    {
        var cut = 0;
        foreach (var client in await _place.Server.ClientListAsync())
        {
            if (client.Name != ownName && client.Database == _place.Database.Database)
            {
                cut += (int)await _place.Database.ExecuteAsync("CLIENT", "KILL", "ID", client.Id.ToString(CultureInfo.InvariantCulture));
            }
        }

        return cut;
    }

    /// <summary>Leaves: what waits in the queues is of this run, since they were empty.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _showing;
        _ended.Dispose();
        try
        {
            await _place.Database.KeyDeleteAsync([.. WireQueue.All.Select(Queues.KeyOf), BoardKeys.Ready]);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // Redis is away: the mark of readiness ends by itself, and the next run says what is left in the queues.
        }
    }

    /// <summary>Agents may wait for an engine that is ready.</summary>
    private async Task ShowReadyAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await _place.Database.StringSetAsync(BoardKeys.Ready, "true", ReadyLifetime);
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                // Again in five seconds; it lasts fifteen.
            }

            await Task.Delay(ReadyPeriod, _ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
