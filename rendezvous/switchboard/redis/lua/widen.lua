-- Let those look wider whose time has come. Answers whether there are more of them.
local BATCH = 100
if not enter('') then return 'fenced' end
local ids = call('ZRANGEBYSCORE', T .. ':wide', '-inf', now(), 'LIMIT', 0, BATCH)
if #ids == 0 then return {0, 0} end
for _, id in ipairs(ids) do
  local s = find(id)
  local plan = s and s[STATE] == WAITING and s[STAGE] ~= AWAY_FROM_ALL and plan_of(id)
  if plan then widen(id, s, plan) else call('ZREM', T .. ':wide', id) end
end
return commit({#ids == BATCH and 1 or 0})
