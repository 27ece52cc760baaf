using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Connects, and refuses a Redis that could lose or mix up what the engine decides.</summary>
internal sealed partial class RedisStoreOpening(RedisStoreSession session)
{
    private static readonly Version Oldest = new(6, 2);

    public async Task<RedisServerFacts> RunAsync(CancellationToken cancellation)
    {
        // The first connection tells a wrong password from a Redis that is away.
        var first = await RespConnection.ConnectAsync(
            session.Address, "te-open", RespClient.ConnectLimit, cancellation);
        await first.DisposeAsync();
        var facts = await RedisServerFacts.ReadAsync(session.Reads, cancellation);
        Check(facts);
        var epoch = await OpenEpochAsync(cancellation);
        await EnsureGroupsAsync(epoch, cancellation);
        session.Open(epoch, await ConnectBoardAsync(session.Options.ConnectionString, cancellation));
        return facts;
    }

    private void Check(RedisServerFacts facts)
    {
        var at = $"Redis at {session.Address}";
        if (facts.Version < Oldest)
        {
            throw new StoreRefusedException($"{at} is version {facts.Version}: install {Oldest} or newer.");
        }

        if (facts.IsLoading)
        {
            throw new StoreException($"{at} is still loading its data: try again when it is done.");
        }

        if (facts.IsReplica)
        {
            throw new StoreRefusedException($"{at} is a replica: name its primary in the connection string.");
        }

        // Lists of the agents, and the lists that show state, have keys without a tag, which one script may not touch together there.
        if (facts.IsCluster)
        {
            throw new StoreRefusedException(
                $"{at} runs with cluster-enabled yes: use a Redis with cluster-enabled no, as one commit spans several slots.");
        }

        if (facts.MaxMemory > 0 && facts.MaxMemoryPolicy != "noeviction")
        {
            throw new StoreRefusedException($"{at} has maxmemory-policy {facts.MaxMemoryPolicy} and maxmemory {facts.MaxMemory}, "
                + "so it may drop orders: run 'redis-cli config set maxmemory-policy noeviction' and put it in redis.conf.");
        }

        if (RedisVersions.MissingFix(facts.Version) is { } missing)
        {
            LogUnpatched(session.Logger, session.Address.ToString(), facts.Version, missing);
        }

        if (!facts.HasAof)
        {
            LogNoAof(session.Logger, session.Address.ToString(), facts.Persistence);
        }
    }

    /// <summary>What an operator runs to make an empty Redis a store.</summary>
    private string InitHint => InitCommandOf(session);

    /// <summary>What an operator runs to make an empty Redis a store, for messages.</summary>
    public static string InitCommandOf(RedisStoreSession session) => $"run 'dotnet run --project Client -- init --redis {session.Address}"
        + $"{(session.Options.Partitions == 1 ? "" : $" --partition {session.Options.Partition}")}'";

    private async Task<string> OpenEpochAsync(CancellationToken cancellation)
    {
        var known = session.Options.KnownEpoch;
        var mayCreate = session.Options.InitMode == RedisInitMode.Auto && known is null;
        using RespBuffer keys = new(), arguments = new();
        var ours = session.Keys;
        keys.Add(ours.Control).Add(ours.IndexVersions).Add(ours.CounterGroups).Add(ours.Audit).Add(ours.Halts)
            .Add(RedisKeys.FirstControl).Add(RedisKeys.PartitionsKey);
        arguments.Add(mayCreate ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : string.Empty)
            .Add(known ?? string.Empty).Add(RedisKeys.OrderProtocol).Add(session.Options.Partitions);
        var opened = (await ControlScripts.Open.RunAsync(session.Commits, keys, arguments, cancellation)).Items;
        var (epoch, replaces) = (opened[0].Text, opened[1].Text);
        var at = $"Redis at {session.Address}";
        if (epoch.StartsWith('!'))
        {
            throw new StoreRefusedException($"{at} holds '{epoch[1..]}' of an earlier store but no epoch in '{ours.Control}': "
                + "restore its data, or delete the keys that start with 'te:{' to begin anew.");
        }

        if (epoch.Length == 0)
        {
            throw new StoreRefusedException(known is null
                ? $"{at} holds no store and InitMode is Never: {InitHint}, or set InitMode to Auto."
                : $"{at} is empty but this data directory has used a store of epoch {known}: restore Redis' data, "
                    + $"or begin anew without it: {InitHint}.");
        }

        if (known is not null && known != epoch && known != replaces)
        {
            throw new StoreRefusedException($"{at} holds the store of epoch {epoch} but this data directory has used epoch "
                + $"{known}: set the connection string to the right Redis, or use another data directory.");
        }

        CheckTerms(at, opened[2].Text, opened[3].Text);
        return epoch;
    }

    private void CheckTerms(string at, string protocol, string partitions)
    {
        if (protocol != RedisKeys.OrderProtocol)
        {
            throw new StoreRefusedException($"{at} holds a store of order protocol {protocol}, and this silo is of {RedisKeys.OrderProtocol}: "
                + $"start silos of {protocol}, or end them all and bring the store over to {RedisKeys.OrderProtocol} as docs/upgrade.md says.");
        }

        if (partitions != session.Options.Partitions.ToString(CultureInfo.InvariantCulture))
        {
            throw new StoreRefusedException($"{at} holds a store of {partitions} partitions, and this silo was started with "
                + $"{session.Options.Partitions}: start it with --partitions {partitions}; the number of a store cannot be changed.");
        }
    }

    private async Task EnsureGroupsAsync(string epoch, CancellationToken cancellation)
    {
        foreach (var route in new QueueRoutes(session.Options, session.Keys, session.Keys).All)
        {
            if (!route.Definition.IsRead || route.Carrier == QueueCarrier.Channel)
            {
                continue;
            }

            using RespBuffer keys = new(), arguments = new();
            keys.Add(session.Keys.Control).Add(route.Stream);
            arguments.Add(epoch).Add(RedisKeys.Group);
            try
            {
                await ControlScripts.EnsureGroup.RunAsync(session.Commits, keys, arguments, cancellation);
            }
            catch (StoreException fault) when (fault.Message.Contains("WRONGTYPE", StringComparison.Ordinal))
            {
                throw new StoreRefusedException(
                    $"Key '{route.Stream}' is no stream: rename or delete it with redis-cli.", fault);
            }
        }
    }

    private static async Task<IConnectionMultiplexer> ConnectBoardAsync(string connection, CancellationToken cancellation)
    {
        var options = ConfigurationOptions.Parse(connection);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)RespClient.ConnectLimit.TotalMilliseconds;
        options.AsyncTimeout = (int)RespClient.CommandLimit.TotalMilliseconds;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "te-board";
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellation);
        }
        catch (RedisException fault)
        {
            throw new StoreException($"Redis cannot be reached: {fault.Message}", fault);
        }
    }

    [LoggerMessage(3002, LogLevel.Warning,
        "Redis at {Address} says it is {Version}, which lacks a fix by that number: {Missing}. Update it, unless its distribution carries the fix; let only the engine run scripts (deploy/redis)")]
    private static partial void LogUnpatched(ILogger logger, string address, Version version, string missing);

    [LoggerMessage(3001, LogLevel.Warning,
        "Redis at {Address} persists with {Persistence}: a crash loses orders. Set appendonly yes and appendfsync everysec")]
    private static partial void LogNoAof(ILogger logger, string address, string persistence);
}
