-- Let those look wider whose time has come, and pass over who does not answer. Answers whether there are
-- more of them, and in how many milliseconds the next is due.
local BATCH, LATER = 100, 1000

local function next_due()
  local _, due = unpack(call('ZRANGE', T .. ':wide', 0, 0, 'WITHSCORES'))
  return due and math.max(0, math.min(math.ceil(1000 * (due - now())), LATER)) or LATER
end

if not enter('') then return 'fenced' end
local ids = call('ZRANGEBYSCORE', T .. ':wide', '-inf', now(), 'LIMIT', 0, BATCH)
if #ids == 0 then return {0, 0, next_due()} end
for _, id in ipairs(ids) do
  local s = find(id)
  local plan = s and s[STATE] == WAITING and plan_of(id)
  if not plan then
    call('ZREM', T .. ':wide', id)
  elseif s[STAGE] ~= AWAY_FROM_ALL then
    widen(id, s, plan)
  elseif s[ANSWER_BY] ~= 0 and s[ANSWER_BY] <= now() then -- or one before it in this batch has just asked it
    ask(id, s, ALIVE_WITHIN) -- again, because the question may have got lost
    release(id, s)
  end
end
return commit({#ids == BATCH and 1 or 0, next_due()})
