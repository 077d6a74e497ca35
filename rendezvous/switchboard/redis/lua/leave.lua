-- ARGV[3] the session.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if not s then return 'session_not_found' end
finish(ARGV[3], s, 'left')
return commit({})
