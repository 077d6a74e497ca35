-- Who watches two who discuss a question, and which of the two the asker takes a session for.

local function watcher_of(s)
  local watcher = s[WATCHER] ~= '' and find(s[WATCHER])
  return watcher and watcher[STATE] == MATCHED and watcher
end

local function stranger(s)
  return '"stranger":' .. (2 - s[INITIATOR])
end
