using System.Globalization;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <content>The audit record: a stream, whose ids name the entries.</content>
internal sealed partial class RedisPartitionStore
{
    /// <summary>Records removed by one call: Redis serves nobody else meanwhile.</summary>
    private const int ForgetAtOnce = 256;

    /// <summary>Entries asked for when nothing is known of what each holds, which may be a hundred lines of a kilobyte.</summary>
    private const int FirstEntries = 8;

    private const int MostEntries = 512;

    /// <summary>About the most bytes of one reply: others wait behind it, and what receives it keeps a buffer of this size.</summary>
    private const int ReplyBytes = 1024 * 1024;

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        string? after, int max, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var (entry, skip, total) = after is null ? ("-", 0, 0) : Parse(after);
        var from = after is null || skip < total ? entry : "(" + entry;
        var lines = new List<AuditEntry>();
        var asked = Math.Min(max, FirstEntries);
        var (read, bytes) = (0L, 0L);
        while (true)
        {
            using var buffer = new RespBuffer();
            buffer.Command(6).Add("XRANGE").Add(_keys.Audit).Add(from).Add("+").Add("COUNT").Add(asked);
            var found = (await _session.Reads.CallAsync(buffer, cancellation)).Items;
            foreach (var item in found)
            {
                bytes += AddLines(lines, item.Items[0].Text, item.Items[1].Items, item.Items[0].Text == entry ? skip : 0);
            }

            if (lines.Count >= max || found.Length < asked)
            {
                return lines.Count > max ? lines.GetRange(0, max) : lines;
            }

            // As many entries as hold what is missing, by what those so far held: Redis counts entries, and would send all of them.
            read += found.Length;
            from = "(" + found[^1].Items[0].Text;
            var missing = ((max - lines.Count) * read / Math.Max(1, lines.Count)) + 1;
            asked = (int)Math.Clamp(Math.Min(missing, ReplyBytes * read / Math.Max(1, bytes)), 1, MostEntries);
        }
    }

    /// <summary>An entry holds the lines of one call of the commit, each in a field of its own: the id says which of how many. Returns their bytes.</summary>
    private static long AddLines(List<AuditEntry> lines, string id, RespValue[] fields, int skip)
    {
        var (total, bytes) = (fields.Length / 2, 0L);
        for (var i = skip; i < total; i++)
        {
            // One that was given another field is an empty line: it fits no seal.
            var line = fields[2 * i].Text == "d" ? fields[(2 * i) + 1].Bytes : Array.Empty<byte>();
            lines.Add(new AuditEntry(total == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}#{i + 1}/{total}"), line));
            bytes += line.Length;
        }

        return bytes;
    }

    private static (string Entry, int Line, int Total) Parse(string id)
    {
        var mark = id.IndexOf('#', StringComparison.Ordinal);
        if (mark < 0)
        {
            return (id, 1, 1);
        }

        var slash = id.IndexOf('/', mark);
        return slash > 0
            && int.TryParse(id.AsSpan(mark + 1, slash - mark - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && int.TryParse(id.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
                ? (id[..mark], line, total)
                : throw new ArgumentException($"'{id}' is no id of an audit entry.", nameof(id));
    }

    public async ValueTask ForgetAsync(
        string? through, IReadOnlyList<(string Key, long Version)> records, CancellationToken cancellation = default)
    {
        if (through is not null)
        {
            // An entry of which a part is still needed stays whole.
            var (entry, line, total) = Parse(through);
            await ForgetAsync(line == total ? Behind(entry) : entry, [], cancellation);
        }

        foreach (var part in records.Chunk(ForgetAtOnce))
        {
            await ForgetAsync(string.Empty, part, cancellation);
        }
    }

    private async Task ForgetAsync(string behind, (string Key, long Version)[] records, CancellationToken cancellation)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(_keys.Control).Add(_keys.Audit);
        arguments.Add(_session.Epoch).Add(behind);
        foreach (var (key, version) in records)
        {
            keys.Add(_keys.RecordPrefix, key);
            arguments.Add(version);
        }

        if (!_adopted)
        {
            await AdoptAsync(cancellation);
        }

        await ControlScripts.Forget.RunAsync(_session.Reads, keys, arguments, cancellation);
    }

    /// <summary>The id that follows: trimming keeps what is not below it.</summary>
    private static string Behind(string id) =>
        id.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash
        && ulong.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"{id[..dash]}-{number + 1}")
            : throw new ArgumentException($"'{id}' is no id of an audit entry.", nameof(id));
}
