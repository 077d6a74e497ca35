-- ARGV[3] the session whose partner would go on by video, ARGV[4] '1' if it would, too.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local s = known[id]
if not s then return 'session_not_found' end
local obstacle = obstacle_of(id, s)
if obstacle then return obstacle end
local partner_id = s[PARTNER]
local partner = find(partner_id)
if not partner then return 'session_ended' end
if not asks(partner) then return 'nothing_asked' end
if s[HOLDER] == '' then heard(id, s) end
if ARGV[4] == '1' then
  upgrade(partner_id, partner, id, s)
else
  partner[ASKS], partner[ASKED_AT], changed[partner_id] = 0, now(), partner
  tell(partner_id, partner, 'upgrade_declined', '"retry_after":' .. math.ceil(UPGRADE_AGAIN_AFTER))
end
return commit({})
