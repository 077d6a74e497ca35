-- Keeps the evidence of all chats within its bound: what is over goes first, the oldest of it
-- before the rest; if that is not enough, the lines of who has just said something.
-- KEYS: when each session's lines end by themselves, how many bytes they have, and the sum.
-- ARGV: now, the most bytes, the latest end of what is over, how long these keys live; then for each
-- session its id, its bytes (-1: as before) and its end, seconds.
-- Returns the sessions whose lines are to be deleted.

local ends, sizes, sum = KEYS[1], KEYS[2], KEYS[3]
local now, most, over = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local total = tonumber(redis.call('GET', sum) or 0)
local gone = {}

local function forget(id)
  total = total - tonumber(redis.call('HGET', sizes, id) or 0)
  redis.call('HDEL', sizes, id)
  redis.call('ZREM', ends, id)
end

for i = 5, #ARGV, 3 do
  local id, size = ARGV[i], tonumber(ARGV[i + 1])
  local before = tonumber(redis.call('HGET', sizes, id) or 0)
  if size >= 0 then
    total = total + size - before
    redis.call('HSET', sizes, id, size)
  end
  if size >= 0 or before > 0 then redis.call('ZADD', ends, ARGV[i + 2], id) end
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)) do forget(id) end
while total > most do
  local oldest = redis.call('ZRANGEBYSCORE', ends, '-inf', over, 'LIMIT', 0, 1)[1]
  if not oldest then break end
  gone[#gone + 1] = oldest
  forget(oldest)
end
for i = 5, #ARGV, 3 do
  if total <= most then break end
  if tonumber(ARGV[i + 1]) > 0 then
    gone[#gone + 1] = ARGV[i]
    forget(ARGV[i])
  end
end
redis.call('SET', sum, total)
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[4]) end
return gone
