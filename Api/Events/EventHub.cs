using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Endpoints;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Api.Events;

/// <summary>
/// Reads once what changes and hands it to every listener of this silo: the facts of the audit ten times a second, figures more seldom. It reads
/// while somebody listens. A listener that does not keep up is ended, so that it never holds anything up; it goes on from its last event's id.
/// </summary>
internal sealed class EventHub(EngineAccess engine, Samples samples) : BackgroundService
{
    public const int MostListeners = 1_000;

    /// <summary>Kind of the events that are recorded, and can be told again.</summary>
    public const string FactKind = "fact";

    // What a listener may have waiting: about half a minute of a busy engine.
    private const int Waiting = 256;
    private const int MostPages = 5;
    private const int MostAtFirst = 5_000;
    private const int Kept = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    // Listeners are woken a few at a time, spread over the beat: hundreds at once would stand before the orders in the thread pool's queue.
    private const int AtOnce = 16;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentDictionary<Listener, byte> _listeners = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    // A position over several symbols has an entry for each.
    private readonly Dictionary<(string PositionId, string Symbol), PositionEntry> _positions = [];
    private readonly Dictionary<string, PriceEntry> _prices = new(StringComparer.Ordinal);
    private readonly LinkedList<FactEntry> _newest = new();
    private readonly List<(string Kind, EventBatch Batch)> _told = [];
    private AuditCursor? _cursor;
    private long _beats;

    public int Listeners => _listeners.Count;

