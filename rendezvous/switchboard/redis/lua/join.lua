-- ARGV[3] the session, ARGV[4] the number it has, ARGV[5] the socket that is its way out from now on.
if not enter(ARGV[3]) then return 'fenced' end
local id, holder = ARGV[3], ARGV[5]
local s = known[id]
if not s then return 'session_not_found' end
if s[STATE] ~= ENDED then
  if s[HOLDER] ~= '' and s[AT] ~= ME then
    call('SREM', T .. ':at:' .. s[AT], id)
    publish(s[AT], id, 0, 'session_taken_over', s[HOLDER])
  end
  if s[HOLDER] == '' or s[AT] ~= ME then
    call('SADD', T .. ':at:' .. ME, id)
    call('EXPIRE', T .. ':at:' .. ME, KEEP)
  end
  s[HOLDER], s[AT], s[POLLED], changed[id] = holder, ME, '', s
end
heard(id, s)
return view(id, s, tonumber(ARGV[4]))
