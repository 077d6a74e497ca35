-- What time does. Each part does a bounded piece of work and says whether there is more.

local BATCH = 100
local EARLY = 1 -- s; the partner of somebody whose worker died is told rather early than late

-- Let the sessions of a worker that has gone be away, `due` at the latest.
local function bury(worker, due)
  local ids = call('SPOP', T .. ':at:' .. worker, BATCH)
  for _, id in ipairs(ids) do
    local s = find(id)
    if s and s[HOLDER] ~= '' and s[AT] == worker then lose(id, s, due) end
  end
  if #ids == BATCH then return true end
  call('ZREM', T .. ':dead', worker)
  return false
end

-- A worker may act no more; its sessions are told next.
local function condemn(worker, last)
  call('DEL', T .. ':w:' .. worker)
  call('ZREM', T .. ':workers', worker)
  call('ZADD', T .. ':dead', last, worker)
  call('EXPIRE', T .. ':dead', KEEP)
end

local function bury_the_dead()
  local last = now() - WORKER_LEASE
  for _, worker in ipairs(call('ZRANGEBYSCORE', T .. ':workers', '-inf', last)) do
    condemn(worker, call('ZSCORE', T .. ':workers', worker))
  end
  local dead = call('ZRANGE', T .. ':dead', 0, 0, 'WITHSCORES')
  return dead[1] and (bury(dead[1], dead[2] + GRACE - EARLY) or call('EXISTS', T .. ':dead') == 1)
end

local function idle(id)
  local s = find(id)
  local partner = s and s[STATE] == MATCHED and find(s[PARTNER])
  if not partner then return call('ZREM', T .. ':due', 'c:' .. id) end
  local due = math.max(s[SAID_AT], partner[SAID_AT]) + IDLE
  if due <= now() then return finish(id, s, 'inactivity') end
  call('ZADD', T .. ':due', due, 'c:' .. id)
end

local function keep_waiting(id, s)
  call('EXPIRE', T .. ':plan:' .. id, KEEP)
  keep_topics(s)
  if s[APPOINTMENT] ~= '' then call('EXPIRE', T .. ':meet:' .. s[APPOINTMENT], KEEP) end
  if s[STAGE] ~= AWAY_FROM_ALL then
    for _, corner in ipairs(corners_of(plan_of(id), s[STAGE], STANDS, OPENS)) do keep_corner(corner) end
  end
end

-- Its time has come, or it has been put off meanwhile; then its keys live on for as long.
local function expire(id)
  local s = find(id)
  local over = s and s[DUE] ~= 0 and s[DUE] <= now()
  if not s or (over and s[STATE] == ENDED) then
    call('ZREM', T .. ':due', id)
    changed[id] = nil
    return call('DEL', T .. ':s:' .. id, T .. ':i:' .. id, T .. ':a:' .. id)
  end
  if over then
    finish(id, s, 'timeout')
  else
    changed[id] = s
    call('EXPIRE', T .. ':i:' .. id, KEEP)
    call('EXPIRE', T .. ':a:' .. id, KEEP)
    if s[STATE] == WAITING then keep_waiting(id, s) end
  end
  local latest = now() + RENEWAL
  call('ZADD', T .. ':due', s[DUE] ~= 0 and math.min(s[DUE], latest) or latest, id)
end

local function expire_the_due()
  local ids = call('ZRANGEBYSCORE', T .. ':due', '-inf', now(), 'LIMIT', 0, BATCH)
  for _, id in ipairs(ids) do
    if string.sub(id, 1, 2) == 'c:' then idle(string.sub(id, 3)) else expire(id) end
  end
  return #ids == BATCH
end
