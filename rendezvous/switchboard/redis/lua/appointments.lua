-- Who waits for one stranger only, whom they have met before.

-- Whether somebody waits with this half of a meeting already.
local function is_taken(appointment)
  local id = appointment ~= '' and call('GET', T .. ':meet:' .. appointment)
  local s = id and find(id)
  return s and s[STATE] == WAITING
end

local function take(appointment, id)
  if appointment ~= '' then call('SET', T .. ':meet:' .. appointment, id, 'EX', KEEP) end
end
