using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Faults.Kills;

/// <summary>
/// Signals that say when they were made, under limits that let none live for long: while the silo is away they grow too old.
/// Some are so from the start. Each must end in one order, one refusal or one dead letter.
/// </summary>
internal sealed class Expiry
{
    private const int OldShare = 10;
    private const int Letters = 1000;
    private const string ExpiredCode = "EXPIRED_SIGNAL";
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(2);

    /// <summary>From the check to the time that the order has, at most.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _refusals = new(StringComparer.Ordinal);
    private readonly List<string> _dead = [];
    private int _sent;

    /// <summary>The file of limits: no bound but on age, and a price that stays good.</summary>
    public static string WriteLimits(string directory)
    {
        var file = Path.Combine(directory, "limits.json");
        File.WriteAllText(file, $$"""
            {"Name":"expiry","MaxPositionShare":1000000000,"MaxGrossShare":1000000000,"MaxNetShare":1000000000,
             "MaxSignalAge":"{{Oldest:c}}","MaxPriceAge":"1.00:00:00"}
            """);
        return file;
    }

    /// <summary>A signal, which keeps its time however often it is sent.</summary>
    public string SignalOf(string id) => Wire.Signal(id, _times.GetOrAdd(id, _ =>
        DateTimeOffset.UtcNow - (Interlocked.Increment(ref _sent) % OldShare == 0 ? Oldest * 2 : TimeSpan.Zero)));

    /// <summary>Reads refusals from the audit, and dead letters.</summary>
    public async Task ReadAsync(TradingEngineClient client)
    {
        AuditPage page;
        var from = new AuditCursor();
        do
        {
            page = await client.ReadAuditAsync(from);
            foreach (var line in page.Entries.Select(entry => AuditLineJson.Read(entry.Line)))
            {
                foreach (var fact in line!.Facts.Where(fact => fact.Kind == FactKind.SignalRejected))
                {
                    if (!_refusals.TryGetValue(line.Input, out var reasons))
                    {
                        _refusals[line.Input] = reasons = [];
                    }

                    reasons.Add(fact.Reason ?? "");
                }
            }

            from = page.Next;
        }
        while (!page.IsEnd);
        foreach (var letter in (await client.GetDeadLettersAsync(Letters)).Letters)
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString((await client.GetDeadLetterAsync(letter.Id))!.Payload.Span));
            _dead.Add(json.RootElement.TryGetProperty("signal_id", out var id) ? id.ToString() : letter.EntryId);
        }
    }

    /// <summary>Counts what every signal came to.</summary>
    public KillsTally Judge(KillsTally run, IReadOnlyList<string> ids, IReadOnlyDictionary<string, SeenOrders> orders)
    {
        var dead = _dead.ToLookup(id => id, StringComparer.Ordinal);
        var ends = ids.Select(id =>
            (orders.TryGetValue(id, out var seen) ? seen.OrderIds.Count : 0)
            + (_refusals.TryGetValue(id, out var reasons) ? reasons.Count : 0) + dead[id].Count()).ToList();
        // The embedded store's own strategies trade as well.
        var ages = ids.Where(orders.ContainsKey).Select(id => orders[id].Decided - _times[id]).ToList();
        var all = ids.Where(_refusals.ContainsKey).SelectMany(id => _refusals[id]).ToList();
        var expired = all.Count(reason => reason == ExpiredCode);
        var late = ages.Count(age => age > Oldest + Slack);
        return run with
        {
            Lost = ends.Count(count => count == 0),
            Doubled = ends.Sum(count => Math.Max(0, count - 1)),
            Expected = ages.Count * Wire.Quantity,
            Late = late,
            Expiry = string.Create(CultureInfo.InvariantCulture,
                $"{ages.Count} orders, {expired} expired, {all.Count - expired} refused otherwise, {_dead.Count} dead letters; "
                + $"{late} orders from expired signals, the oldest {(ages.Count == 0 ? 0 : ages.Max().TotalSeconds):0.00} s old"),
        };
    }
}
