-- What a client gets to see.

local function forget_until(id, s, seq)
  local forgotten = s[KEPT] - (s[LAST] - seq)
  if seq > s[LAST] or forgotten <= 0 then return end
  changed[id] = s
  if forgotten == s[KEPT] then
    call('DEL', T .. ':i:' .. id)
    s[KEPT], s[BYTES] = 0, 0
  else
    for _ = 1, forgotten do forget_oldest(id, s) end
  end
end

-- The events after `seq`, and whether some of them are no longer kept.
local function events_after(id, s, seq)
  local events = {}
  local wanted = math.min(s[LAST] - seq, s[KEPT])
  if wanted > 0 then
    for _, event in ipairs(call('LRANGE', T .. ':i:' .. id, -wanted, -1)) do
      if tonumber(string.match(event, '^%d+')) > seq then events[#events + 1] = event end
    end
  end
  return events, seq + 1 < s[LAST] - s[KEPT] + 1 or seq > s[LAST]
end

-- A session as its own client sees it; a loss since it was last told anything is a gap, once.
local function view(id, s, after)
  local events, gap = events_after(id, s, after)
  if s[TOLD] ~= meta[EPOCH] then
    gap, s[TOLD], changed[id] = true, meta[EPOCH], s
  end
  forget_until(id, s, after)
  return commit({s[STATE], s[INITIATOR], s[LAST], gap and 1 or 0, events, kind_of(s)})
end
