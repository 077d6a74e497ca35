-- What every verb begins with. KEYS[1] is the tag of one chat type, and all its keys begin with it:
--   meta                packed: the board's time, epoch and identity, see META below
--   w:<worker>          there while the worker may act; `workers`: when each renewed its lease
--   dead                workers whose sessions have still to be told so, by their last renewal
--   at:<worker>         the sessions whose sockets a worker holds
--   s:<id> i:<id> a:<id>    a session, its inbox, and the answers it got to its client_ids
--   pool                who can be introduced now, by ticket
--   due                 when to look at a session, or a chat (c:<initiator>), at the latest
--   version ticket waiting chats    counters
-- CROWDS .. p:<place> and v:<visitor> are the sessions of each that are not over, of both chat types
-- where these share a node.
-- ARGV[1] is the worker that asks, ARGV[2] Redis's clock where a test says it, ARGV[3] a session.
-- GRACE, LEASE, IDLE, RETENTION, EVENTS, MEMBERS, KEEP, LEAP and others are set above.

local STATE, HOLDER, AT, POLLED, PARTNER, LAST, KEPT, BYTES, AWAY = 1, 2, 3, 4, 5, 6, 7, 8, 9
local DUE, TICKET, SINCE, SAID, SAID_AT, INITIATOR, TOLD, NUMBERED = 10, 11, 12, 13, 14, 15, 16, 17
local ANSWERS, PROFILE, PLACE, VISITOR = 18, 19, 20, 21
local WAITING, MATCHED, ENDED = 0, 1, 2
local CLOCK, OFFSET, EPOCH, IDENTITY, BASE, LOSSY, FRESH = 1, 2, 3, 4, 5, 6, 7 -- META

local JUMP = 10000 -- numbers left out after a loss, so that none is given to two events
local SPARE_EVENTS = 32 -- room for what the server itself has to say to an inbox that is full
local RENEWAL = KEEP / 4

local call, pack, unpack_one = redis.call, cmsgpack.pack, cmsgpack.unpack
local T, ME = KEYS[1], ARGV[1]
local meta, moment
local known, changed, effects = {}, {}, {}
local more_waiting, more_chats = 0, 0

-- Whether this worker may act; reads its session on the way.
local function enter(id)
  local got = call('MGET', T .. ':meta', T .. ':w:' .. ME, T .. ':s:' .. id)
  if not (got[1] and got[2]) then return false end
  meta = unpack_one(got[1])
  known[id] = got[3] and unpack_one(got[3]) or false
  return true
end

-- Redis's clock, in seconds.
local function clock()
  if ARGV[2] ~= '' then return tonumber(ARGV[2]) end
  local time = call('TIME')
  return time[1] + time[2] / 1e6
end

-- The board's time: Redis's, without the leaps that ticks have seen and taken out.
local function now()
  if not moment then
    moment = clock() + meta[OFFSET]
    local since = moment - meta[CLOCK]
    if since < 0 or since > LEAP then moment = meta[CLOCK] end
  end
  return moment
end

local function find(id)
  local s = known[id]
  if s == nil then
    local packed = call('GET', T .. ':s:' .. id)
    s = packed and unpack_one(packed) or false
    known[id] = s
  end
  return s
end

