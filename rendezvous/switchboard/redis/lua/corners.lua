-- Who stands where, and who suits whom: docs/matching.md says what happens here, and rendezvous/matching decides it.
-- A plan is {looks, stands, stages}, and has fills besides until somebody has come with it; a stage is {when, looks, opens, level}, and
-- the last has no level. A session's STAGE is the number of stages that are behind it, or AWAY_FROM_ALL while it stands in no corner.

local LOOKS, STANDS, STAGES, FILLS = 1, 2, 3, 4
local WHEN, WIDER, OPENS, LEVEL = 1, 2, 3, 4
local AWAY_FROM_ALL = -1

local function plan_of(id)
  local packed = call('GET', T .. ':plan:' .. id)
  return packed and unpack_one(packed)
end

local function keep_corner(corner)
  call('EXPIRE', T .. ':k:' .. corner, KEEP)
end

local function stand(id, s, corners)
  for _, corner in ipairs(corners) do
    call('ZADD', T .. ':k:' .. corner, s[TICKET], id)
    keep_corner(corner)
  end
end

-- The corners of a plan when so many stages are behind: where one stands (STANDS, OPENS), or has looked (LOOKS, WIDER).
local function corners_of(plan, stages, at_first, more)
  local corners = {unpack(plan[at_first])}
  for stage = 1, stages do
    for _, corner in ipairs(plan[STAGES][stage][more]) do corners[#corners + 1] = corner end
  end
  return corners
end

-- Be offered no longer; one who comes back has kept the ticket, and with it the place.
local function step_out(id, s)
  if s[STAGE] == AWAY_FROM_ALL then return end
  for _, corner in ipairs(corners_of(plan_of(id), s[STAGE], STANDS, OPENS)) do
    call('ZREM', T .. ':k:' .. corner, id)
  end
  call('ZREM', T .. ':wide', id)
  s[STAGE], changed[id] = AWAY_FROM_ALL, s
end

-- Wait no longer.
local function stop_waiting(id, s)
  step_out(id, s)
  s[BLOCKED] = ''
  call('DEL', T .. ':plan:' .. id)
  leave_queue(id, s)
  if s[APPOINTMENT] ~= '' then call('DEL', T .. ':meet:' .. s[APPOINTMENT]) end
end

-- Whether somebody who waits is known to be there.
local function is_heard(s)
  return ALIVE_WITHIN == 0 or now() < s[HEARD] + ALIVE_WITHIN
end

-- Whether nobody knows, and there is no socket by which to ask.
local function is_out_of_reach(s)
  return s[HOLDER] == '' and not is_heard(s)
end

local function suit(id, s, other_id, other)
  if id == other_id or other[STATE] ~= WAITING then return false end
  if not may_meet(s, other) or know_each_other(s, other) then return false end
  return not discusses(s) or question_for(s, other) ~= nil
end

-- Who suits, in the first of `corners` where anybody does; who came first goes first.
local function first(id, s, corners)
  if discusses(s) and call('EXISTS', T .. ':k:' .. ALL_QUESTIONS) == 0 then return end
  for _, corner in ipairs(corners) do
    for _, other_id in ipairs(call('ZRANGE', T .. ':k:' .. corner, 0, CANDIDATES - 1)) do
      local other = find(other_id)
      if other and not is_out_of_reach(other) and suit(id, s, other_id, other) then return other_id, other end
    end
  end
end
