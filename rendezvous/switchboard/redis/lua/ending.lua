-- The end of a session, and of the chat it is in.

local function last_words(id, s, party_id, party, reason)
  if reason == 'inactivity' then
    tell(party_id, party, 'session_ended', '"reason":"inactivity"')
  elseif party ~= s then
    tell(party_id, party, 'partner_disconnected', '"reason":"' .. reason .. '"')
  elseif reason == 'timeout' then
    tell(party_id, party, 'session_ended', '"reason":"inactivity"')
  else -- who left knows it, but maybe not the worker that has the socket
    carry(party_id, party, 0, '', '')
  end
end

local function end_session(id, s)
  if s[HOLDER] ~= '' then call('SREM', T .. ':at:' .. s[AT], id) end
  s[STATE], s[HOLDER], s[AT], s[POLLED] = ENDED, '', '', ''
  s[AWAY], s[DUE] = 0, now() + RETENTION
  leave_crowds(id, s)
  changed[id] = s
  look_at(id, s[DUE])
end

local function note_end(s, reason, said, ids, asker_id)
  note('e', reason, string.format('%.6f', now() - s[SINCE]), said, ids, kind_of(s), asker_id)
end

local function end_watch(id, s, reason)
  more_watching = more_watching - 1
  end_session(id, s)
  note_end(s, reason, 0, id, id)
end

-- The asker goes, and the two go on.
local function stop_watching(id, s, reason)
  last_words(id, s, id, s, reason)
  local one = find(s[PARTNER])
  local other = find(one[PARTNER])
  tell(s[PARTNER], one, 'unwatched', '')
  tell(one[PARTNER], other, 'unwatched', '')
  end_watch(id, s, reason)
end

-- The two have gone, the asker with them; `s` is the one of the two who has brought it about.
local function end_watch_of(s, reason)
  local watcher = watcher_of(s)
  if not watcher then return end
  if reason == 'inactivity' then
    tell(s[WATCHER], watcher, 'session_ended', '"reason":"inactivity"')
  else
    tell(s[WATCHER], watcher, 'partner_disconnected', '"reason":"' .. reason .. '",' .. stranger(s))
  end
  end_watch(s[WATCHER], watcher, reason)
end

-- End a session and the chat it is in, and tell those who do not know yet.
local function finish(id, s, reason)
  if s[STATE] == ENDED then return end
  local ids, said, asker_id = {id}, s[SAID], ''
  if s[STATE] == MATCHED then
    if s[WATCHER] == id then return stop_watching(id, s, reason) end
    ids = s[INITIATOR] == 1 and {id, s[PARTNER]} or {s[PARTNER], id}
    asker_id = s[WATCHER]
    more_chats = more_chats - 1
    more_upgraded = more_upgraded - s[UPGRADED]
    if TYPE == 'text' then call('ZREM', T .. ':due', 'c:' .. ids[1]) end
  else
    stop_waiting(id, s)
    give_up(id, s)
  end
  for _, party_id in ipairs(ids) do
    local party = find(party_id)
    if party then
      if party ~= s then said = said + party[SAID] end
      last_words(id, s, party_id, party, reason)
      end_session(party_id, party)
    end
  end
  note_end(s, reason, said, table.concat(ids, ' '), asker_id)
  if asker_id ~= '' then end_watch_of(s, reason) end
end
