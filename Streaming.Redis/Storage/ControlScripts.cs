namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Scripts around the control state. Each but the first refuses, with <c>TEEPOCH</c>, a store other than the one opened.</summary>
internal static class ControlScripts
{
    /// <summary>Start of the error that says the store is another.</summary>
    public const string EpochLost = "TEEPOCH";

    /// <summary>Start of the error that says the store is of another order protocol.</summary>
    public const string ProtocolDiffers = "TEPROTOCOL";

    /// <summary>
    /// First lines of every script that writes. KEYS[1] is the control hash, ARGV[1] the epoch. The version of the order protocol stands in
    /// the text: a silo of another version runs another text, whatever its other arguments are.
    /// </summary>
    public const string Guard = $"""
        local opened = redis.call('HMGET', KEYS[1], '{RedisKeys.EpochField}', '{RedisKeys.ProtocolField}')
        if opened[1] ~= ARGV[1] then return redis.error_reply('{EpochLost} the store was emptied or replaced') end
        if opened[2] ~= '{RedisKeys.OrderProtocol}' then
          return redis.error_reply('{ProtocolDiffers} the store is of order protocol ' .. (opened[2] or 'none') .. ', this silo of {RedisKeys.OrderProtocol}')
        end
        """;

    /// <summary>KEYS: control, keys of ours that must be absent in a new store, control of the first partition, number of partitions. ARGV: epoch to write, or empty; epoch known
    /// from before, or empty; order protocol; number of partitions. Answers the epoch that stands, the one it replaces, protocol and
    /// partitions, each empty where there is none; the epoch is <c>!key</c> when there is none but one of ours is there. Whoever opens
    /// a store first that was initialised by hand says what it replaces: nobody who knows another store is let in later. Protocol and
    /// partitions are written by the first who is let in, and stay; the number by the first of any partition.</summary>
    public static RedisScript Open { get; } = new("""
        local control = redis.call('HMGET', KEYS[1], 'epoch', 'replaces')
        if not control[1] then
          for i = 1, #KEYS - 2 do
            if redis.call('EXISTS', KEYS[i]) == 1 then return {'!' .. KEYS[i], '', '', ''} end
          end
          if ARGV[1] == '' then return {'', '', '', ''} end
          redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
          control[1] = ARGV[1]
        end
        if control[2] == '*' then
          control[2] = ARGV[2] ~= control[1] and ARGV[2] or ''
          redis.call('HSET', KEYS[1], 'replaces', control[2])
        end
        if ARGV[2] == '' or ARGV[2] == control[1] or ARGV[2] == control[2] then
          redis.call('HSETNX', KEYS[1], 'protocol', ARGV[3])
          local spread = redis.call('HGET', KEYS[#KEYS - 1], 'partitions') or redis.call('GET', KEYS[#KEYS]) or ARGV[4]
          redis.call('HSETNX', KEYS[1], 'partitions', spread)
          redis.call('SETNX', KEYS[#KEYS], spread)
        end
        local terms = redis.call('HMGET', KEYS[1], 'protocol', 'partitions')
        return {control[1], control[2] or '', terms[1] or '', terms[2] or ''}
        """);

    /// <summary>A silo looks whether its store is still there. KEYS: control. ARGV: epoch. Answers epoch and protocol as they stand and how
    /// often anybody looked, this time included: a number that does not rise is that of an older state of the store.</summary>
    public static RedisScript Look { get; } = new($$"""
        local control = redis.call('HMGET', KEYS[1], 'epoch', 'protocol')
        if control[1] ~= ARGV[1] or control[2] ~= '{{RedisKeys.OrderProtocol}}' then return {control[1] or '', control[2] or '', 0} end
        return {control[1], control[2], redis.call('HINCRBY', KEYS[1], 'looks', 1)}
        """);

    /// <summary>Lets a further partition carry the epoch. KEYS: control of the default partition, of the new one. ARGV: epoch.</summary>
    public static RedisScript Adopt { get; } = new($$"""
        {{Guard}}
        redis.call('HSETNX', KEYS[2], 'epoch', ARGV[1])
        redis.call('HSETNX', KEYS[2], 'protocol', opened[2])
        return 1
        """);

