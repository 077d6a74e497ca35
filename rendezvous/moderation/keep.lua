-- Adds what a session has said to the end of what is kept of it, within its bounds.
-- KEYS[1] its lines. ARGV: the most lines, the most bytes, seconds to live, then the new lines.
-- Returns the bytes that are kept of it now.

local key, most, bytes = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 4, #ARGV do redis.call('RPUSH', key, ARGV[i]) end
redis.call('LTRIM', key, -most, -1)
local lines, size, first = redis.call('LRANGE', key, 0, -1), 0, 0
for i = #lines, 1, -1 do
  size = size + #lines[i]
  if size > bytes then
    size, first = size - #lines[i], i
    break
  end
end
if first > 0 then redis.call('LTRIM', key, first, -1) end
redis.call('EXPIRE', key, ARGV[3])
return size
