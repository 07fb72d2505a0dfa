#!lua
-- Moves an entry to the dead letters.
--
-- KEYS[1] lease hash
-- KEYS[2] inbox stream
-- KEYS[3] tries hash
-- KEYS[4] stream of dead letters
--
-- ARGV[1] epoch
-- ARGV[2] entry id
-- ARGV[3] why
--
-- Returns moved | stale | gone
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 'stale' end
local found = redis.call('XRANGE', KEYS[2], ARGV[2], ARGV[2])
if #found == 0 then return 'gone' end
local tries = redis.call('HGET', KEYS[3], ARGV[2]) or '0'
redis.call('XLEN', KEYS[4])
local t = redis.call('TIME')
local fields = found[1][2]
for _, v in ipairs({'why', ARGV[3], 'at', string.format('%.0f', t[1] * 1000000 + t[2]), 'tries', tries}) do
  fields[#fields + 1] = v
end
redis.call('XADD', KEYS[4], '*', unpack(fields))
redis.call('XDEL', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
return 'moved'