-- Write what has changed, and answer with the board's new version, these fields, the effects.
local function commit(fields)
  for id, s in pairs(changed) do
    call('SET', T .. ':s:' .. id, pack(s), 'EX', KEEP)
  end
  if more_waiting ~= 0 then call('INCRBY', T .. ':waiting', more_waiting) end
  if more_chats ~= 0 then call('INCRBY', T .. ':chats', more_chats) end
  local reply = {call('INCR', T .. ':version')}
  for _, field in ipairs(fields) do reply[#reply + 1] = field end
  for _, effect in ipairs(effects) do reply[#reply + 1] = effect end
  return reply
end

local function note(...)
  for _, part in ipairs({...}) do effects[#effects + 1] = part end
end

-- A deadline that may be nearer than the one at which the session would be looked at.
local function look_at(id, due)
  call('ZADD', T .. ':due', 'LT', due, id)
end

-- The inbox

local function forget_oldest(id, s)
  local event = call('LPOP', T .. ':i:' .. id)
  if event then
    s[KEPT] = s[KEPT] - 1
    s[BYTES] = s[BYTES] - (#event - string.find(event, '\n', 1, true))
  else
    s[KEPT], s[BYTES] = 0, 0
  end
end

-- See that `size` more bytes fit; false if that would need forgetting, and that is not allowed.
local function make_room(id, s, size, events, members, may_forget)
  if s[KEPT] < events and s[BYTES] + size <= members then return true end
  if not may_forget then return false end
  while s[KEPT] > 0 and (s[KEPT] >= events or s[BYTES] + size > members) do forget_oldest(id, s) end
  return true
end

local function append(id, s, name, members)
  if s[NUMBERED] ~= meta[EPOCH] then
    s[LAST], s[NUMBERED] = s[LAST] + JUMP, meta[EPOCH]
  end
  s[LAST], s[KEPT], s[BYTES] = s[LAST] + 1, s[KEPT] + 1, s[BYTES] + #members
  changed[id] = s
  local inbox = T .. ':i:' .. id
  if call('RPUSH', inbox, s[LAST] .. ' ' .. name .. '\n' .. members) == 1 then
    call('EXPIRE', inbox, KEEP)
  end
  return s[LAST]
end

local function publish(worker, id, seq, name, members)
  call('SPUBLISH', T .. ':to:' .. worker, table.concat({id, seq, name, members}, ' '))
end

-- Wake the workers that have the session's socket and its long poll; true if this one does, or none.
local function carry(id, s, seq, name, members)
  local at, polled = s[AT], s[POLLED]
  if at ~= '' and at ~= ME then publish(at, id, seq, name, members) end
  if polled ~= '' and polled ~= ME and polled ~= at then publish(polled, id, seq, name, members) end
  return at == ME or polled == ME or (at == '' and polled == '')
end

-- Append what the server itself has to say, which nobody can be refused for.
local function tell(id, s, name, members)
  make_room(id, s, #members, EVENTS + SPARE_EVENTS, 2 * MEMBERS, true)
  local seq = append(id, s, name, members)
  if carry(id, s, seq, name, members) then note('d', id, seq, name, members) end
end

-- Crowds

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

-- Meeting

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

-- Looking back

local function forget_until(id, s, seq)
  local forgotten = s[KEPT] - (s[LAST] - seq)
  if seq > s[LAST] or forgotten <= 0 then return end
  changed[id] = s
  if forgotten == s[KEPT] then
    call('DEL', T .. ':i:' .. id)
    s[KEPT], s[BYTES] = 0, 0
  else
    for _ = 1, forgotten do forget_oldest(id, s) end
  end
end

-- The events after `seq`, and whether some of them are no longer kept.
local function events_after(id, s, seq)
  local events = {}
  local wanted = math.min(s[LAST] - seq, s[KEPT])
  if wanted > 0 then
    for _, event in ipairs(call('LRANGE', T .. ':i:' .. id, -wanted, -1)) do
      if tonumber(string.match(event, '^%d+')) > seq then events[#events + 1] = event end
    end
  end
  return events, seq + 1 < s[LAST] - s[KEPT] + 1 or seq > s[LAST]
end

-- A session as its own client sees it; a loss since it was last told anything is a gap, once.
local function view(id, s, after)
  local events, gap = events_after(id, s, after)
  if s[TOLD] ~= meta[EPOCH] then
    gap, s[TOLD], changed[id] = true, meta[EPOCH], s
  end
  forget_until(id, s, after)
  return commit({s[STATE], s[INITIATOR], s[LAST], gap and 1 or 0, events})
end

-- The end

local function last_words(id, s, party_id, party, reason)
  if reason == 'inactivity' then
    tell(party_id, party, 'session_ended', '"reason":"inactivity"')
  elseif party ~= s then
    tell(party_id, party, 'partner_disconnected', '"reason":"' .. reason .. '"')
  elseif reason == 'timeout' then
    tell(party_id, party, 'session_ended', '"reason":"inactivity"')
  else -- who left knows it, but maybe not the worker that has the socket
    carry(party_id, party, 0, '', '')
  end
end

-- End a session and the chat it is in, and tell those who do not know yet.
local function finish(id, s, reason)
  if s[STATE] == ENDED then return end
  local time = now()
  local ids, said = {id}, s[SAID]
  if s[STATE] == MATCHED then
    ids = s[INITIATOR] == 1 and {id, s[PARTNER]} or {s[PARTNER], id}
    more_chats = more_chats - 1
    if TYPE == 'text' then call('ZREM', T .. ':due', 'c:' .. ids[1]) end
  else
    more_waiting = more_waiting - 1
    call('ZREM', T .. ':pool', id)
  end
  for _, party_id in ipairs(ids) do
    local party = find(party_id)
    if party then
      if party ~= s then said = said + party[SAID] end
      last_words(id, s, party_id, party, reason)
      if party[HOLDER] ~= '' then call('SREM', T .. ':at:' .. party[AT], party_id) end
      party[STATE], party[HOLDER], party[AT], party[POLLED] = ENDED, '', '', ''
      party[AWAY], party[DUE] = 0, time + RETENTION
      leave_crowds(party_id, party)
      changed[party_id] = party
      look_at(party_id, party[DUE])
    end
  end
  note('e', reason, string.format('%.6f', time - s[SINCE]), said, table.concat(ids, ' '))
end
