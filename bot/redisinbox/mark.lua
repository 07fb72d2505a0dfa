#!lua
-- Counts one more try of an entry that is still there.
--
-- KEYS[1] inbox stream
-- KEYS[2] tries hash
--
-- ARGV[1] entry id
--
-- Returns the number of tries, 0 if the entry is gone
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
