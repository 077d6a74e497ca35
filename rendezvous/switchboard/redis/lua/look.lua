-- What a socket of this worker has still to be told. ARGV[3] the session, ARGV[4] the number that was
-- pushed last, ARGV[5] the socket. Answers with how it stands, the last number, and the events.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if not s then return {0, 'gone', 0, {}} end
local stands = s[STATE] == ENDED and 'over' or s[HOLDER] == ARGV[5] and 'held' or 'taken'
return {0, stands, s[LAST], (events_after(ARGV[3], s, tonumber(ARGV[4])))}
