namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// The commit as Redis runs it. Redis does not undo the writes of a script that fails, so everything that could fail
/// (guards, types of keys, numbers) is checked before the first write.
/// </summary>
internal static class CommitScript
{
    /// <summary>Arguments before the sections; <see cref="CommitEncoder"/> writes them in this order.</summary>
    /// <remarks>
    /// KEYS: control, halts, index versions, counter groups, audit, [fence], removals…, records…, index entries…, indexes
    /// touched…, their logs…, counter groups…, appends…, pushes…, acks….
    /// Answer: outcome, mode, then the number (from 1) of the scope or record that refused, negative for a removal; or when
    /// committed the number
    /// of acknowledged entries and the version of each counter group.
    /// </remarks>
    public static RedisScript Commit { get; } = new("""
        local call = redis.call
        local control = call('HMGET', KEYS[1], 'epoch', 'mode')
        local mode = tonumber(control[2] or 0)
        if control[1] ~= ARGV[1] then return {5, mode} end
        if bit.band(tonumber(ARGV[2]), bit.lshift(1, mode)) == 0 then return {2, mode} end

        local a, k = 13, 5
        local halts = tonumber(ARGV[3])
        if halts > 0 then
          local standing = call('HMGET', KEYS[2], unpack(ARGV, a + 1, a + halts))
          for i = 1, halts do
            if standing[i] then return {3, mode, i} end
          end
          a = a + halts
        end
        if ARGV[4] ~= '' then
          k = k + 1
          if (call('HGET', KEYS[k], '_fence') or '0') ~= ARGV[4] then return {4, mode} end
        end

        local firstA, firstK = a, k
        local removals = tonumber(ARGV[13])
        for i = 1, removals do
          local key = KEYS[k + i]
          if call('TYPE', key).ok ~= 'list' or not call('LPOS', key, ARGV[a + i]) then return {1, mode, -i} end
        end
        a, k = a + removals, k + removals
        local records, entries, indexes = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
        local groups, appends, pushes = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
        local lines, acks = tonumber(ARGV[11]), tonumber(ARGV[12])
        local written = {}
        for i = 1, records do
          local key = KEYS[k + i]
          local version = written[key] or call('HGET', key, 'v') or '0'
          if version ~= ARGV[a + 1] then return {1, mode, i} end
          written[key] = ARGV[a + 2]
          a = a + 4
        end
        k = k + records + entries
        a = a + 4 * entries

        local wrong
        local function expect(key, kind)
          local found = call('TYPE', key).ok
          if found ~= kind and found ~= 'none' then wrong = wrong or key end
        end
        for i = 1, indexes do
          expect(KEYS[k + i], 'hash')
        end
        k, a = k + 2 * indexes, a + indexes
        if indexes > 0 then expect(KEYS[3], 'hash') end
        if groups > 0 then expect(KEYS[4], 'set') end
        for i = 1, groups do
          local key, fields, sums = KEYS[k + i], tonumber(ARGV[a + 2]), {}
          a = a + 2
          for _ = 1, fields do
            local field = ARGV[a + 1]
            if not sums[field] then
              local value = call('HGET', key, field) or '0'
              if not string.find(value, '^%-?%d+$') then wrong = wrong or key end
              sums[field] = math.abs(tonumber(value) or 0)
            end
            sums[field] = sums[field] + math.abs(tonumber(ARGV[a + 2]))
            if sums[field] > 9e18 then
              return redis.error_reply('TEOVERFLOW counter ' .. field .. ' of ' .. key .. ' would leave its range')
            end
            a = a + 2
          end
        end
        k = k + groups
        for i = 1, appends do
          local kind = ARGV[a + 1]
          if kind == 'L' then expect(KEYS[k + i], 'list') end
          if kind == 'S' then expect(KEYS[k + i], 'stream') end
          a = a + 6
        end
        k = k + appends
        for i = 1, pushes do
          expect(KEYS[k + i], 'list')
        end
        k = k + pushes
        if lines > 0 then expect(KEYS[5], 'stream') end
        for i = 1, acks do
          expect(KEYS[k + i], 'stream')
        end
        if wrong then return redis.error_reply('WRONGTYPE key ' .. wrong .. ' holds another kind of value') end

        -- From here on nothing can fail.
        a, k = firstA, firstK
        for i = 1, removals do
          call('LREM', KEYS[k + i], 1, ARGV[a + i])
        end
        a, k = a + removals, k + removals
        for i = 1, records do
          local key, expected, keep = KEYS[k + i], ARGV[a + 1], ARGV[a + 3]
          call('HSET', key, 'v', ARGV[a + 2], 'd', ARGV[a + 4])
          if keep ~= '' then
            call('PEXPIRE', key, keep)
          elseif expected ~= '0' then
            call('PERSIST', key)
          end
          a = a + 4
        end
        k = k + records
        local reached = {}
        for i = 1, indexes do
          reached[i] = call('HINCRBY', KEYS[3], ARGV[a + 4 * entries + i], 1)
        end
        for i = 1, entries do
          local index = tonumber(ARGV[a + 4])
          if ARGV[a + 1] == 'S' then
            call('HSET', KEYS[k + i], ARGV[a + 2], ARGV[a + 3])
          else
            call('HDEL', KEYS[k + i], ARGV[a + 2])
          end
          -- A log that cannot be written (of another type, or ahead of a version that was lost) fails nothing: it begins
          -- anew, and readers that find a hole in it read the whole index.
          local log = KEYS[k + entries + indexes + index]
          local logged = redis.pcall('XADD', log, 'MAXLEN', '~', '32768',
            string.format('%.0f-%d', reached[index], i), 'f', ARGV[a + 2])
          if type(logged) == 'table' and logged.err then call('DEL', log) end
          a = a + 4
        end
        k = k + entries + 2 * indexes
        a = a + indexes
        local answer = {0, mode, 0}
        for i = 1, groups do
          local key, name, fields = KEYS[k + i], ARGV[a + 1], tonumber(ARGV[a + 2])
          a = a + 2
          for _ = 1, fields do
            call('HINCRBY', key, ARGV[a + 1], ARGV[a + 2])
            a = a + 2
          end
          local version = call('HINCRBY', key, '_v', 1)
          if version == 1 then call('SADD', KEYS[4], name) end
          answer[3 + i] = version
        end
        k = k + groups
        for i = 1, appends do
          local kind, key = ARGV[a + 1], KEYS[k + i]
          if kind == 'L' then
            call('LPUSH', key, ARGV[a + 6])
          elseif kind == 'S' then
            call('XADD', key, '*', 'v', '1', 'id', ARGV[a + 2], 'ts', ARGV[a + 3], 'src', ARGV[a + 4],
              'type', ARGV[a + 5], 'data', ARGV[a + 6])
          else
            call('PUBLISH', key, ARGV[a + 6])
          end
          a = a + 6
        end
        k = k + appends
        for i = 1, pushes do
          call('LPUSH', KEYS[k + i], ARGV[a + 2])
          call('LTRIM', KEYS[k + i], 0, ARGV[a + 1])
          a = a + 2
        end
        k = k + pushes
        for i = 1, lines do
          call('XADD', KEYS[5], '*', 'd', ARGV[a + i])
        end
        a = a + lines
        for i = 1, acks do
          call('XACK', KEYS[k + i], ARGV[a + 1], ARGV[a + 2])
          answer[3] = answer[3] + call('XDEL', KEYS[k + i], ARGV[a + 2])
          a = a + 2
        end
        return answer
        """);
}
