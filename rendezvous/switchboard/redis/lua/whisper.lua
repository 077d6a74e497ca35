-- ARGV[3] the sender, ARGV[4] the event's name, ARGV[5] its members, which are kept nowhere.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if not s then return 'session_not_found' end
if s[STATE] == ENDED then return 'session_ended' end
if s[WATCHER] == ARGV[3] then return 'watching' end
if s[STATE] ~= MATCHED then return 'not_matched' end
local partner = find(s[PARTNER])
if not partner then return 'session_ended' end
local here = carry(s[PARTNER], partner, 0, ARGV[4], ARGV[5])
local reply = {0, here and s[PARTNER] or ''}
local watcher = ARGV[4] == 'partner_typing' and watcher_of(s)
if watcher then
  local overheard = stranger(s) .. ',' .. ARGV[5]
  if carry(s[WATCHER], watcher, 0, ARGV[4], overheard) then
    for _, part in ipairs({'d', s[WATCHER], 0, ARGV[4], overheard}) do reply[#reply + 1] = part end
  end
end
return reply
