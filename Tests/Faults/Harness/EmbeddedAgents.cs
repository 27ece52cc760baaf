using System.Text.Json;
using Microsoft.Data.Sqlite;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>
/// On the embedded store signals go in through the client, which repeats each until it is taken; orders are filled by the
/// silo's own paper executor, and are counted in the audit after the silo has gone.
/// </summary>
internal sealed class EmbeddedAgents(Place place, Func<string, string>? signalOf = null) : IAgents
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public async Task SendAsync(IReadOnlyList<string> signalIds)
    {
        using var slots = new SemaphoreSlim(AtOnce);
        var left = new Queue<string>(signalIds);
        while (left.Count > 0)
        {
            await using var client = await TryConnectAsync();
            if (client is null)
            {
                continue;
            }

            var batch = Enumerable.Range(0, Math.Min(AtOnce, left.Count)).Select(_ => left.Dequeue()).ToList();
            var failed = await SendAsync(client, batch, left);
            while (!failed && left.Count > 0)
            {
                batch = [.. Enumerable.Range(0, Math.Min(AtOnce, left.Count)).Select(_ => left.Dequeue())];
                failed = await SendAsync(client, batch, left);
            }
        }
    }

    public async Task<IReadOnlyDictionary<string, SeenOrders>> OrdersAsync()
    {
        var seen = new Dictionary<string, SeenOrders>(StringComparer.Ordinal);
        await using var file = await OpenAsync();
        await using var command = file.CreateCommand();
        command.CommandText = "SELECT line FROM audit ORDER BY seq";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            using var line = JsonDocument.Parse(reader.GetFieldValue<byte[]>(0));
            var signal = line.RootElement.GetProperty("input").GetString()!;
            foreach (var fact in line.RootElement.GetProperty("facts").EnumerateArray()
                .Where(fact => fact.GetProperty("Kind").GetString() == "OrderSent"))
            {
                if (!seen.TryGetValue(signal, out var orders))
                {
                    seen[signal] = orders = new SeenOrders([], fact.GetProperty("Time").GetDateTimeOffset());
                }

                orders.OrderIds.Add(fact.GetProperty("OrderId").GetString()!);
            }
        }

        return seen;
    }

    public async Task<IReadOnlyList<PositionIndexEntry>> PositionsAsync()
    {
        var positions = new List<PositionIndexEntry>();
        await using var file = await OpenAsync();
        await using var command = file.CreateCommand();
        command.CommandText = "SELECT data FROM index_entry";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            positions.Add(DomainJson.ReadIndexEntry(reader.GetFieldValue<byte[]>(0)));
        }

        return positions;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<SqliteConnection> OpenAsync()
    {
        var file = new SqliteConnection($"Data Source={Path.Combine(place.Data, "engine.db")};Mode=ReadOnly");
        await file.OpenAsync();
        return file;
    }

    /// <summary>Sends at once; what failed may have been taken, so it goes again under its id. True when something failed.</summary>
    private async Task<bool> SendAsync(TradingEngineClient client, List<string> batch, Queue<string> left)
    {
        var results = await Task.WhenAll(batch.Select(async id =>
        {
            try
            {
                await client.SubmitSignalAsync(2, signalOf is null ? Wire.Signal(id) : signalOf(id));
                return null;
            }
            catch (Exception)
            {
                // Whatever it was: the silo may be dead, and whether it took the signal is not known.
                return id;
            }
        }));
        foreach (var id in results.OfType<string>())
        {
            left.Enqueue(id);
        }

        return results.Any(id => id is not null);
    }

    private async Task<TradingEngineClient?> TryConnectAsync()
    {
        try
        {
            return await TradingEngineClient.ConnectAsync(Options(place));
        }
        catch (Exception)
        {
            // Killed before it listened: the next start is tried.
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            return null;
        }
    }

    public static TradingEngineClientOptions Options(Place place) => new()
    {
        Gateway = new GatewayAddress("127.0.0.1", place.GatewayPort), ConnectTimeout = Limit, WaitsForEngine = true,
    };
}
