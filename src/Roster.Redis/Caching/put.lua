-- Puts in rows that were read, each unless it may be older than what was told of it.
-- KEYS: head, two hashes of markers, then the entries. ARGV: timeline, expiry in seconds, then each entry without its epoch:
-- version and position (16 hexadecimal digits each), and the state. Returns how many were taken.
local head = redis.call('GET', KEYS[1])
if not head or string.sub(head, 17, 32) ~= ARGV[1] then return 0 end
local epoch, at, young = string.sub(head, 1, 16), string.sub(head, 33, 48), tonumber(string.sub(head, 49, 49))
local markers = { KEYS[2 + young], KEYS[3 - young] }
local since = { redis.call('HGET', markers[1], 'since'), redis.call('HGET', markers[2], 'since') }

-- What includes all that was told is the row's state now, unless a change behind that was told too. Of what was read before, the
-- markers must know every change since.
local function is_now(id, version, read)
  for i = 1, 2 do
    local marked = redis.call('HGET', markers[i], id)
    if marked and marked > version then return false end
  end
  return read >= at or (since[1] and (read >= since[1] or (since[2] and read >= since[2])))
end

local taken = 0
for i = 4, #KEYS do
  local entry = ARGV[i - 1]
  local version, read = string.sub(entry, 1, 16), string.sub(entry, 17, 32)
  local there = redis.call('GETRANGE', KEYS[i], 0, 31)
  local is_newer = string.sub(there, 1, 16) == epoch and string.sub(there, 17, 32) > version
  if not is_newer and is_now(string.sub(KEYS[i], -32), version, read) then
    redis.call('SET', KEYS[i], epoch .. entry, 'EX', ARGV[2])
    taken = taken + 1
  end
end
return taken
