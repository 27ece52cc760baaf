using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Strategies;

/// <summary>
/// The open positions of one strategy: a projection of the store's indexes that is brought up to date before each use,
/// so a read costs what changed since the last one and not what is held.
/// </summary>
internal sealed class StrategyPositions(IPartitionStore partition, TimeSpan unanswered)
{
    private readonly Dictionary<string, Held> _symbols = new(StringComparer.Ordinal);

    /// <summary>What a signal may change: its strategy's positions of its symbol, oldest first, and the one it names.</summary>
    public async Task<IReadOnlyList<PositionIndexEntry>> ReadAsync(Signal signal)
    {
        var open = new List<PositionIndexEntry>();
        if (signal.Symbol.Length > 0)
        {
            var held = await CatchUpAsync(signal);
            open.AddRange(held.Values.Where(entry => entry.Account == signal.Account && entry.Strategy == signal.Strategy));
        }

        if (signal.PositionId is { } id && open.TrueForAll(entry => entry.Id != id) && await NamedAsync(id, signal) is { } named)
        {
            open.Add(named);
        }

        return [.. open.OrderBy(entry => entry.CreatedAt).ThenBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    private async Task<PositionIndexEntry?> NamedAsync(string id, Signal signal)
    {
        if (await partition.ReadAsync(PositionCommits.RecordKey(id)) is not { } record)
        {
            return null;
        }

        var state = DomainJson.ReadPosition(record.Data.Span);
        var leg = signal.Symbol.Length == 0 ? state.Legs[0] : state.Legs.FirstOrDefault(leg => leg.Symbol == signal.Symbol);
        return state.IsFinal || state.Account != signal.Account || leg is null
            ? null
            : PositionIndexEntry.Of(state, leg, unanswered, record.Version);
    }

    private async Task<Dictionary<string, PositionIndexEntry>> CatchUpAsync(Signal signal)
    {
        if (!_symbols.TryGetValue(signal.Symbol, out var held))
        {
            _symbols.Add(signal.Symbol, held = new Held());
        }

        if (await partition.ReadIndexChangesAsync(signal.Symbol, held.Version) is not { } changes)
        {
            return held.Entries;
        }

        if (changes.IsWhole)
        {
            held.Entries.Clear();
        }

        foreach (var (id, data) in changes.Fields)
        {
            var entry = data is { } written ? DomainJson.ReadIndexEntry(written.Span) : null;
            if (entry is not null && entry.Strategy == signal.Strategy)
            {
                held.Entries[id] = entry;
            }
            else
            {
                held.Entries.Remove(id);
            }
        }

        held.Version = changes.Version;
        return held.Entries;
    }

    private sealed class Held
    {
        public Dictionary<string, PositionIndexEntry> Entries { get; } = new(StringComparer.Ordinal);

        public long Version { get; set; } = -1;
    }
}
