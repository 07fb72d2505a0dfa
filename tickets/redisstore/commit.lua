#!lua
-- Writes one change or nothing. Everything that could be refused or fail is looked at before the first write.
--
-- KEYS[1] lease hash
-- KEYS[2] stream that holds the cause (the lease when there is none)
-- KEYS[3] wakes sorted set
-- KEYS[4] tries hash, if the cause is an entry of the inbox
-- KEYS[4…] as numbered in ARGV
--
-- ARGV[1] epoch
-- ARGV[2] cause's entry in KEYS[2], "" = none
-- ARGV[3] "" | inbox: KEYS[4] counts the cause's tries
-- ARGV[4] number of checks; then four a check: kind, key number, a, b
--   v  a document's text begins with a ("" = it does not exist); b is the index of a's last byte
--   u  field a of a hash is absent or b
--   n  a counter stands at a
--   w  a ticket's document says wake a ("" = it says none, or does not exist)
--   e  a stream holds entry a; where it does not, the change has been applied
-- then until the end, commands: name, key number, count of arguments, arguments
--
-- Returns {ok, score of the earliest wake or ""} | {stale} | {applied} | {conflict, key number}
local argv, keys, call = ARGV, KEYS, redis.call
if call('HGET', keys[1], 'epoch') ~= argv[1] then return {'stale'} end
local entry, p, known = argv[2], 5, {}
for _ = 1, tonumber(argv[4]) do
  local kind, number, a, ok = argv[p], argv[p + 1], argv[p + 2], true
  local key = keys[number + 0]
  known[number] = true
  if kind == 'v' then
    ok = call('GETRANGE', key, 0, argv[p + 3]) == a
  elseif kind == 'u' then
    local holder = call('HGET', key, a)
    ok = not holder or holder == argv[p + 3]
  elseif kind == 'e' then
    if #call('XRANGE', key, a, a) == 0 then return {'applied'} end
  elseif kind == 'w' then
    local doc = call('GET', key)
    ok = (doc and cjson.decode(string.sub(doc, string.find(doc, ' ', 1, true) + 1)).wake or '') == a
  else
    ok = (call('GET', key) or '0') == a
  end
  if not ok then
    -- A repeated change meets its own versions: that it was applied is the better answer.
    if entry ~= '' and #call('XRANGE', keys[2], entry, entry) == 0 then return {'applied'} end
    return {'conflict', number}
  end
  p = p + 4
end
-- A key of another type fails here, before anything is written. SET and DEL take any type.
local reads = {ZADD = 'ZCARD', ZREM = 'ZCARD', HSET = 'HLEN', HDEL = 'HLEN', RPUSH = 'LLEN', XADD = 'XLEN', XDEL = 'XLEN'}
local q, n = p, #argv
while q <= n do
  local number = argv[q + 1]
  if not known[number] then
    known[number] = true
    local read = reads[argv[q]]
    if read then call(read, keys[number + 0]) end
  end
  q = q + 3 + argv[q + 2]
end
if not known['3'] then call('ZCARD', keys[3]) end
local tried = argv[3] == 'inbox' and call('HEXISTS', keys[4], entry) == 1
-- Removing the cause is check and first write in one: where it is gone, nothing has been written.
if entry ~= '' and call('XDEL', keys[2], entry) == 0 then return {'applied'} end
if tried then call('HDEL', keys[4], entry) end
while p <= n do
  local last = p + 2 + argv[p + 2]
  call(argv[p], keys[argv[p + 1] + 0], unpack(argv, p + 3, last))
  p = last + 1
end
local first = call('ZRANGE', keys[3], 0, 0, 'WITHSCORES')
return {'ok', first[2] or ''}
