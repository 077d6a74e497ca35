-- An inbox: bounded, numbered.

local function forget_oldest(id, s)
  local event = call('LPOP', T .. ':i:' .. id)
  if event then
    s[KEPT] = s[KEPT] - 1
    s[BYTES] = s[BYTES] - (#event - string.find(event, '\n', 1, true))
  else
    s[KEPT], s[BYTES] = 0, 0
  end
end

-- See that `size` more bytes fit; false if that would need forgetting, and that is not allowed.
local function make_room(id, s, size, events, members, may_forget)
  if s[KEPT] < events and s[BYTES] + size <= members then return true end
  if not may_forget then return false end
  while s[KEPT] > 0 and (s[KEPT] >= events or s[BYTES] + size > members) do forget_oldest(id, s) end
  return true
end

local function append(id, s, name, members)
  if s[NUMBERED] ~= meta[EPOCH] then
    s[LAST], s[NUMBERED] = s[LAST] + JUMP, meta[EPOCH]
  end
  s[LAST], s[KEPT], s[BYTES] = s[LAST] + 1, s[KEPT] + 1, s[BYTES] + #members
  changed[id] = s
  local inbox = T .. ':i:' .. id
  if call('RPUSH', inbox, s[LAST] .. ' ' .. name .. '\n' .. members) == 1 then
    call('EXPIRE', inbox, KEEP)
  end
  return s[LAST]
end
