using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Client.Commands;
using TradingEngine.Client.Embedded;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Tests.Faults.Restore;

/// <summary>
/// Backup and restore as docs/operations.md tells them: copies a store while it trades, destroys it, restores the copy, and compares.
/// What was done before the copy began must be there again, whole; what came after it may be.
/// </summary>
internal sealed class RestoreRun(int signals)
{
    private const string Reason = "restored";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>On Redis: its append-only files.</summary>
    public async Task<bool> RedisAsync()
    {
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var silo = place.SiloOnRedis(usesStreams: false);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        var backup = Directory.CreateDirectory(Path.Combine(place.Data, "backup")).FullName;
        List<string> before;
        await using (var agents = await RedisAgents.ConnectAsync(place.RedisAddress, usesStreams: false))
        {
            await agents.SendAsync(Ids("before"));
            before = await HeldAsync(agents, signals);
            var load = new Load(agents, rate: 100);
            load.Start();
            await CopyAsync(place, backup);
            await load.EndAsync();
        }

        await silo.KillAsync();
        await redis.KillAsync();
        Directory.Delete(place.RedisData, recursive: true);
        Copy(backup, Path.Combine(place.RedisData, "appendonlydir"));
        redis.Start();
        await place.AnswersAsync(redis);
        await using (var store = await RedisOption.ConnectAsync(place.RedisAddress, "te-restore"))
        {
            await StoreKill.RunAsync(store, EngineMode.Killed, Reason, Encoding.UTF8.GetBytes("{}"));
        }

        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var again = await RedisAgents.ConnectAsync(place.RedisAddress, usesStreams: false);
        return await JudgeAsync("redis", before, again, EmbeddedAgents.Options(place), silo);
    }

    /// <summary>On the embedded store: a copy that SQLite makes.</summary>
    public async Task<bool> EmbeddedAsync()
    {
        using var place = new Place();
        await using var silo = place.Silo("--feed", "simulated", "--risk", "open", "--paper-commission-bps", "0");
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var agents = new EmbeddedAgents(place);
        await agents.SendAsync(Ids("before"));
        var before = await HeldAsync(agents, signals);
        var later = agents.SendAsync(Ids("after"));
        var backup = Path.Combine(Directory.CreateDirectory(Path.Combine(place.Data, "backup")).FullName, "engine.db");
        await using (var from = new SqliteConnection($"Data Source={Path.Combine(place.Data, "engine.db")};Mode=ReadOnly;Pooling=False"))
        await using (var to = new SqliteConnection($"Data Source={backup};Pooling=False"))
        {
            await from.OpenAsync();
            await to.OpenAsync();
            from.BackupDatabase(to);
        }

        await later;
        await silo.KillAsync();

        // A connection that is kept open would go on reading the file that is destroyed here.
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(place.Data, "engine.*"))
        {
            File.Delete(file);
        }

        File.Copy(backup, Path.Combine(place.Data, "engine.db"));
        await EmbeddedKill.RunAsync(place.Data, EngineMode.Killed, Reason);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        return await JudgeAsync("embedded", before, agents, EmbeddedAgents.Options(place), silo);
    }

    private async Task<bool> JudgeAsync(string store, List<string> before, IAgents agents, TradingEngineClientOptions engine, Victim silo)
    {
        await using var client = await TradingEngineClient.ConnectAsync(engine);
        var status = await client.GetEngineStatusAsync();
        var held = (await agents.PositionsAsync()).Where(position => position.Strategy == "faults" && position.Quantity == Wire.Quantity)
            .Select(position => position.Id).ToHashSet(StringComparer.Ordinal);
        var missing = before.Count(id => !held.Contains(id));
        var audit = new AuditWalk(client);
        await audit.RunAsync(CancellationToken.None);
        var breaks = audit.Verifier.BreakCount + audit.Differences.Count;

        // Led on as the page says, it trades again.
        await client.CommandAsync(new EngineCommand(EngineCommands.Reset, "restore") { Reason = "compared" });
        await client.ResumeAsync();
        await agents.SendAsync(Ids("again"));
        var trades = await TradesAgainAsync(agents, held.Count, silo);
        var isClean = missing == 0 && breaks == 0 && status.Mode == EngineMode.Killed && trades;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{store}: {before.Count} positions before the copy, {held.Count} after the restore, {missing} missing, {breaks} breaks of the audit, "
            + $"{status.Mode} until it was led on, then it {(trades ? "trades" : "does not trade")} again{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }

    private async Task<bool> TradesAgainAsync(IAgents agents, int held, Victim silo)
    {
        try
        {
            await Poll.UntilAsync(
                "positions of the signals after the restore", async () => (await CountAsync(agents)) >= held + signals, Limit, silo.Tail);
            return true;
        }
        catch (FaultException exception)
        {
            Console.WriteLine(exception.Message);
            return false;
        }
    }

    private static async Task<List<string>> HeldAsync(IAgents agents, int count)
    {
        await Poll.UntilAsync("positions of all signals", async () => await CountAsync(agents) >= count, Limit);
        return [.. (await agents.PositionsAsync()).Where(position => position.Strategy == "faults").Select(position => position.Id)];
    }

    private static async Task<int> CountAsync(IAgents agents) =>
        (await agents.PositionsAsync()).Count(position => position.Strategy == "faults" && position.Quantity == Wire.Quantity);

    /// <summary>A rewrite first, and none between the files of the copy.</summary>
    private static async Task CopyAsync(Place place, string backup)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(place.RedisAddress + ",allowAdmin=true");
        var server = connection.GetServer(place.RedisAddress);
        await server.ExecuteAsync("BGREWRITEAOF");
        await Poll.UntilAsync("the rewrite of the append-only file", async () =>
        {
            var info = (await server.InfoRawAsync("persistence"))!;
            return info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal) && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal);
        }, Limit);
        await server.ConfigSetAsync("auto-aof-rewrite-percentage", 0);
        Copy(Path.Combine(place.RedisData, "appendonlydir"), backup);
        await server.ConfigSetAsync("auto-aof-rewrite-percentage", 100);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.Create(Path.Combine(to, Path.GetFileName(file)));
            source.CopyTo(target);
        }
    }

    private List<string> Ids(string part) => [.. Enumerable.Range(0, signals).Select(number => string.Create(CultureInfo.InvariantCulture, $"{part}-{number}"))];
}
