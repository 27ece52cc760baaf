using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;

namespace TradingEngine.Grains.Market;

/// <summary>
/// What a symbol's exits have seen, in two records of the store: <c>instrument/&lt;symbol&gt;</c> changes as best prices
/// do, <c>instrument/&lt;symbol&gt;/bars</c> once a bar.
/// </summary>
internal sealed class InstrumentMemory(IPartitionStore partition, string symbol)
{
    private readonly Saved _seen = new("instrument/" + symbol);
    private readonly Saved _bars = new("instrument/" + symbol + "/bars");
    private DateTimeOffset _lastBar;

    /// <summary>Gives a new book what was saved.</summary>
    public async Task LoadAsync(ExitBook book)
    {
        var records = await partition.ReadManyAsync([_seen.Key, _bars.Key]);
        _seen.Take(records[0]);
        _bars.Take(records[1]);
        book.Load(
            records[0] is { } seen ? DomainJson.ReadExitMemory(seen.Data.Span) : null,
            records[1] is { } bars ? DomainJson.ReadRows(bars.Data.Span).Select(FromRow) : []);
    }

    /// <summary>Writes what has changed since it was last written, if anything has.</summary>
    public async Task SaveAsync(ExitBook book)
    {
        var changed = new List<(Saved Record, byte[] Data)>();
        if (book.HasMemory && DomainJson.Write(book.Save()) is var seen && !_seen.Data.Span.SequenceEqual(seen))
        {
            changed.Add((_seen, seen));
        }

        if (book.LastBar is { } last && last > _lastBar)
        {
            changed.Add((_bars, DomainJson.Write([.. book.SaveBars().Select(ToRow)])));
            _lastBar = last;
        }

        if (changed.Count == 0)
        {
            return;
        }

        var commit = new Commit
        {
            Records = [.. changed.Select(item => new RecordWrite(item.Record.Key, item.Record.Version, item.Data))],
        };
        var result = (await partition.CommitAsync([commit]))[0];
        if (result.IsCommitted)
        {
            changed.ForEach(item => item.Record.Take(new StoredRecord(item.Record.Version + 1, item.Data)));
            return;
        }

        // Written by an earlier activation, or by this one in a call whose answer was lost: the next call writes over it.
        var records = await partition.ReadManyAsync([_seen.Key, _bars.Key]);
        _seen.Take(records[0]);
        _bars.Take(records[1]);
        _lastBar = default;
    }

    private static decimal[] ToRow(MarketUpdate update) => update.Bar is { } bar
        ? [update.Time.UtcTicks, bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, bar.Interval.Ticks]
        : throw new ArgumentException("Only bars are kept.", nameof(update));

    private MarketUpdate FromRow(decimal[] row) => new(
        symbol, AssetClass.Unknown, new DateTimeOffset((long)row[0], TimeSpan.Zero), row[4], row[4],
        new Bar(row[1], row[2], row[3], row[4], row[5], TimeSpan.FromTicks((long)row[6])), "store", IsHistory: true);

    private sealed class Saved(string key)
    {
        public string Key { get; } = key;

        public long Version { get; private set; }

        public ReadOnlyMemory<byte> Data { get; private set; }

        public void Take(StoredRecord? record) => (Version, Data) = (record?.Version ?? 0, record?.Data ?? default);
    }
}
