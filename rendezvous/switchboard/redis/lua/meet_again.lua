-- ARGV[3] a session that would meet its partner again, ARGV[4] what it is told if both would, ARGV[5] what its
-- partner is told then. WISHES is WISHED or SETTLED, WISHES_AT the worker that has heard it.
local WISHED, SETTLED = 1, 2

-- Also after the end, when a session is no worker's any more.
local function tell_even_late(id, s, members)
  local at = s[WISHES_AT]
  if s[STATE] ~= ENDED or at == ME then return tell(id, s, 'meet_again', members) end
  make_room(id, s, #members, EVENTS + SPARE_EVENTS, 2 * MEMBERS, true)
  publish(at, id, append(id, s, 'meet_again', members), 'meet_again', members)
end

if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local s = known[id]
if not s then return 'session_not_found' end
if s[WATCHER] == ARGV[3] then return 'watching' end
if s[PARTNER] == '' then return 'not_matched' end
if s[HOLDER] == '' then heard(id, s) end
s[WISHES], s[WISHES_AT], changed[id] = math.max(s[WISHES], WISHED), ME, s
local partner = find(s[PARTNER])
if partner and s[WISHES] == WISHED and partner[WISHES] == WISHED then
  s[WISHES], partner[WISHES] = SETTLED, SETTLED
  tell_even_late(id, s, ARGV[4])
  tell_even_late(s[PARTNER], partner, ARGV[5])
end
return commit({})
