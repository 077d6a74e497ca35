-- What people wait with. ARGV[3] is empty, ARGV[4] the fewest people that a topic must have, ARGV[5] how
-- many topics at most. Answers with each and its number, the most popular first.
if not enter(ARGV[3]) then return 'fenced' end
local found = call('ZRANGE', T .. ':topics', '+inf', ARGV[4], 'BYSCORE', 'REV',
  'LIMIT', 0, ARGV[5], 'WITHSCORES')
local reply = {0}
for at = 1, #found, 2 do
  reply[#reply + 1] = {found[at], tonumber(found[at + 1])}
end
return reply
