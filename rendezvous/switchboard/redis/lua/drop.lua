-- ARGV[3] the session, ARGV[4] the socket that is gone.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local s = known[id]
if s and ARGV[4] ~= '' and s[HOLDER] == ARGV[4] then
  call('SREM', T .. ':at:' .. s[AT], id)
  lose(id, s, now() + GRACE)
end
return commit({})
