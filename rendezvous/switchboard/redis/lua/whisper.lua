-- ARGV[3] the sender, ARGV[4] the event's name, ARGV[5] its members, which are kept nowhere.
if not enter(ARGV[3]) then return 'fenced' end
local s = known[ARGV[3]]
if not s then return 'session_not_found' end
if s[STATE] ~= MATCHED then return s[STATE] == ENDED and 'session_ended' or 'not_matched' end
if ARGV[4] == 'webrtc_signal' and kind_of(s) == 'text' then return 'no_video' end
local partner = find(s[PARTNER])
if not partner then return 'session_ended' end
local here = carry(s[PARTNER], partner, 0, ARGV[4], ARGV[5])
return {0, here and s[PARTNER] or ''}
