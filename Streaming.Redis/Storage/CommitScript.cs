namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Commits as Redis runs them: one call writes a unit whole or not at all. A unit is one commit, or several that touch no record
/// twice, already put together by <see cref="CommitUnit"/> so that what they write to the same place is written once: the script's
/// own steps and its calls cost Redis more than what they write. Redis does not undo the writes of a script that fails, so everything that could
/// fail (guards, types of keys, numbers) is checked before the first write.
/// </summary>
internal static class CommitScript
{
    /// <summary>
    /// Numbers at the head, packed as one argument of little-endian integers: modes, halts, fences, removals, new records, known
    /// records, indexes, counter groups, appends, pushes, audit lines, streams acknowledged in.
    /// </summary>
    public const int HeaderNumbers = 12;

    /// <summary>Keys before those of the unit: control, halts, index versions, counter groups, audit.</summary>
    public const int SharedKeys = 5;

    /// <remarks>
    /// KEYS: the shared ones, then fences…, removals…, new records…, known records…, (index, its log)…, counter groups…, appends…, pushes…, acks….
    /// ARGV: epoch, consumer group, numbers, then in the same order: scopes of halts; token of each fence; removed values; of new records
    /// retention and data; of known ones expected version, next version, retention and data; of indexes name, rises, number of fields set and removed,
    /// fields with values, fields removed; of counter groups name, rises, number of fields, fields with sums; of appends <c>L</c>, number, values, or <c>C</c>, value, or
    /// <c>S</c>, id, time, source, type, value; of pushes last index kept, number, values; audit lines; of streams number, ids.
    /// Answer: outcome, mode, and when written the number of acknowledged entries and the version of each counter group after it; else the
    /// number (from 1) of the scope or record that refused, negative for a removal; or for what cannot be written -1, mode, 0 and why.
    /// </remarks>
    public static RedisScript Commit { get; } = new($$"""
        local call, attempt, abs, min, unpack, tonumber, format = redis.call, redis.pcall, math.abs, math.min, unpack, tonumber, string.format
        local KEYS, ARGV = KEYS, ARGV
        local control = call('HMGET', KEYS[1], 'epoch', 'mode', 'protocol')
        local mode = tonumber(control[2] or 0)
        if control[1] ~= ARGV[1] then return {5, mode} end
        if control[3] ~= '{{RedisKeys.OrderProtocol}}' then
          return {-1, mode, 0, '{{ControlScripts.ProtocolDiffers}} the store is of order protocol ' .. (control[3] or 'none') .. ', this silo of {{RedisKeys.OrderProtocol}}'}
        end
        local modes, halts, fences, removals, created, known, indexes, groups, appends, pushes, lines, streams =
          struct.unpack('<i4i4i4i4i4i4i4i4i4i4i4i4', ARGV[3])
        if bit.band(modes, bit.lshift(1, mode)) == 0 then return {2, mode} end

        local function wrong(key)
          return {-1, mode, 0, 'WRONGTYPE key ' .. key .. ' holds another kind of value'}
        end
        local function isnt(key, kind)
          local found = call('TYPE', key).ok
          return found ~= kind and found ~= 'none'
        end
        local function each(command, key, first, count, step)
          for at = first, first + count - 1, step do
            call(command, key, unpack(ARGV, at, min(at + step, first + count) - 1))
          end
        end

        local a, k = 3, 5
        if halts > 0 then
          if attempt('HLEN', KEYS[2]) ~= 0 then
            for i = 1, halts do
              local standing = attempt('HGET', KEYS[2], ARGV[a + i])
              if type(standing) == 'table' then return wrong(KEYS[2]) end
              if standing then return {3, mode, i} end
            end
          end
          a = a + halts
        end
        for i = 1, fences do
          local fence = attempt('HGET', KEYS[k + i], '_fence') or '0'
          if type(fence) == 'table' then return wrong(KEYS[k + i]) end
          if fence ~= ARGV[a + i] then return {4, mode} end
        end
        a, k = a + fences, k + fences

        local removalA, removalK = a, k
        for i = 1, removals do
          local key = KEYS[k + i]
          if call('TYPE', key).ok ~= 'list' or not call('LPOS', key, ARGV[a + i]) then return {1, mode, -i} end
        end
        a, k = a + removals, k + removals

        local createdA, createdK = a, k
        for first = 1, created, 1000 do
          if call('EXISTS', unpack(KEYS, k + first, k + min(first + 999, created))) > 0 then
            for i = 1, created do
              local version = attempt('HGET', KEYS[k + i], 'v') or '0'
              if type(version) == 'table' then return wrong(KEYS[k + i]) end
              if version ~= '0' then return {1, mode, i} end
            end
          end
        end
        a, k = a + 2 * created, k + created
        local knownA, knownK = a, k
        for i = 1, known do
          local version = attempt('HGET', KEYS[k + i], 'v') or '0'
          if type(version) == 'table' then return wrong(KEYS[k + i]) end
          if version ~= ARGV[a + 1] then return {1, mode, created + i} end
          a = a + 4
        end
        k = k + known

        local indexA, indexK, indexVersions = a, k, {}
        if indexes > 0 and isnt(KEYS[3], 'hash') then return wrong(KEYS[3]) end
        for i = 1, indexes do
          if isnt(KEYS[k + 1], 'hash') then return wrong(KEYS[k + 1]) end
          indexVersions[i] = (tonumber(call('HGET', KEYS[3], ARGV[a + 1]) or '0') or 0) + tonumber(ARGV[a + 2])
          a, k = a + 4 + 2 * tonumber(ARGV[a + 3]) + tonumber(ARGV[a + 4]), k + 2
        end

        local groupA, groupK = a, k
        if groups > 0 and isnt(KEYS[4], 'set') then return wrong(KEYS[4]) end
        for i = 1, groups do
          local key, fields = KEYS[k + i], tonumber(ARGV[a + 3])
          if isnt(key, 'hash') then return wrong(key) end
          for f = 1, fields do
            local field = ARGV[a + 2 + 2 * f]
            local stored = call('HGET', key, field) or '0'
            if not string.find(stored, '^%-?%d+$') then return wrong(key) end
            if abs(tonumber(stored)) + abs(tonumber(ARGV[a + 3 + 2 * f])) > 9e18 then
              return {-1, mode, 0, 'TEOVERFLOW counter ' .. field .. ' of ' .. key .. ' would leave its range'}
            end
          end
          a = a + 3 + 2 * fields
        end
        k = k + groups

        local appendA, appendK = a, k
        for i = 1, appends do
          local kind = ARGV[a + 1]
          if kind == 'S' then
            if isnt(KEYS[k + i], 'stream') then return wrong(KEYS[k + i]) end
            a = a + 6
          elseif kind == 'L' then
            if isnt(KEYS[k + i], 'list') then return wrong(KEYS[k + i]) end
            a = a + 2 + tonumber(ARGV[a + 2])
          else
            a = a + 2
          end
        end
        k = k + appends
        local pushA, pushK = a, k
        for i = 1, pushes do
          if isnt(KEYS[k + i], 'list') then return wrong(KEYS[k + i]) end
          a = a + 2 + tonumber(ARGV[a + 2])
        end
        k = k + pushes
        local lineA = a
        if lines > 0 and isnt(KEYS[5], 'stream') then return wrong(KEYS[5]) end
        a = a + lines
        for i = 1, streams do
          if isnt(KEYS[k + i], 'stream') then return wrong(KEYS[k + i]) end
        end

        -- From here on nothing can fail.
        for i = 1, removals do
          call('LREM', KEYS[removalK + i], 1, ARGV[removalA + i])
        end
        for i = 1, created do
          call('HSET', KEYS[createdK + i], 'v', '1', 'd', ARGV[createdA + 2])
          if ARGV[createdA + 1] ~= '' then call('PEXPIRE', KEYS[createdK + i], ARGV[createdA + 1]) end
          createdA = createdA + 2
        end
        for i = 1, known do
          local key, keep = KEYS[knownK + i], ARGV[knownA + 3]
          call('HSET', key, 'v', ARGV[knownA + 2], 'd', ARGV[knownA + 4])
          if keep ~= '' then call('PEXPIRE', key, keep) else call('PERSIST', key) end
          knownA = knownA + 4
        end
        for i = 1, indexes do
          local key, log, version = KEYS[indexK + 1], KEYS[indexK + 2], indexVersions[i]
          local set, gone = 2 * tonumber(ARGV[indexA + 3]), tonumber(ARGV[indexA + 4])
          call('HSET', KEYS[3], ARGV[indexA + 1], format('%.0f', version))
          each('HSET', key, indexA + 5, set, 1000)
          each('HDEL', key, indexA + 5 + set, gone, 1000)
          local fields = {}
          for at = indexA + 5, indexA + 4 + set, 2 do
            fields[#fields + 1] = 'f'
            fields[#fields + 1] = ARGV[at]
          end
          for at = indexA + 5 + set, indexA + 4 + set + gone do
            fields[#fields + 1] = 'f'
            fields[#fields + 1] = ARGV[at]
          end
          -- An entry's id is the version it leads to and how many versions it spans. A log that cannot be written (of another type, ahead of
          -- a version that was lost, or with more fields than an entry takes here) fails nothing: it begins anew, and readers that find a hole in
          -- it read the whole index.
          local logged = {err = true}
          if #fields <= 4000 then
            logged = attempt('XADD', log, 'MAXLEN', '~', '16384', format('%.0f-%s', version, ARGV[indexA + 2]), unpack(fields))
          end
          if type(logged) == 'table' and logged.err then call('DEL', log) end
          indexA, indexK = indexA + 4 + set + gone, indexK + 2
        end
        local answer = {0, mode, 0}
        for i = 1, groups do
          local key, rises, fields = KEYS[groupK + i], ARGV[groupA + 2], tonumber(ARGV[groupA + 3])
          for f = 1, fields do
            call('HINCRBY', key, ARGV[groupA + 2 + 2 * f], ARGV[groupA + 3 + 2 * f])
          end
          local version = call('HINCRBY', key, '_v', rises)
          if version == tonumber(rises) then call('SADD', KEYS[4], ARGV[groupA + 1]) end
          answer[3 + i] = version
          groupA = groupA + 3 + 2 * fields
        end
        for i = 1, appends do
          local kind, key = ARGV[appendA + 1], KEYS[appendK + i]
          if kind == 'S' then
            call('XADD', key, '*', 'v', '1', 'id', ARGV[appendA + 2], 'ts', ARGV[appendA + 3], 'src', ARGV[appendA + 4],
              'type', ARGV[appendA + 5], 'data', ARGV[appendA + 6])
            appendA = appendA + 6
          elseif kind == 'L' then
            local count = tonumber(ARGV[appendA + 2])
            each('LPUSH', key, appendA + 3, count, 1000)
            appendA = appendA + 2 + count
          else
            call('PUBLISH', key, ARGV[appendA + 2])
            appendA = appendA + 2
          end
        end
        for i = 1, pushes do
          local count = tonumber(ARGV[pushA + 2])
          each('LPUSH', KEYS[pushK + i], pushA + 3, count, 1000)
          call('LTRIM', KEYS[pushK + i], 0, ARGV[pushA + 1])
          pushA = pushA + 2 + count
        end
        for first = 1, lines, 1000 do
          local entry = {}
          for i = first, min(first + 999, lines) do
            entry[#entry + 1] = 'd'
            entry[#entry + 1] = ARGV[lineA + i]
          end
          call('XADD', KEYS[5], '*', unpack(entry))
        end
        for i = 1, streams do
          local count = tonumber(ARGV[a + 1])
          for first = 1, count, 1000 do
            local last = min(first + 999, count)
            call('XACK', KEYS[k + i], ARGV[2], unpack(ARGV, a + 1 + first, a + 1 + last))
            answer[3] = answer[3] + call('XDEL', KEYS[k + i], unpack(ARGV, a + 1 + first, a + 1 + last))
          end
          a = a + 1 + count
        end
        return answer
        """);
}
