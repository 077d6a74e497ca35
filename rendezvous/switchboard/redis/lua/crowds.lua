-- Of how many sessions that are not over each place and each visitor is.

-- Whether somebody, or some place, has `most` sessions that are not over.
local function is_full(who, most)
  if call('SCARD', CROWDS .. who) < most then return false end
  for _, id in ipairs(call('SMEMBERS', CROWDS .. who)) do -- some may be lost, and never end
    local tag = string.sub(id, 1, 1) == string.sub(TYPE, 1, 1) and T or OTHER
    if call('EXISTS', tag .. ':s:' .. id) == 0 then call('SREM', CROWDS .. who, id) end
  end
  return call('SCARD', CROWDS .. who) >= most
end

local function crowds_of(place, visitor)
  local crowds = {}
  if MOST_OF_PLACE > 0 and place ~= '' then crowds['p:' .. place] = MOST_OF_PLACE end
  if MOST_OF_VISITOR > 0 and visitor ~= '' then crowds['v:' .. visitor] = MOST_OF_VISITOR end
  return crowds
end

local function join_crowds(id, crowds)
  for who in pairs(crowds) do
    call('SADD', CROWDS .. who, id)
    call('EXPIRE', CROWDS .. who, KEEP)
  end
end

local function leave_crowds(id, s)
  for who in pairs(crowds_of(s[PLACE], s[VISITOR])) do call('SREM', CROWDS .. who, id) end
end
