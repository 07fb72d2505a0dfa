#!lua
-- Takes, renews or gives back a shard's lease. Times are compared as stored, by Redis' own clock.
--
-- KEYS[1] lease hash {owner, token, epoch, until}
-- KEYS[2] hash of registered workspaces
--
-- ARGV[1] acquire | renew | release
-- ARGV[2] owner
-- ARGV[3] token of this very attempt: a repeated acquire with the same token changes nothing
-- ARGV[4] how long the lease lasts, in µs
-- ARGV[5] channel on which a release is told
-- ARGV[6] number of the shard
--
-- Returns {taken | held | empty | kept | lost | released, epoch, until in µs, Redis' time in µs, owner}
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local f = redis.call('HMGET', KEYS[1], 'owner', 'token', 'epoch', 'until')
local owner, token, epoch, till = f[1] or '', f[2] or '', f[3] or '0', tonumber(f[4] or '0')
local function answer(word)
  return {word, epoch, string.format('%.0f', till), string.format('%.0f', now), owner}
end
local mine = owner == ARGV[2] and token == ARGV[3]
if ARGV[1] == 'release' then
  if not mine then return answer('lost') end
  till = 0
  redis.call('HSET', KEYS[1], 'until', '0')
  -- A server that forbids the channel must not keep the lease from being given back.
  redis.pcall('PUBLISH', ARGV[5], ARGV[6])
  return answer('released')
end
if ARGV[1] == 'renew' and not (mine and till > now) then return answer('lost') end
if ARGV[1] == 'acquire' then
  if redis.call('HLEN', KEYS[2]) == 0 then return answer('empty') end
  if till > now and owner ~= ARGV[2] then return answer('held') end
  if not (mine and till > now) then epoch = string.format('%.0f', epoch + 1) end
end
owner = ARGV[2]
till = now + ARGV[4]
redis.call('HSET', KEYS[1], 'owner', owner, 'token', ARGV[3], 'epoch', epoch, 'until', string.format('%.0f', till))
return answer(ARGV[1] == 'renew' and 'kept' or 'taken')
