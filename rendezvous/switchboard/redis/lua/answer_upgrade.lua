-- ARGV[3] the session whose partner would go on by video, ARGV[4] '1' if it would, too.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local obstacle = obstacle_of(id)
if obstacle then return obstacle end
local s = known[id]
local partner_id, partner = s[PARTNER], find(s[PARTNER])
if not asks(partner) then return 'nothing_asked' end
if s[HOLDER] == '' then heard(id, s) end
if ARGV[4] == '1' then
  upgrade(partner_id, partner, id, s)
else
  partner[ASKS], partner[ASKED_AT], changed[partner_id] = 0, now(), partner
  tell(partner_id, partner, 'upgrade_declined', '"retry_after":' .. math.ceil(UPGRADE_AGAIN_AFTER))
end
return commit({})
