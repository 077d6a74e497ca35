-- ARGV[3] the session that would go on by video; if its partner has said so before, they do.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local obstacle = obstacle_of(id)
if obstacle then return obstacle end
local s = known[id]
local partner_id, partner = s[PARTNER], find(s[PARTNER])
if asks(partner) then
  if s[HOLDER] == '' then heard(id, s) end
  upgrade(partner_id, partner, id, s)
  return commit({})
end
local wait = s[ASKED_AT] + UPGRADE_AGAIN_AFTER - now()
if s[ASKED_AT] ~= NEVER and wait > 0 then return 'already_asked ' .. string.format('%.3f', wait) end
if s[HOLDER] == '' then heard(id, s) end
s[ASKS], s[ASKED_AT], changed[id] = 1, now(), s
tell(partner_id, partner, 'upgrade_requested', '"ttl":' .. math.ceil(UPGRADE_AGAIN_AFTER))
return commit({})
