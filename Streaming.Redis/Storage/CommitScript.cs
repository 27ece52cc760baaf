namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Commits as Redis runs them: a batch in one call, each whole or not at all, each seeing what the ones before it wrote. Redis does
/// not undo the writes of a script that fails, so everything of a commit that could fail (guards, types of keys, numbers) is
/// checked before its first write. What several commits write to the same place (counters, an index's fields, lists, audit, acknowledgements)
/// is collected and written once at the end: a call of Redis costs the script more than all it decides.
/// </summary>
internal static class CommitScript
{
    /// <summary>
    /// Numbers before each commit's arguments, packed as one argument of little-endian integers: modes, keys, arguments, halts,
    /// fences (0 or 1), records, index entries, indexes touched, counter groups, appends, pushes, audit lines, acks, removals.
    /// </summary>
    public const int HeaderNumbers = 14;

    /// <summary>Keys before those of the first commit: control, halts, index versions, counter groups, audit.</summary>
    public const int SharedKeys = 5;

    /// <summary>Arguments before those of the first commit: epoch, number of commits, consumer group.</summary>
    public const int SharedArguments = 3;

    /// <remarks>
    /// KEYS of a commit: [fence], removals…, records…, (index, its log)…, counter groups…, appends…, pushes…, acks….
    /// <see cref="CommitEncoder"/> writes its arguments in the same order behind the packed numbers.
    /// A commit with removals, or with one counter twice, has the call to itself.
    /// Answer: the number of acknowledged entries, then of each commit: outcome, mode, and the number (from 1) of the scope or
    /// record that refused, negative for a removal; or when committed the version of each counter group; or for what
    /// cannot be written -1, mode, 0 and why.
    /// </remarks>
    public static RedisScript Commit { get; } = new("""
        local call, attempt, abs, unpack, tonumber, format = redis.call, redis.pcall, math.abs, unpack, tonumber, string.format
        local KEYS, ARGV = KEYS, ARGV
        local count = tonumber(ARGV[2])
        local answers = {0}
        local control = call('HMGET', KEYS[1], 'epoch', 'mode')
        local mode = tonumber(control[2] or 0)
        if control[1] ~= ARGV[1] then
          for i = 1, count do answers[i + 1] = {5, mode} end
          return answers
        end
        local modeBit = bit.lshift(1, mode)
        local halting = attempt('HLEN', KEYS[2])
        local kinds, fences, versions, groups, indexes, lists, acked = {}, {}, {}, {}, {}, {}, {}
        local allGroups, allIndexes, allLists, allAcked, audit = {}, {}, {}, {}, {}

        local function wrong(key)
          return {-1, mode, 0, 'WRONGTYPE key ' .. key .. ' holds another kind of value'}
        end
        local function holds(key, kind)
          local found = kinds[key]
          if not found then
            found = call('TYPE', key).ok
            if found == 'none' then found = kind end
            kinds[key] = found
          end
          return found == kind
        end
        local function flush(list)
          for first = 1, list.n, 1000 do
            call('LPUSH', list.key, unpack(list, first, math.min(first + 999, list.n)))
          end
          if list.last then call('LTRIM', list.key, 0, list.last) end
          list.n = 0
        end
        local function push(key, value, last)
          local list = lists[key]
          if not list then
            list = {key = key, n = 0, last = last}
            lists[key] = list
            allLists[#allLists + 1] = list
          elseif list.last ~= last then
            flush(list)
            list.last = last
          end
          list.n = list.n + 1
          list[list.n] = value
        end

        local function decide(a, k, modes, halts, fenced, records, entries, touched, counted, appends, pushes, lines, acks, removals)
          if bit.band(modes, modeBit) == 0 then return {2, mode} end
          if halts > 0 then
            if halting ~= 0 then
              local standing = attempt('HMGET', KEYS[2], unpack(ARGV, a + 1, a + halts))
              if standing.err then return wrong(KEYS[2]) end
              for i = 1, halts do
                if standing[i] then return {3, mode, i} end
              end
            end
            a = a + halts
          end
          if fenced == 1 then
            a, k = a + 1, k + 1
            local key = KEYS[k]
            local fence = fences[key]
            if not fence then
              fence = attempt('HGET', key, '_fence') or '0'
              if type(fence) == 'table' then return wrong(key) end
              fences[key] = fence
            end
            if fence ~= ARGV[a] then return {4, mode} end
          end

          local removalA, removalK = a, k
          for i = 1, removals do
            local key = KEYS[k + i]
            if call('TYPE', key).ok ~= 'list' or not call('LPOS', key, ARGV[a + i]) then return {1, mode, -i} end
          end
          a, k = a + removals, k + removals
          local recordA, recordK, own = a, k, nil
          for i = 1, records do
            local key = KEYS[k + i]
            local version = own and own[key] or versions[key]
            if not version then
              version = attempt('HGET', key, 'v') or '0'
              if type(version) == 'table' then return wrong(key) end
              versions[key] = version
            end
            if version ~= ARGV[a + 1] then return {1, mode, i} end
            if records > 1 then
              own = own or {}
              own[key] = ARGV[a + 2]
            end
            a = a + 4
          end
          k = k + records

          local indexA, indexK = a, k
          if touched > 0 and not holds(KEYS[3], 'hash') then return wrong(KEYS[3]) end
          for i = 1, touched do
            local key = KEYS[k + 1]
            if not indexes[key] then
              if not holds(key, 'hash') then return wrong(key) end
              local index = {key = key, log = KEYS[k + 2], name = ARGV[a + i], fields = {}, values = {}, rises = 0,
                version = tonumber(call('HGET', KEYS[3], ARGV[a + i]) or '0') or 0}
              indexes[key] = index
              allIndexes[#allIndexes + 1] = index
            end
            k = k + 2
          end
          a = a + touched + 4 * entries

          local groupA, groupK = a, k
          if counted > 0 and not holds(KEYS[4], 'set') then return wrong(KEYS[4]) end
          for i = 1, counted do
            local key, fields = KEYS[k + i], tonumber(ARGV[a + 2])
            local group = groups[key]
            if not group then
              if not holds(key, 'hash') then return wrong(key) end
              local names = {'_v'}
              for f = 1, fields do names[f + 1] = ARGV[a + 1 + 2 * f] end
              local stored = call('HMGET', key, unpack(names))
              group = {key = key, name = ARGV[a + 1], stored = {}, values = {}, sums = {}, fields = {}, rises = 0,
                version = tonumber(stored[1] or '0') or 0}
              for f = 1, fields do group.stored[names[f + 1]] = stored[f + 1] or '0' end
              groups[key] = group
              allGroups[#allGroups + 1] = group
            end
            local values = group.values
            for f = 1, fields do
              local field, delta = ARGV[a + 1 + 2 * f], abs(tonumber(ARGV[a + 2 + 2 * f]))
              local value = values[field]
              if not value then
                local stored = group.stored[field] or call('HGET', key, field) or '0'
                if not string.find(stored, '^%-?%d+$') then return wrong(key) end
                value = tonumber(stored)
                values[field] = value
              end
              local most = abs(value) + delta
              if most > 9e18 then
                return {-1, mode, 0, 'TEOVERFLOW counter ' .. field .. ' of ' .. key .. ' would leave its range'}
              end
              if count == 1 then values[field] = most end
            end
            a = a + 2 + 2 * fields
          end
          k = k + counted

          local appendA, appendK = a, k
          for i = 1, appends do
            local kind = ARGV[a + 1]
            if kind == 'S' then
              if not holds(KEYS[k + i], 'stream') then return wrong(KEYS[k + i]) end
              a = a + 6
            else
              if kind == 'L' and not holds(KEYS[k + i], 'list') then return wrong(KEYS[k + i]) end
              a = a + 2
            end
          end
          k = k + appends
          local pushA, pushK = a, k
          for i = 1, pushes do
            if not holds(KEYS[k + i], 'list') then return wrong(KEYS[k + i]) end
          end
          a, k = a + 2 * pushes, k + pushes
          local lineA = a
          if lines > 0 and not holds(KEYS[5], 'stream') then return wrong(KEYS[5]) end
          a = a + lines
          for i = 1, acks do
            if not holds(KEYS[k + i], 'stream') then return wrong(KEYS[k + i]) end
          end

          -- From here on nothing of this commit can fail.
          for i = 1, removals do
            call('LREM', KEYS[removalK + i], 1, ARGV[removalA + i])
          end
          for i = 1, records do
            local key, expected, keep = KEYS[recordK + i], ARGV[recordA + 1], ARGV[recordA + 3]
            call('HSET', key, 'v', ARGV[recordA + 2], 'd', ARGV[recordA + 4])
            if keep ~= '' then
              call('PEXPIRE', key, keep)
            elseif expected ~= '0' then
              call('PERSIST', key)
            end
            versions[key] = ARGV[recordA + 2]
            recordA = recordA + 4
          end
          for i = 1, touched do
            local index = indexes[KEYS[indexK + 2 * i - 1]]
            index.version, index.rises = index.version + 1, index.rises + 1
          end
          indexA = indexA + touched
          for i = 1, entries do
            local index, field = indexes[KEYS[indexK + 2 * tonumber(ARGV[indexA + 4]) - 1]], ARGV[indexA + 2]
            if index.values[field] == nil then index.fields[#index.fields + 1] = field end
            index.values[field] = ARGV[indexA + 1] == 'S' and ARGV[indexA + 3]
            -- A log that cannot be written (of another type, or ahead of a version that was lost) fails nothing: it begins
            -- anew, and readers that find a hole in it read the whole index.
            local logged = attempt('XADD', index.log, 'MAXLEN', '~', '32768', format('%.0f-%d', index.version, i), 'f', field)
            if type(logged) == 'table' and logged.err then call('DEL', index.log) end
            indexA = indexA + 4
          end
          local answer = {0, mode}
          for i = 1, counted do
            local group, fields = groups[KEYS[groupK + i]], tonumber(ARGV[groupA + 2])
            local sums, values = group.sums, group.values
            for f = 1, fields do
              local field, text = ARGV[groupA + 1 + 2 * f], ARGV[groupA + 2 + 2 * f]
              local delta, sum = tonumber(text), sums[field]
              local total = (sum or 0) + delta
              if abs(delta) > 4e15 or abs(total) > 4e15 then
                -- Beyond what a number of the script holds exactly.
                call('HINCRBY', group.key, field, text)
              else
                if not sum then group.fields[#group.fields + 1] = field end
                sums[field] = total
              end
              if count > 1 then values[field] = values[field] + delta end
            end
            groupA = groupA + 2 + 2 * fields
            group.version, group.rises = group.version + 1, group.rises + 1
            answer[2 + i] = group.version
          end
          for i = 1, appends do
            local kind, key = ARGV[appendA + 1], KEYS[appendK + i]
            if kind == 'S' then
              call('XADD', key, '*', 'v', '1', 'id', ARGV[appendA + 2], 'ts', ARGV[appendA + 3], 'src', ARGV[appendA + 4],
                'type', ARGV[appendA + 5], 'data', ARGV[appendA + 6])
              appendA = appendA + 6
            else
              if kind == 'L' then
                push(key, ARGV[appendA + 2], nil)
              else
                call('PUBLISH', key, ARGV[appendA + 2])
              end
              appendA = appendA + 2
            end
          end
          for i = 1, pushes do
            push(KEYS[pushK + i], ARGV[pushA + 2], ARGV[pushA + 1])
            pushA = pushA + 2
          end
          for i = 1, lines do
            audit[#audit + 1] = 'd'
            audit[#audit + 1] = ARGV[lineA + i]
          end
          for i = 1, acks do
            local key = KEYS[k + i]
            local ids = acked[key]
            if not ids then
              ids = {key = key}
              acked[key] = ids
              allAcked[#allAcked + 1] = ids
            end
            ids[#ids + 1] = ARGV[a + i]
          end
          return answer
        end

        local a, k = 3, 5
        for i = 1, count do
          local modes, keys, arguments, halts, fenced, records, entries, touched, counted, appends, pushes, lines, acks, removals =
            struct.unpack('<i4i4i4i4i4i4i4i4i4i4i4i4i4i4', ARGV[a + 1])
          answers[i + 1] =
            decide(a + 1, k, modes, halts, fenced, records, entries, touched, counted, appends, pushes, lines, acks, removals)
          a, k = a + arguments, k + keys
        end

        for _, index in ipairs(allIndexes) do
          if index.rises > 0 then
            call('HSET', KEYS[3], index.name, format('%.0f', index.version))
            local set, gone = {}, {}
            for _, field in ipairs(index.fields) do
              local value = index.values[field]
              if value then
                set[#set + 1] = field
                set[#set + 1] = value
              else
                gone[#gone + 1] = field
              end
            end
            for first = 1, #set, 1000 do
              call('HSET', index.key, unpack(set, first, math.min(first + 999, #set)))
            end
            for first = 1, #gone, 1000 do
              call('HDEL', index.key, unpack(gone, first, math.min(first + 999, #gone)))
            end
          end
        end
        for _, group in ipairs(allGroups) do
          if group.rises > 0 then
            for _, field in ipairs(group.fields) do
              call('HINCRBY', group.key, field, format('%.0f', group.sums[field]))
            end
            call('HINCRBY', group.key, '_v', group.rises)
            if group.version == group.rises then call('SADD', KEYS[4], group.name) end
          end
        end
        for _, list in ipairs(allLists) do
          if list.n > 0 then flush(list) end
        end
        for first = 1, #audit, 1000 do
          call('XADD', KEYS[5], '*', unpack(audit, first, math.min(first + 999, #audit)))
        end
        for _, ids in ipairs(allAcked) do
          for first = 1, #ids, 1000 do
            local last = math.min(first + 999, #ids)
            call('XACK', ids.key, ARGV[3], unpack(ids, first, last))
            answers[1] = answers[1] + call('XDEL', ids.key, unpack(ids, first, last))
          end
        end
        return answers
        """);
}
