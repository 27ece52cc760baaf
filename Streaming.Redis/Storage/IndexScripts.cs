using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Reads an index by its log.</summary>
internal static class IndexScripts
{
    /// <summary>
    /// KEYS: index versions, log, index. ARGV: index, known version, most log entries. Answer: the version alone when nothing
    /// changed or the log does not reach from one version to the other; else version, fields and their values.
    /// </summary>
    public static RedisScript ReadChanges { get; } = new("""
        local version = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
        local reached = tonumber(ARGV[2])
        if version == reached then return {version} end
        local entries = redis.call('XRANGE', KEYS[2], string.format('%.0f-0', reached + 1), '+', 'COUNT', ARGV[3])
        local seen, fields, values = {}, {}, {}
        for _, entry in ipairs(entries) do
          local at = tonumber(string.match(entry[1], '^%d+'))
          if at > reached + 1 then return {version} end
          reached = at
          local field = entry[2][2]
          if not seen[field] then
            seen[field] = true
            fields[#fields + 1] = field
          end
        end
        if reached ~= version then return {version} end
        for first = 1, #fields, 1000 do
          local part = redis.call('HMGET', KEYS[3], unpack(fields, first, math.min(first + 999, #fields)))
          for i, value in ipairs(part) do values[first - 1 + i] = value end
        end
        return {version, fields, values}
        """);

    /// <summary>Reads an answer that has changes.</summary>
    public static IndexChanges Changes(RespValue[] answer)
    {
        var (names, values) = (answer[1].Items, answer[2].Items);
        var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(names.Length, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            fields.Add(names[i].Text, values[i].IsNull ? (ReadOnlyMemory<byte>?)null : values[i].Bytes);
        }

        return new IndexChanges(answer[0].Integer, false, fields);
    }
}
