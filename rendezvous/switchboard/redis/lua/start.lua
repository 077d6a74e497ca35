-- ARGV[3] the new session's id, ARGV[4] its socket or '', ARGV[5] its interests as JSON or '', ARGV[6] its
-- place and ARGV[7] its visitor, or '', ARGV[8] its plan, packed, with shares of the patience for times,
-- ARGV[9] whom its visitor must never meet, each between spaces, ARGV[10] its half of a meeting, or '', and
-- ARGV[11] '' or what it has to do with a question, see questions.lua; who asks one says '!', and what it
-- is in ARGV[5].
if not enter(ARGV[3]) then return 'fenced' end
local id, holder = ARGV[3], ARGV[4]
local epoch = meta[EPOCH]
local appointment = ARGV[10]
if is_taken(appointment) then return 'token_in_use' end
local crowds = crowds_of(ARGV[6], ARGV[7])
for who, most in pairs(crowds) do
  if is_full(who, most) then return 'rate_limited' end
end
join_crowds(id, crowds)
local s = {
  WAITING, holder, holder ~= '' and ME or '', '', '', 0, 0, 0, 0, -- to AWAY
  0, call('INCR', T .. ':ticket'), now(), 0, 0, 0, epoch, epoch, 0, ARGV[5],
  ARGV[6], ARGV[7], AWAY_FROM_ALL, ARGV[9], 0, 0, NEVER,
  appointment, 0, '',
  now(), 0, '', ARGV[11] == '!' and id or ARGV[11],
  0, 0,
}
known[id] = s
if holder ~= '' then
  call('SADD', T .. ':at:' .. ME, id)
  call('EXPIRE', T .. ':at:' .. ME, KEEP)
end
take(appointment, id)
if holder == '' then s[DUE] = now() + LEASE end
look_at(id, holder == '' and s[DUE] or now() + RENEWAL)
queue_up(id, s)
local plan = unpack_one(ARGV[8])
if appointment == '' then s[UNTIL] = schedule(plan) end
if appointment == '' and ARGV[11] ~= '!' then
  s[PROSPECTS] = prospects(interests_in(ARGV[5]))
end
call('SET', T .. ':plan:' .. id, pack(plan), 'EX', KEEP)
seat(id, s, plan)
return commit({s[STATE]})
