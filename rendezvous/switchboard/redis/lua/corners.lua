-- Who stands where, and who suits whom: docs/matching.md says what happens here, and rendezvous/matching decides it.
-- A plan is {looks, stands, stages}, and until somebody has come with it looks_if_slow; a stage is {when, looks,
-- opens, level, spares}, and the last has no more than the first three. A session's STAGE is the number of stages
-- that are behind it, or AWAY_FROM_ALL while it stands in no corner.

local LOOKS, STANDS, STAGES, LOOKS_IF_SLOW = 1, 2, 3, 4
local WHEN, WIDER, OPENS, LEVEL, SPARES = 1, 2, 3, 4, 5
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

local function suits_now(id, s, other_id)
  local other = find(other_id)
  return other and not is_out_of_reach(other) and suit(id, s, other_id, other)
end

-- Whether somebody would discuss a question, and nobody asks any.
local function has_no_question(s)
  return discusses(s) and call('EXISTS', T .. ':k:' .. ALL_QUESTIONS) == 0
end

-- Who suits, in the first of `corners` where anybody does; who came first goes first.
local function first(id, s, corners)
  if has_no_question(s) then return end
  for _, corner in ipairs(corners) do
    for _, other_id in ipairs(call('ZRANGE', T .. ':k:' .. corner, 0, CANDIDATES - 1)) do
      if suits_now(id, s, other_id) then return other_id, find(other_id) end
    end
  end
end

-- The first few who suit, and in which of `corners` each was found, counted from 0.
local function some(id, s, corners)
  local found, at = {}, {}
  for number, corner in ipairs(corners) do
    for _, other_id in ipairs(call('ZRANGE', T .. ':k:' .. corner, 0, CANDIDATES - 1)) do
      if not at[other_id] and suits_now(id, s, other_id) then
        found[#found + 1], at[other_id] = other_id, number - 1
        if #found == CANDIDATES then return found, at end
      end
    end
  end
  return found, at
end

-- The share of somebody's patience that is behind them; all of it for whom a worker of before has written down.
local function waited(s)
  local ends = s[UNTIL] or 0
  if ends <= s[SINCE] then return 1 end
  return math.min((now() - s[SINCE]) / (ends - s[SINCE]), 1)
end

-- Of those who suit, whom an introduction costs least; rendezvous/matching/cost.py says why, and counts alike.
local function least_costly(id, s, corners)
  if has_no_question(s) then return end
  local found, at = some(id, s, corners)
  local shares, left, oldest, second, best, least = {}, math.max(#found - 1, 1), 0, 0, nil, nil
  for number, other_id in ipairs(found) do
    local share = waited(find(other_id))
    shares[number] = share
    if share > oldest then oldest, second = share, oldest elseif share > second then second = share end
  end
  for number, other_id in ipairs(found) do
    local share = shares[number]
    local gives_up = (find(other_id)[PROSPECTS] or 0) * (1 - share)
    local cost = gives_up + FURTHER * at[other_id] + ALONE * (share == oldest and second or oldest) / left
    if not least or cost < least then best, least = other_id, cost end
  end
  if best then return best, find(best) end
end
