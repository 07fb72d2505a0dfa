#!lua
-- Appends an entry unless its key was received within the last day.
--
-- KEYS[1] inbox stream
-- KEYS[2] sorted set of keys received, by Unix ms
--
-- ARGV[1] the entry's key
-- ARGV[2] how long a key is remembered, ms
-- ARGV[3] 1 = a duplicate writes too, so that WAIT speaks of the first one's reaching replicas
-- ARGV[4…] fields and values of the entry
--
-- Returns the new entry's id, or "" for a duplicate
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local was = redis.call('ZSCORE', KEYS[2], ARGV[1])
redis.call('XLEN', KEYS[1])
if was and tonumber(was) > now - ARGV[2] then
  if ARGV[3] == '1' then redis.call('ZADD', KEYS[2], string.format('%.3f', was + 0.001), ARGV[1]) end
  return ''
end
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 4))
