namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Reads an index by its log.</summary>
internal static class IndexScripts
{
    /// <summary>
    /// KEYS: index versions, log, index. ARGV: index, known version, about how many fields at most. An entry of the log names the fields of
    /// one commit or more, its id the version it leads to and how many versions it spans. Answer: the version alone when nothing changed or the log has a
    /// hole; else the version reached, fields and values, and the newest version, which is another one when there were too many fields.
    /// </summary>
    public static RedisScript ReadChanges { get; } = new("""
        local version = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
        local reached = tonumber(ARGV[2])
        if version == reached then return {version} end
        local entries = redis.call('XRANGE', KEYS[2], string.format('%.0f-0', reached + 1), '+', 'COUNT', ARGV[3])
        local seen, fields, values = {}, {}, {}
        for _, entry in ipairs(entries) do
          local at, span = string.match(entry[1], '^(%d+)-(%d+)$')
          if tonumber(at) - tonumber(span) > reached then return {version} end
          reached = tonumber(at)
          for i = 2, #entry[2], 2 do
            local field = entry[2][i]
            if not seen[field] then
              seen[field] = true
              fields[#fields + 1] = field
            end
          end
          if #fields >= tonumber(ARGV[3]) then break end
        end
        if #entries == 0 then return {version} end
        for first = 1, #fields, 1000 do
          local part = redis.call('HMGET', KEYS[3], unpack(fields, first, math.min(first + 999, #fields)))
          for i, value in ipairs(part) do values[first - 1 + i] = value end
        end
        return {reached, fields, values, version}
        """);

    /// <summary>Adds the changes of an answer to those before it, which they replace; true when there are more to read.</summary>
    public static bool AddTo(Dictionary<string, ReadOnlyMemory<byte>?> fields, RespValue[] answer, out long reached)
    {
        var (names, values) = (answer[1].Items, answer[2].Items);
        for (var i = 0; i < names.Length; i++)
        {
            fields[names[i].Text] = values[i].IsNull ? (ReadOnlyMemory<byte>?)null : values[i].Bytes;
        }

        reached = answer[0].Integer;
        return reached < answer[3].Integer;
    }
}
