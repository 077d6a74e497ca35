-- ARGV[3] the session that would go on by video; if its partner has said so before, they do.
if not enter(ARGV[3]) then return 'fenced' end
local id = ARGV[3]
local s = known[id]
if not s then return 'session_not_found' end
local obstacle = obstacle_of(id, s)
if obstacle then return obstacle end
local partner = find(s[PARTNER])
if not partner then return 'session_ended' end
if asks(partner) then
  if s[HOLDER] == '' then heard(id, s) end
  upgrade(s[PARTNER], partner, id, s)
  return commit({})
end
local wait = s[ASKED_AT] + UPGRADE_AGAIN_AFTER - now()
if s[ASKED_AT] ~= NEVER and wait > 0 then return 'already_asked ' .. string.format('%.3f', wait) end
if s[HOLDER] == '' then heard(id, s) end
s[ASKS], s[ASKED_AT], changed[id] = 1, now(), s
tell(s[PARTNER], partner, 'upgrade_requested', '"ttl":' .. math.ceil(UPGRADE_AGAIN_AFTER))
return commit({})
