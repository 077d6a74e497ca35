-- A text chat grows into a video chat once both want it.

-- Why a session and its partner cannot go on by video, whatever they say.
local function obstacle_of(id)
  local s = known[id]
  if not s then return 'session_not_found' end
  if s[STATE] == ENDED then return 'session_ended' end
  if s[WATCHER] == id then return 'watching' end
  if s[STATE] ~= MATCHED then return 'not_matched' end
  if kind_of(s) == 'video' then return 'already_video' end
  if watcher_of(s) then return 'watched' end
  return not find(s[PARTNER]) and 'session_ended'
end

-- Whether an invitation of this session's can still be answered.
local function asks(s)
  return s[ASKS] == 1 and now() < s[ASKED_AT] + UPGRADE_AGAIN_AFTER
end

-- Let the chat be a video chat; who asked makes the offer.
local function upgrade(asker_id, asker, other_id, other)
  call('ZREM', T .. ':due', 'c:' .. (asker[INITIATOR] == 1 and asker_id or other_id))
  more_upgraded = more_upgraded + 1
  note('u', asker_id, other_id, string.format('%.6f', now() - asker[SINCE]))
  asker[INITIATOR], other[INITIATOR] = 1, 0
  for _, id in ipairs({asker_id, other_id}) do
    local s = id == asker_id and asker or other
    s[UPGRADED] = 1
    local initiator = s[INITIATOR] == 1 and 'true' or 'false'
    tell(id, s, 'upgraded', '"chat_type":"video","is_initiator":' .. initiator)
  end
end
