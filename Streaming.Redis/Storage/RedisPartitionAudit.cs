using System.Globalization;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <content>The audit record: a stream, whose ids name the entries.</content>
internal sealed partial class RedisPartitionStore
{
    /// <summary>Records removed by one call: Redis serves nobody else meanwhile.</summary>
    private const int ForgetAtOnce = 256;

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        string? after, int max, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        using var buffer = new RespBuffer();
        buffer.Command(6).Add("XRANGE").Add(_keys.Audit).Add(after is null ? "-" : "(" + after).Add("+").Add("COUNT").Add(max);
        var found = (await _session.Reads.CallAsync(buffer, cancellation)).Items;

        // An entry that lost its field, or was given others, is an empty line: it fits no seal.
        return Array.ConvertAll(found, static entry => new AuditEntry(
            entry.Items[0].Text, entry.Items[1].Items is [{ Text: "d" }, var line] ? line.Bytes : Array.Empty<byte>()));
    }

    public async ValueTask ForgetAsync(
        string? through, IReadOnlyList<(string Key, long Version)> records, CancellationToken cancellation = default)
    {
        if (through is not null)
        {
            await ForgetAsync(Behind(through), [], cancellation);
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
