-- How those stand who wait: ARGV[3] and all behind it are sessions. Answers for each with its place, the
-- level that it has reached, and in milliseconds how long it has waited and when it looks wider, or
-- -1; or with nothing, because it does not wait, or for one stranger only.
local NEVER = -1
if not enter(ARGV[3]) then return 'fenced' end

local function all_of(kind, ids)
  local names = {}
  for at, id in ipairs(ids) do names[at] = T .. kind .. id end
  return #names > 0 and call('MGET', unpack(names)) or {}
end

local function milliseconds(seconds) return math.floor(1000 * seconds + 0.5) end

-- The level of a plan's stage, for the last of which there is none.
local function level_at(plan, stage)
  return plan[STAGES][stage] and plan[STAGES][stage][LEVEL]
end

local function standing(id, s, plan)
  local reached = math.max(s[STAGE], 0)
  if s[STAGE] == AWAY_FROM_ALL then -- and when it is offered again, it looks as wide as it is time to
    while level_at(plan, reached + 1) and plan[STAGES][reached + 1][WHEN] <= now() do
      reached = reached + 1
    end
  end
  while reached > 0 and not level_at(plan, reached) do reached = reached - 1 end
  local level, wider = level_at(plan, reached) or 'exact', reached + 1
  while level_at(plan, wider) == level do wider = wider + 1 end
  local next = s[STAGE] ~= AWAY_FROM_ALL and level_at(plan, wider) and plan[STAGES][wider]
  return {
    (call('ZRANK', T .. ':queue', id) or 0) + 1,
    level,
    milliseconds(now() - s[SINCE]),
    next and milliseconds(math.max(next[WHEN] - now(), 0)) or NEVER,
  }
end

local ids = {unpack(ARGV, 3)}
local waiting, reply = {}, {0}
for at, packed in ipairs(all_of(':s:', ids)) do
  local s = packed and unpack_one(packed)
  if s and s[STATE] == WAITING and s[APPOINTMENT] == '' then waiting[#waiting + 1] = {at, ids[at], s} end
  reply[at + 1] = {}
end
local waiting_ids = {}
for number, each in ipairs(waiting) do waiting_ids[number] = each[2] end
for number, packed in ipairs(all_of(':plan:', waiting_ids)) do
  local at, id, s = unpack(waiting[number])
  if packed then reply[at + 1] = standing(id, s, unpack_one(packed)) end
end
return reply
