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

-- End a session and the chat it is in, and tell those who do not know yet.
local function finish(id, s, reason)
  if s[STATE] == ENDED then return end
  local time = now()
  local ids, said = {id}, s[SAID]
  if s[STATE] == MATCHED then
    ids = s[INITIATOR] == 1 and {id, s[PARTNER]} or {s[PARTNER], id}
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
      if party[HOLDER] ~= '' then call('SREM', T .. ':at:' .. party[AT], party_id) end
      party[STATE], party[HOLDER], party[AT], party[POLLED] = ENDED, '', '', ''
      party[AWAY], party[DUE] = 0, time + RETENTION
      leave_crowds(party_id, party)
      changed[party_id] = party
      look_at(party_id, party[DUE])
    end
  end
  note('e', reason, string.format('%.6f', time - s[SINCE]), said, table.concat(ids, ' '), kind_of(s))
end
