-- What those who come are interested in; rendezvous/matching/popularity.py says why, and counts alike.

local function halve(liked)
  local all = call('HGETALL', liked)
  call('DEL', liked)
  for at = 1, #all, 2 do
    local half = math.floor(tonumber(all[at + 1]) / 2)
    if half > 0 then call('HSET', liked, all[at], half) end
  end
end

-- The share of those who come who give one of these interests; and somebody has come with them now.
local function prospects(interests)
  local liked = T .. ':liked' -- those who came are counted under the empty name
  local counted = call('HMGET', liked, '', unpack(interests))
  local comings, given, more = tonumber(counted[1] or 0), 0, {}
  for at, interest in ipairs(interests) do
    local before = tonumber(counted[at + 1] or 0)
    given = given + before
    more[2 * at - 1], more[2 * at] = interest, before + 1
  end
  call('HSET', liked, '', comings + 1, unpack(more))
  call('EXPIRE', liked, KEEP)
  if comings + 1 == 2 * WINDOW then halve(liked) end
  return given > 0 and math.min(given / comings, 1) or 0
end
