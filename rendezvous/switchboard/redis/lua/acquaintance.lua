-- ARGV[3] a session. Answers with the kind of its chat, its visitor, and that of its partner.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if not s then return 'session_not_found' end
if s[WATCHER] == ARGV[3] then return 'watching' end
if s[PARTNER] == '' then return 'not_matched' end
local partner = find(s[PARTNER])
return {0, kind_of(s), s[VISITOR], partner and partner[VISITOR] or ''}
