-- Coming, meeting, and losing each other.

-- Append what the server itself has to say, which nobody can be refused for.
local function tell(id, s, name, members)
  make_room(id, s, #members, EVENTS + SPARE_EVENTS, 2 * MEMBERS, true)
  local seq = append(id, s, name, members)
  if carry(id, s, seq, name, members) then note('d', id, seq, name, members) end
end

local function before(one, other)
  for at = 1, math.min(#one, #other) do
    local a, b = string.byte(one, at), string.byte(other, at)
    if a ~= b then return a < b end
  end
  return #one < #other
end

-- What both are interested in, as JSON; sorted by bytes, because Lua's own order is the locale's.
local function common_interests(one, other)
  if one == '' or other == '' then return '[]' end
  local theirs, shared = {}, {}
  for _, interest in ipairs(cjson.decode(other)) do theirs[interest] = true end
  for _, interest in ipairs(cjson.decode(one)) do
    if theirs[interest] then shared[#shared + 1] = interest end
  end
  if #shared == 0 then return '[]' end
  table.sort(shared, before)
  return cjson.encode(shared)
end

-- Make a chat of two; who has just come makes the offer, the other is known to listen.
local function introduce(newcomer_id, newcomer, waiter_id, waiter)
  local time = now()
  local shared = common_interests(newcomer[PROFILE], waiter[PROFILE])
  note('m', waiter_id, newcomer_id, string.format('%.6f', time - waiter[SINCE]))
  more_waiting, more_chats = more_waiting - 2, more_chats + 1
  if TYPE == 'text' then look_at('c:' .. newcomer_id, time + IDLE) end
  newcomer[PARTNER], newcomer[INITIATOR] = waiter_id, 1
  waiter[PARTNER], waiter[INITIATOR] = newcomer_id, 0
  for _, id in ipairs({waiter_id, newcomer_id}) do
    local s = id == newcomer_id and newcomer or waiter
    s[STATE], s[SINCE], s[SAID_AT], s[PROFILE] = MATCHED, time, time, ''
    local initiator = s[INITIATOR] == 1 and 'true' or 'false'
    tell(id, s, 'matched', '"chat_type":"' .. TYPE .. '","is_initiator":' .. initiator
      .. ',"common_interests":' .. shared)
  end
end

-- Introduce somebody who has come, or come back, to whoever waits, or let them wait too.
local function offer(id, s)
  local pool = T .. ':pool'
  while true do
    local first = call('ZPOPMIN', pool)[1]
    if not first then
      call('ZADD', pool, s[TICKET], id)
      call('EXPIRE', pool, KEEP)
      return
    end
    local waiter = find(first)
    if waiter and waiter[STATE] == WAITING then return introduce(id, s, first, waiter) end
  end
end

-- The client shows that it lives: renew its lease, and undo its absence.
local function heard(id, s)
  if s[STATE] == ENDED then return end
  changed[id] = s
  s[DUE] = s[HOLDER] == '' and now() + LEASE or 0
  if s[AWAY] == 0 then return end
  s[AWAY] = 0
  if s[STATE] == WAITING then return offer(id, s) end
  local partner = find(s[PARTNER])
  if partner then tell(s[PARTNER], partner, 'partner_reconnected', '') end
end

-- A socket is gone, or its worker: the session is away until `due`.
local function lose(id, s, due)
  s[HOLDER], s[AT], s[AWAY], s[DUE] = '', '', 1, due
  changed[id] = s
  look_at(id, due)
  if s[STATE] == WAITING then
    call('ZREM', T .. ':pool', id)
  else
    local partner = find(s[PARTNER])
    if partner then tell(s[PARTNER], partner, 'partner_reconnecting', '') end
  end
end