    /// <summary>Begins to listen: everything recorded from when this returns is told. Null where too many listen.</summary>
    public async Task<Listener?> JoinAsync(IReadOnlySet<string>? kinds)
    {
        if (_listeners.Count >= MostListeners)
        {
            return null;
        }

        var listener = new Listener(kinds, Channel.CreateBounded<EventBatch>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }));
        await _reading.WaitAsync();
        try
        {
            // While nobody listened nothing was read: what was recorded meanwhile is not news to who comes now.
            Tell(await ReadFactsAsync(engine.Require()));
            await SendAsync(isSpread: false);
            if (_listeners.IsEmpty)
            {
                _positions.Clear();
                _prices.Clear();
            }

            _listeners[listener] = 0;
        }
        finally
        {
            _reading.Release();
        }

        return listener;
    }

    public void Leave(Listener listener) => _listeners.TryRemove(listener, out _);

    /// <summary>The newest facts, newest first, and where they end.</summary>
    public async Task<(IReadOnlyList<FactEntry> Facts, string? Cursor)> NewestAsync(int count)
    {
        await _reading.WaitAsync();
        try
        {
            Tell(await ReadFactsAsync(engine.Require()));
            await SendAsync(isSpread: false);
            return ([.. _newest.Take(count)], _cursor is null ? null : EventCursor.Write(_cursor));
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await BeatAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo ends.
        }

        foreach (var listener in _listeners.Keys)
        {
            listener.Channel.Writer.TryComplete();
        }
    }

    /// <summary>Events of facts: the last of an entry carries its id, so that who goes on from there has all of it.</summary>
    public static EventBatch FramesOf(IReadOnlyList<FactEntry> facts) => new([.. facts.Select((fact, at) => (
        fact.Sequence, Frame("fact", fact, at + 1 < facts.Count && facts[at + 1].Sequence == fact.Sequence ? null : fact.Cursor)))]);

    /// <summary>An event as it goes over the wire.</summary>
    public static byte[] Frame<T>(string kind, T data, string? id = null)
    {
        var json = JsonSerializer.Serialize(data, ApiJson.Options);
        return Encoding.UTF8.GetBytes(id is null ? $"event: {kind}\ndata: {json}\n\n" : $"id: {id}\nevent: {kind}\ndata: {json}\n\n");
    }

    private async Task BeatAsync()
    {
        var beat = _beats++;
        if (engine.Current is not { } current || engine.Lost is not null)
        {
            return;
        }

        await _reading.WaitAsync();
        try
        {
            // Charts have a past also for who comes later, so prices and equity are looked at each second in any case.
            if (beat % 10 == 0)
            {
                await samples.TakeAsync(current);
            }

            if (_listeners.IsEmpty)
            {
                return;
            }

            Tell(await ReadFactsAsync(current));
            if (beat % 3 == 0)
            {
                await TellPricesAsync(current);
            }

            if (beat % 5 == 0)
            {
                await TellPositionsAsync(current);
            }

            if (beat % 10 == 0)
            {
                Tell("status", await Reads.StatusAsync(current));
                Tell("tiers", await Reads.TiersAsync(current));
            }

            if (beat % 50 == 0)
            {
                Tell("agents", await Reads.AgentsAsync(current));
            }
        }
        catch (Exception exception) when (exception is StoreException or TimeoutException or OrleansException or InvalidOperationException
            or ObjectDisposedException)
        {
            // The store or a silo is away, or this one ends: the next beat tells what there is then, and nothing durable is skipped.
        }
        finally
        {
            await SendAsync(isSpread: true);
            _reading.Release();
        }
    }

    /// <summary>What was recorded since the last time. From far behind it begins anew near the end, and listeners are told of the gap.</summary>
    private async Task<List<FactEntry>> ReadFactsAsync(Engine current)
    {
        var facts = new List<FactEntry>();
        _cursor ??= await NearEndAsync(current);
        for (var page = 0; page < MostPages; page++)
        {
            var read = await current.Audit.ReadAsync(_cursor, null);
            facts.AddRange(FactsOf(read, _cursor));
            _cursor = read.Next;
            if (read.IsEnd || read.Entries.IsEmpty)
            {
                Keep(facts);
                return facts;
            }
        }

        if ((await current.Audit.GetHeadAsync()).Sealed is { } last && last.Last > _cursor.Sequence)
        {
            _cursor = new AuditCursor(last.Last, last.LastId, last.Number);
            Tell(Listener.GapKind, new { cursor = EventCursor.Write(_cursor) });
        }

        Keep(facts);
        return facts;
    }

    /// <summary>Facts of a page; the cursor of each is where the next begins.</summary>
    public static IEnumerable<FactEntry> FactsOf(AuditPage page, AuditCursor from) => page.Entries.SelectMany(item =>
        FactEntry.Of(item, EventCursor.Write(new AuditCursor(item.Sequence, item.Id, from.Seal))));

    /// <summary>Where a silo begins to read: what is left in the store where that is little, so that the newest facts are those before its start too.</summary>
    private static async Task<AuditCursor> NearEndAsync(Engine current)
    {
        var head = await current.Audit.GetHeadAsync();
        var first = head.Sealed is { } last && last.Last - (head.Moved?.Last ?? 0) > MostAtFirst ? last : head.Moved;
        return first is null ? new AuditCursor() : new AuditCursor(first.Last, first.LastId, first.Number);
    }

    private void Keep(List<FactEntry> facts)
    {
        foreach (var fact in facts)
        {
            _newest.AddFirst(fact);
        }

        while (_newest.Count > Kept)
        {
            _newest.RemoveLast();
        }
    }

    private async Task TellPricesAsync(Engine current)
    {
        var changed = new List<PriceEntry>();
        foreach (var price in await Reads.PricesAsync(current))
        {
            if (!_prices.TryGetValue(price.Symbol, out var before) || before != price)
            {
                _prices[price.Symbol] = price;
                changed.Add(price);
            }
        }

        if (changed.Count > 0)
        {
            Tell("prices", new Page<PriceEntry>(changed));
        }
    }

    private async Task TellPositionsAsync(Engine current)
    {
        var now = (await current.Grain.GetPositionsAsync()).Select(PositionEntry.Of).DistinctBy(KeyOf).ToDictionary(KeyOf);
        var changed = now.Values.Where(position => !_positions.TryGetValue(KeyOf(position), out var before) || before != position)
            .Concat(_positions.Values.Where(position => !now.ContainsKey(KeyOf(position)))
                .Select(position => position with { Status = "closed", Quantity = 0m, Unrealized = null }))
            .ToList();
        _positions.Clear();
        foreach (var (key, position) in now)
        {
            _positions[key] = position;
        }

        if (changed.Count > 0)
        {
            Tell("positions", new Page<PositionEntry>(changed));
        }
    }

    private static (string PositionId, string Symbol) KeyOf(PositionEntry position) => (position.PositionId, position.Symbol);

    private void Tell(List<FactEntry> facts)
    {
        if (facts.Count > 0 && _listeners.Keys.Any(listener => listener.Wants(FactKind)))
        {
            _told.Add((FactKind, FramesOf(facts)));
        }
    }

    private void Tell<T>(string kind, T data)
    {
        if (_listeners.Keys.Any(listener => listener.Wants(kind)))
        {
            _told.Add((kind, new EventBatch([(EventBatch.Always, Frame(kind, data))])));
        }
    }

    /// <summary>Hands what was told to everybody who wants it, each woken once. Who does not keep up is let go, and asks again.</summary>
    private async Task SendAsync(bool isSpread)
    {
        if (_told.Count == 0)
        {
            return;
        }

        var woken = 0;
        foreach (var listener in _listeners.Keys)
        {
            if (!_told.TrueForAll(told => !listener.Wants(told.Kind) || listener.Channel.Writer.TryWrite(told.Batch)))
            {
                listener.Channel.Writer.TryComplete();
                Leave(listener);
            }

            if (isSpread && ++woken % AtOnce == 0)
            {
                await Task.Delay(Between);
            }
        }

        _told.Clear();
    }
}
