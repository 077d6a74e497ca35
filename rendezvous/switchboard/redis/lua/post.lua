-- ARGV[3] the sender, ARGV[4] the event's name, ARGV[5] its members, ARGV[6] the message's id or '',
-- ARGV[7] the sender's own name for it or ''. Answers with the number in the partner's inbox, and with
-- the partner's id if it is for this worker to deliver; or with what the same name got before.
if not enter(ARGV[3]) then return 'fenced' end
local id, name, members, message_id, client_id = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local answers = T .. ':a:' .. id
local s = known[id]
if not s then return 'session_not_found' end
if client_id ~= '' then
  local earlier = call('HGET', answers, 'c' .. client_id)
  if earlier then return {0, earlier} end
end
if s[STATE] == ENDED then return 'session_ended' end
if s[WATCHER] == id then return 'watching' end
if s[STATE] ~= MATCHED then return 'not_matched' end
if s[HOLDER] == '' then heard(id, s) end
local partner_id = s[PARTNER]
local partner = find(partner_id)
if not partner then return 'session_ended' end
if not make_room(partner_id, partner, #members, EVENTS, MEMBERS, partner[HOLDER] ~= '') then
  commit({})
  return 'inbox_full'
end
local seq = append(partner_id, partner, name, members)
if message_id ~= '' then
  s[SAID], s[SAID_AT], changed[id] = s[SAID] + 1, now(), s
end
if client_id ~= '' then
  local slot = 'n' .. s[ANSWERS] % ANSWERS_KEPT
  if s[ANSWERS] >= ANSWERS_KEPT then call('HDEL', answers, call('HGET', answers, slot)) end
  call('HSET', answers, 'c' .. client_id, seq .. ' ' .. message_id, slot, 'c' .. client_id)
  if s[ANSWERS] == 0 then call('EXPIRE', answers, KEEP) end
  s[ANSWERS], changed[id] = s[ANSWERS] + 1, s
end
if s[WATCHER] ~= '' and message_id ~= '' then -- not by way of watchers.lua, which every message would pay for
  local watcher = find(s[WATCHER])
  if watcher and watcher[STATE] == MATCHED then
    local overheard = '"stranger":' .. (2 - s[INITIATOR]) .. ',' .. members
    make_room(s[WATCHER], watcher, #overheard, EVENTS, MEMBERS, true) -- nobody is held up by who watches
    local number = append(s[WATCHER], watcher, name, overheard)
    if carry(s[WATCHER], watcher, number, name, overheard) then
      note('d', s[WATCHER], number, name, overheard)
    end
  end
end
local here = carry(partner_id, partner, seq, name, members)
return commit({seq, here and partner_id or ''})
