using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using CsvHelper.Configuration;
using TradingEngine.Trading.Market;

namespace TradingEngine.Agents.Feeds;

/// <summary>
/// Reads prices from CSV, plain or gzipped. Bars: <c>timestamp,symbol,asset_class,open,high,low,close,volume</c>, the
/// timestamp being the bar's start; it is known at its end. Quotes: <c>timestamp,symbol,asset_class,bid,ask</c> and
/// whatever follows.
/// </summary>
public static class MarketFile
{
    private static readonly TimeSpan[] Intervals =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromDays(1),
    ];

    /// <summary>Reads a file in the order in which its prices become known.</summary>
    /// <exception cref="InvalidDataException">It is not such a file; the message names line and field.</exception>
    public static IEnumerable<MarketUpdate> Read(string file)
    {
        var interval = IntervalOf(file);
        using var csv = Open(file);
        var isBars = csv.HeaderRecord!.Contains("close");
        var last = DateTimeOffset.MinValue;
        while (csv.Read())
        {
            var update = isBars ? ReadBar(csv, interval) : ReadQuote(csv);
            // Time does not run backwards: strategies and exits would see prices in an order that never was.
            last = update.Time >= last ? update.Time : throw Bad(csv, "timestamp", "earlier than the line before; sort the file by time");
            yield return update;
        }
    }

    /// <summary>The interval of a file's bars: the shortest distance between two bars of one symbol.</summary>
    private static TimeSpan IntervalOf(string file)
    {
        const int rows = 5000;
        using var csv = Open(file);
        var last = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < rows && csv.Read(); i++)
        {
            var (symbol, time) = (Text(csv, "symbol"), Time(csv));
            if (last.TryGetValue(symbol, out var before) && time > before && time - before < shortest)
            {
                shortest = time - before;
            }

            last[symbol] = time;
        }

        return Intervals.LastOrDefault(interval => interval <= shortest, TimeSpan.FromMinutes(1));
    }

    private static CsvReader Open(string file)
    {
        Stream stream = File.OpenRead(file);
        if (file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            stream = new GZipStream(stream, CompressionMode.Decompress);
        }

        var csv = new CsvReader(new StreamReader(stream), new CsvConfiguration(CultureInfo.InvariantCulture));
        if (!csv.Read() || !csv.ReadHeader()
            || !csv.HeaderRecord!.Contains("timestamp") || !csv.HeaderRecord.Contains("symbol")
            || (!csv.HeaderRecord.Contains("close") && !csv.HeaderRecord.Contains("bid")))
        {
            csv.Dispose();
            throw new InvalidDataException(
                $"{file} has no header with timestamp, symbol, and either open,high,low,close or bid,ask");
        }

        return csv;
    }

    private static MarketUpdate ReadBar(CsvReader csv, TimeSpan interval)
    {
        var close = Number(csv, "close");
        var volume = csv.TryGetField<decimal>("volume", out var given) ? given : 0m;
        var bar = new Bar(Number(csv, "open"), Number(csv, "high"), Number(csv, "low"), close, volume, interval);
        return new MarketUpdate(Text(csv, "symbol"), Class(csv), Time(csv) + interval, close, close, bar, "replay");
    }

    private static MarketUpdate ReadQuote(CsvReader csv) => new(
        Text(csv, "symbol"), Class(csv), Time(csv), Number(csv, "bid"), Number(csv, "ask"), null, "replay");

    private static AssetClass Class(CsvReader csv) =>
        csv.TryGetField<string>("asset_class", out var text)
        && Enum.TryParse<AssetClass>(text?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var known)
            ? known
            : AssetClass.Unknown;

    private static string Text(CsvReader csv, string field) =>
        csv.GetField(field) is { Length: > 0 } text ? text : throw Bad(csv, field, "empty");

    private static DateTimeOffset Time(CsvReader csv) =>
        DateTimeOffset.TryParse(
            csv.GetField("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw Bad(csv, "timestamp", "no ISO 8601 time");

    private static decimal Number(CsvReader csv, string field) =>
        decimal.TryParse(csv.GetField(field), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0m
            ? number
            : throw Bad(csv, field, "no positive number");

    private static InvalidDataException Bad(CsvReader csv, string field, string problem) =>
        new($"line {csv.Parser.Row}: {field} is {csv.GetField(field)}, which is {problem}");
}
