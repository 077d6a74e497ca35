-- What verbs begin with. KEYS[1] is the tag of one chat type, and all its keys begin with it:
--   meta                packed: the board's time, epoch and identity, see META below
--   w:<worker>          there while the worker may act; `workers`: when each renewed its lease
--   dead                workers whose sessions have still to be told so, by their last renewal
--   at:<worker>         the sessions whose sockets a worker holds
--   s:<id> i:<id> a:<id>    a session, its inbox, and the answers it got to its client_ids
--   k:<corner>          who can be introduced and stands there, by ticket
--   plan:<id>           packed: the plan of a session that waits, see corners.lua
--   queue               who waits, by ticket
--   topics              what people wait with, by how many of them
--   topic:<interest>    who they are: their sessions, by visitor
--   wide                when a session that waits looks wider, or should have answered
--   met:<visitor>       a visitor's last partners, by when they met
--   pace                packed: when the last one came, and the usual time between two
--   liked               how often each interest was given of late, and by how many, see popularity.lua
--   due                 when to look at a session, or a chat (c:<initiator>), at the latest
--   meet:<token>        the session that waits with one half of a meeting
--   version ticket chats upgraded watching    counters; `upgraded` are those of the chats that are by video
--                       now, `watching` those who watch one
-- CROWDS .. p:<place> and v:<visitor> are the sessions of each that are not over, of both chat types
-- where these share a node.
-- ARGV[1] is the worker that asks, ARGV[2] Redis's clock where a test says it, ARGV[3] a session.
-- GRACE, LEASE, IDLE, RETENTION, EVENTS, MEMBERS, KEEP, LEAP and others are set above.

local STATE, HOLDER, AT, POLLED, PARTNER, LAST, KEPT, BYTES, AWAY = 1, 2, 3, 4, 5, 6, 7, 8, 9
local DUE, TICKET, SINCE, SAID, SAID_AT, INITIATOR, TOLD, NUMBERED = 10, 11, 12, 13, 14, 15, 16, 17
local ANSWERS, PROFILE, PLACE, VISITOR, STAGE, BLOCKED = 18, 19, 20, 21, 22, 23
local UPGRADED, ASKS, ASKED_AT = 24, 25, 26
local APPOINTMENT, WISHES, WISHES_AT = 27, 28, 29
local HEARD, ANSWER_BY, HELD_FOR, WATCHER = 30, 31, 32, 33
local PROSPECTS, UNTIL = 34, 35
local WAITING, MATCHED, ENDED = 0, 1, 2
local CLOCK, OFFSET, EPOCH, IDENTITY, BASE, LOSSY, FRESH = 1, 2, 3, 4, 5, 6, 7 -- META

local JUMP = 10000 -- numbers left out after a loss, so that none is given to two events
local NEVER = -1 -- in the place of a time
local SPARE_EVENTS = 32 -- room for what the server itself has to say to an inbox that is full
local RENEWAL = KEEP / 4

local call, pack, unpack_one = redis.call, cmsgpack.pack, cmsgpack.unpack
local T, ME = KEYS[1], ARGV[1]
local meta, moment
local known, changed, effects = {}, {}, {}
local more_chats, more_upgraded, more_watching = 0, 0, 0

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
  if more_chats ~= 0 then call('INCRBY', T .. ':chats', more_chats) end
  if more_upgraded ~= 0 then call('INCRBY', T .. ':upgraded', more_upgraded) end
  if more_watching ~= 0 then call('INCRBY', T .. ':watching', more_watching) end
  local reply = {call('INCR', T .. ':version')}
  for _, field in ipairs(fields) do reply[#reply + 1] = field end
  for _, effect in ipairs(effects) do reply[#reply + 1] = effect end
  return reply
end

-- What kind of chat it is by now.
local function kind_of(s)
  return s[UPGRADED] == 1 and 'video' or TYPE
end

local function note(...)
  for _, part in ipairs({...}) do effects[#effects + 1] = part end
end

-- A deadline that may be nearer than the one at which the session would be looked at.
local function look_at(id, due)
  call('ZADD', T .. ':due', 'LT', due, id)
end