    /// <summary>KEYS: control, stream. ARGV: epoch, group. A group that is new reads from the start: what stands in the stream was never acknowledged.</summary>
    public static RedisScript EnsureGroup { get; } = new($$"""
        {{Guard}}
        local made = redis.pcall('XGROUP', 'CREATE', KEYS[2], ARGV[2], '0', 'MKSTREAM')
        if type(made) == 'table' and made.err and not string.find(made.err, 'BUSYGROUP') then return made end
        return 1
        """);

    /// <summary>KEYS: control, counter group. ARGV: epoch.</summary>
    public static RedisScript RaiseFence { get; } = new($$"""
        {{Guard}}
        return redis.call('HINCRBY', KEYS[2], '_fence', 1)
        """);

    /// <summary>KEYS: control, halts. ARGV: epoch, scope, 1 when a text is expected or 0, that text, 1 to set or 0 to lift, new text.
    /// Answers 0 when another stands.</summary>
    public static RedisScript ReplaceHalt { get; } = new($$"""
        {{Guard}}
        local stands = redis.call('HGET', KEYS[2], ARGV[2])
        if (stands or false) ~= (ARGV[3] == '1' and ARGV[4]) then return 0 end
        if ARGV[5] == '1' then
          redis.call('HSET', KEYS[2], ARGV[2], ARGV[6])
        else
          redis.call('HDEL', KEYS[2], ARGV[2])
        end
        return 1
        """);

    /// <summary>KEYS: control, audit, records…. ARGV: epoch, least id of the audit that is kept or empty, versions….
    /// Answers how many records were removed.</summary>
    public static RedisScript Forget { get; } = new($$"""
        {{Guard}}
        if ARGV[2] ~= '' then redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2]) end
        local removed = 0
        for i = 3, #KEYS do
          if redis.call('HGET', KEYS[i], 'v') == ARGV[i] then removed = removed + redis.call('DEL', KEYS[i]) end
        end
        return removed
        """);

    /// <summary>KEYS: control, stream. ARGV: epoch. Removes what every consumer group has acknowledged; without a group,
    /// nothing. Answers how many entries were removed.</summary>
    public static RedisScript TrimAcknowledged { get; } = new($$"""
        {{Guard}}
        if redis.call('TYPE', KEYS[2]).ok ~= 'stream' then return 0 end
        local function parts(id)
          local ms, n = string.match(id, '^(%d+)-(%d+)$')
          return tonumber(ms), tonumber(n)
        end
        local leastMs, leastN
        for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
          local name, reached
          for i = 1, #group, 2 do
            if group[i] == 'name' then name = group[i + 1] end
            if group[i] == 'last-delivered-id' then reached = group[i + 1] end
          end
          local pending = redis.call('XPENDING', KEYS[2], name)
          local ms, n = parts(reached)
          n = n + 1
          if pending[1] > 0 then ms, n = parts(pending[2]) end
          if not leastMs or ms < leastMs or (ms == leastMs and n < leastN) then leastMs, leastN = ms, n end
        end
        if not leastMs then return 0 end
        return redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f-%.0f', leastMs, leastN))
        """);

    /// <summary>KEYS: control, pushes…, acks…. ARGV: epoch, expected version, next version, mode, reason, number of pushes, of acks,
    /// then per push last index and payload, per ack group and id. Answers -1 when the version is another, else the entries acknowledged.</summary>
    public static RedisScript SetMode { get; } = new($$"""
        {{Guard}}
        if (redis.call('HGET', KEYS[1], 'modev') or '0') ~= ARGV[2] then return -1 end
        local pushes, acks, a = tonumber(ARGV[6]), tonumber(ARGV[7]), 7
        for i = 1, pushes + acks do
          local found = redis.call('TYPE', KEYS[1 + i]).ok
          if found ~= 'none' and found ~= (i <= pushes and 'list' or 'stream') then
            return redis.error_reply('WRONGTYPE key ' .. KEYS[1 + i] .. ' holds another kind of value')
          end
        end
        redis.call('HSET', KEYS[1], 'mode', ARGV[4], 'modev', ARGV[3], 'reason', ARGV[5])
        for i = 1, pushes do
          redis.call('LPUSH', KEYS[1 + i], ARGV[a + 2])
          redis.call('LTRIM', KEYS[1 + i], 0, ARGV[a + 1])
          a = a + 2
        end
        local done = 0
        for i = 1, acks do
          redis.call('XACK', KEYS[1 + pushes + i], ARGV[a + 1], ARGV[a + 2])
          done = done + redis.call('XDEL', KEYS[1 + pushes + i], ARGV[a + 2])
          a = a + 2
        end
        return done
        """);
}
