-- ARGV[3] the session, ARGV[4] its socket, which was asked and has answered.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if s and s[STATE] == WAITING and s[HOLDER] == ARGV[4] then is_there(ARGV[3], s) end
return commit({})
