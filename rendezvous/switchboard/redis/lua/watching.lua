-- Who has asked a question watches the two who discuss it.

-- Append what the server itself has to say, which nobody can be refused for.
local function tell(id, s, name, members)
  make_room(id, s, #members, EVENTS + SPARE_EVENTS, 2 * MEMBERS, true)
  local seq = append(id, s, name, members)
  if carry(id, s, seq, name, members) then note('d', id, seq, name, members) end
end

-- Tell whoever watches, if there is somebody, what has happened to one of the two.
local function tell_watcher(s, name)
  local watcher = watcher_of(s)
  if watcher then tell(s[WATCHER], watcher, name, stranger(s)) end
end

-- Let the asker watch two who have just been introduced.
local function watch(id, s, one_id, shared)
  local question = s[PROFILE]
  stop_waiting(id, s)
  s[STATE], s[SINCE], s[PARTNER], s[PROFILE], changed[id] = MATCHED, now(), one_id, '', s
  more_watching = more_watching + 1
  tell(id, s, 'discussion_started', '"question":' .. question .. ',"common_interests":' .. shared)
end
