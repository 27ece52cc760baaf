using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Queues;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Endpoints;

/// <summary>
/// Gives agents the requests of tiers 3 and 4, which stand on lists that shed their oldest. How far a list was acknowledged is a record of the store;
/// whom something was given is in this silo's memory, so another silo, or this one after a restart, gives it at once.
/// </summary>
internal sealed class RequestOutlets
{
    private const int MostKept = 1_000;
    private const string RecordPrefix = "outlet/";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Given, int Deliveries)> _given = new(StringComparer.Ordinal);

    /// <summary>Waits until there is a request, and returns what there is, oldest first; empty when none came.</summary>
    public async Task<ImmutableArray<OutletMessage>> TakeAsync(Engine engine, string list, int max, TimeSpan wait, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var taken = Give(list, await OpenAsync(engine, list, stop), max);
            var left = wait - TimeProvider.System.GetElapsedTime(started);
            if (taken.Length > 0 || left <= TimeSpan.Zero)
            {
                return taken;
            }

            await Task.Delay(left < Look ? left : Look, TimeProvider.System, stop);
        }
    }

    /// <summary>Acknowledges requests, and with each those before it: only the newest of a list is waited for.</summary>
    public async Task AcknowledgeAsync(Engine engine, string list, IReadOnlyList<string> ids, CancellationToken stop)
    {
        // Newest first, as the list is: the first that is named is the one that counts.
        var open = await OpenAsync(engine, list, stop);
        if (open.LastOrDefault(request => ids.Contains(request.Id)).Id is not { } newest)
        {
            return;
        }

        var record = await engine.Partition.ReadAsync(RecordPrefix + list, stop);
        await engine.Partition.CommitAsync(
            [new Commit { Records = [new RecordWrite(RecordPrefix + list, record?.Version ?? 0, Encoding.UTF8.GetBytes(newest))] }], stop);
        lock (_gate)
        {
            foreach (var (id, _) in open.TakeWhile(request => request.Id != newest).Append((newest, "")))
            {
                _given.Remove($"{list} {id}");
            }
        }
    }

    /// <summary>Requests that are not acknowledged, oldest first. Where the acknowledged one is gone, all that is left came after it.</summary>
    private static async Task<List<(string Id, string Json)>> OpenAsync(Engine engine, string list, CancellationToken stop)
    {
        var record = await engine.Partition.ReadAsync(RecordPrefix + list, stop);
        var acknowledged = record is null ? null : Encoding.UTF8.GetString(record.Data.Span);
        var open = (await engine.Store.Board.ReadListAsync(list, MostKept, stop)).Select(json => (Id: IdOf(json), Json: json))
            .Where(request => request.Id.Length > 0).TakeWhile(request => request.Id != acknowledged).ToList();
        open.Reverse();
        return open;
    }

    private ImmutableArray<OutletMessage> Give(string list, List<(string Id, string Json)> open, int max)
    {
        var given = ImmutableArray.CreateBuilder<OutletMessage>();
        var now = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            foreach (var (id, json) in open)
            {
                var key = $"{list} {id}";
                var isGiven = _given.TryGetValue(key, out var before);
                if (given.Count == max || (isGiven && TimeProvider.System.GetElapsedTime(before.Given, now) < AcknowledgedWithin))
                {
                    continue;
                }

                _given[key] = (now, before.Deliveries + 1);
                given.Add(new OutletMessage(id, Encoding.UTF8.GetBytes(json), before.Deliveries + 1));
            }

            if (_given.Count > 2 * MostKept)
            {
                // Nobody acknowledges: what was given long ago may be given anew.
                _given.Clear();
            }
        }

        return given.ToImmutable();
    }

    private static string IdOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("request_id", out var id) ? id.GetString() ?? "" : "";
        }
        catch (JsonException)
        {
            // Whoever pushed it, it is none of the engine's.
            return "";
        }
    }
}
