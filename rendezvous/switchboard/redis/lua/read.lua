-- ARGV[3] the session, ARGV[4] the number it has, ARGV[5] '1' if this worker holds a request open.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local s = known[id]
if not s then return 'session_not_found' end
if ARGV[5] == '1' and s[STATE] ~= ENDED then s[POLLED] = ME end
heard(id, s)
return view(id, s, tonumber(ARGV[4]))
