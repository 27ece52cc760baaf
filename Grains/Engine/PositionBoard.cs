using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Engine;

/// <summary>
/// Shows the positions that are not over. What it shows each second comes from the instruments' sums: nothing in it
/// grows with the number of positions.
/// </summary>
internal sealed class PositionBoard(ITradingStore store, IPartitionStore partition, IGrainFactory grains)
{
    private const int Listed = 1000;

    private IReadOnlyDictionary<string, long> _listedVersions = ImmutableDictionary<string, long>.Empty;

    /// <summary>All positions that are not over, oldest first, from the store.</summary>
    public async Task<IReadOnlyList<PositionIndexEntry>> ReadEntriesAsync()
    {
        var entries = new List<PositionIndexEntry>();
        foreach (var symbol in (await partition.ReadIndexVersionsAsync()).Keys)
        {
            var index = await partition.ReadIndexAsync(symbol);
            entries.AddRange((index?.Fields.Values ?? []).Select(data => DomainJson.ReadIndexEntry(data.Span)));
        }

        return [.. entries.OrderBy(entry => entry.CreatedAt).ThenBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    /// <summary>Positions with marks and whether they are armed.</summary>
    public async Task<ImmutableArray<PositionView>> ReadViewsAsync()
    {
        var views = ImmutableArray.CreateBuilder<PositionView>();
        var entries = await ReadEntriesAsync();
        foreach (var symbol in entries.GroupBy(entry => entry.Symbol, StringComparer.Ordinal))
        {
            var instrument = grains.GetGrain<IInstrumentGrain>(symbol.Key);
            var price = await instrument.GetPriceAsync();
            var armed = (await instrument.GetExitsAsync()).ArmedIds.ToHashSet(StringComparer.Ordinal);
            views.AddRange(symbol.Select(entry => ViewOf(entry, price, armed.Contains(entry.Id))));
        }

        views.Sort((a, b) => (a.Entry.CreatedAt, a.Entry.Id).CompareTo((b.Entry.CreatedAt, b.Entry.Id)));
        return views.ToImmutable();
    }

    /// <summary>A position, whatever became of it; null when there is none or it is no longer kept.</summary>
    public async Task<PositionState?> ReadAsync(string id) =>
        await partition.ReadAsync(PositionCommits.RecordKey(id)) is { } record ? DomainJson.ReadPosition(record.Data.Span) : null;

    /// <summary>What the instruments say of their open positions, together.</summary>
    public async Task<MonitoringView> WatchAsync(DateTimeOffset now)
    {
        var symbols = (await partition.ReadIndexVersionsAsync()).Keys;
        return Together(await ReportsAsync(symbols), now);
    }

    /// <summary>Shows sums, and every other time which positions there are, where that has changed.</summary>
    public async Task ShowAsync(EngineTotals totals, bool listsToo, DateTimeOffset now)
    {
        var versions = await partition.ReadIndexVersionsAsync();
        var view = Together(await ReportsAsync(versions.Keys), now);
        var fields = new Dictionary<string, string>
        {
            ["total_positions"] = Text(totals.Active),
            ["long_positions"] = Text(totals.Long),
            ["short_positions"] = Text(totals.Short),
            ["armed"] = Text(view.Armed),
            ["overdue"] = Text(view.Overdue),
            ["in_doubt"] = Text(view.InDoubt),
            ["oldest_seconds"] = Text((decimal)Math.Round(view.OldestAge.TotalSeconds, 3)),
            ["stale_symbols"] = string.Join(',', view.StaleSymbols),
            ["marks"] = TradeWriter.Write(view.Marks),
            ["last_update"] = Text(TradeWriter.Seconds(now)),
        };
        await store.Board.SetHashAsync(BoardKeys.PositionStats, fields);
        if (listsToo && !IsListed(versions))
        {
            await store.Board.SetListAsync(BoardKeys.ActivePositions, await OldestAsync(versions.Keys));
            _listedVersions = versions;
        }
    }

    private bool IsListed(IReadOnlyDictionary<string, long> versions) =>
        versions.Count == _listedVersions.Count
        && versions.All(pair => _listedVersions.TryGetValue(pair.Key, out var listed) && listed == pair.Value);

    private async Task<IReadOnlyList<string>> OldestAsync(IEnumerable<string> symbols)
    {
        var parts = await Task.WhenAll(symbols.Select(symbol => grains.GetGrain<IInstrumentGrain>(symbol).GetOldestAsync(Listed)));
        return [.. parts.SelectMany(part => part)
            .OrderBy(entry => entry.CreatedAt).ThenBy(entry => entry.Id, StringComparer.Ordinal)
            .Take(Listed).Select(entry => Encoding.UTF8.GetString(TradeWriter.Write(entry)))];
    }

    private async Task<IReadOnlyList<(string Symbol, SymbolReport Report)>> ReportsAsync(IEnumerable<string> symbols) =>
        await Task.WhenAll(symbols.Select(async symbol =>
            (symbol, await grains.GetGrain<IInstrumentGrain>(symbol).GetReportAsync())));

    private static MonitoringView Together(IReadOnlyList<(string Symbol, SymbolReport Report)> reports, DateTimeOffset now)
    {
        var held = reports.Where(item => item.Report.Positions > 0).ToList();
        var oldest = held.Min(item => item.Report.OldestSince);
        return new MonitoringView
        {
            Watched = held.Sum(item => item.Report.Positions),
            Armed = held.Sum(item => item.Report.Armed),
            Overdue = held.Sum(item => item.Report.Overdue),
            InDoubt = held.Sum(item => item.Report.InDoubt),
            OldestAge = oldest is { } since && now > since ? now - since : TimeSpan.Zero,
            StaleSymbols =
            [
                .. held.Where(item => item.Report.IsPriceStale).Select(item => item.Symbol).Order(StringComparer.Ordinal),
            ],
            Marks =
            [
                .. held.SelectMany(item => item.Report.Marks).GroupBy(mark => (mark.Account, mark.Currency))
                    .OrderBy(group => group.Key.Account, StringComparer.Ordinal)
                    .ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
                    .Select(group => new AccountMark(
                        group.Key.Account, group.Key.Currency, group.Sum(mark => mark.Unrealized),
                        group.Sum(mark => mark.Long), group.Sum(mark => mark.Short))),
            ],
        };
    }

    private static PositionView ViewOf(PositionIndexEntry entry, PriceView price, bool isArmed)
    {
        if (!price.IsKnown || entry.Quantity == 0m)
        {
            return new PositionView(entry, null, null, isArmed);
        }

        var mark = entry.Quantity > 0m ? price.Bid : price.Ask;
        var terms = new ContractTerms(entry.ContractSize, entry.IsInverse);
        return new PositionView(entry, mark, LegLedger.Profit(terms, entry.Quantity, entry.AverageOpen, mark), isArmed);
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
