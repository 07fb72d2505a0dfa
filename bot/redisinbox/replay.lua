#!lua
-- Moves a dead letter back to the end of the inbox.
--
-- KEYS[1] stream of dead letters
-- KEYS[2] inbox stream
--
-- ARGV[1] dead letter's id
--
-- Returns the new entry's id, "" if the letter is gone
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then return '' end
local letter, fields = found[1][2], {}
for i = 1, #letter, 2 do
  local name = letter[i]
  if name ~= 'why' and name ~= 'at' and name ~= 'tries' then
    fields[#fields + 1] = name
    fields[#fields + 1] = letter[i + 1]
  end
end
redis.call('XLEN', KEYS[2])
redis.call('XDEL', KEYS[1], ARGV[1])
return redis.call('XADD', KEYS[2], '*', unpack(fields))
