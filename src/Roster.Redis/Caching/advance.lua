-- The outbox was heard from one position to another; these rows changed in between.
-- KEYS: head, two hashes of markers, then an entry for each changed row.
-- ARGV: timeline, from, to, name of a new epoch, markers per hash, expiry in seconds, whether a gap may be given up on (1),
-- then the version that each row has at least. Numbers are 16 hexadecimal digits, so that texts compare as they do.
local timeline, from, to = ARGV[1], ARGV[2], ARGV[3]
local head = redis.call('GET', KEYS[1])
local theirs = head and string.sub(head, 17, 32)

-- Some of the rows may have changed behind TO: the markers must know those too.
local function mark(markers)
  for i = 4, #KEYS do
    local id, version = string.sub(KEYS[i], -32), ARGV[i + 4]
    local marked = redis.call('HGET', markers, id)
    if not marked or marked < version then redis.call('HSET', markers, id, version) end
  end
end

if theirs ~= timeline or string.sub(head, 33, 48) < from then
  -- A node that still follows a timeline which the shard has left.
  if theirs and string.sub(theirs, 1, 8) == string.sub(timeline, 1, 8) and theirs > timeline then return 'old' end
  -- Others may be about to tell what is missing here.
  if theirs == timeline and ARGV[7] ~= '1' then return 'behind' end
  -- Nobody told it: what is here proves nothing any more. A new epoch makes entries of the one before worthless.
  redis.call('SET', KEYS[1], ARGV[4] .. timeline .. to .. '0', 'EX', ARGV[6])
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[2], 'since', to)
  mark(KEYS[2])
  redis.call('EXPIRE', KEYS[2], ARGV[6])
  return 'new'
end

local at, young = string.sub(head, 33, 48), tonumber(string.sub(head, 49, 49))
local since = redis.call('HGET', KEYS[2 + young], 'since')
if to > at then
  -- What was told before this call changed up to TO, and is in the hashes that were.
  if not since then
    -- Evicted: what changed before is not remembered any more.
    redis.call('DEL', KEYS[3 - young])
    redis.call('HSET', KEYS[2 + young], 'since', to)
  elseif redis.call('HLEN', KEYS[2 + young]) > tonumber(ARGV[5]) then
    young = 1 - young
    redis.call('DEL', KEYS[2 + young])
    redis.call('HSET', KEYS[2 + young], 'since', to)
  end
end

mark(KEYS[2 + young])
for i = 4, #KEYS do
  local entry = redis.call('GETRANGE', KEYS[i], 16, 31)
  if entry ~= '' and entry < ARGV[i + 4] then redis.call('DEL', KEYS[i]) end
end

if to > at then at = to end
redis.call('SET', KEYS[1], string.sub(head, 1, 16) .. timeline .. at .. young, 'EX', ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('EXPIRE', KEYS[3], ARGV[6])
return 'ok'
