-- Questions: who asks one waits in corners of their own, and watches the two who discuss it. The asker's
-- WATCHER is their own id, that of who would discuss a question '?' and their language, that of who does
-- the asker's id. What is asked is, as JSON, where others have their interests.

local ANY_QUESTION, ALL_QUESTIONS, ALL_WHO_DISCUSS = '^', '^*', '?'

local function discusses(s)
  return string.sub(s[WATCHER], 1, 1) == '?'
end

-- Who asks what these two, who would discuss a question, may discuss.
local function question_for(one, other)
  for _, tongue in ipairs({string.sub(one[WATCHER], 2), string.sub(other[WATCHER], 2), ''}) do
    local corner = T .. ':k:' .. ANY_QUESTION .. tongue
    for _, asker_id in ipairs(call('ZRANGE', corner, 0, CANDIDATES - 1)) do
      local asker = find(asker_id)
      if asker and asker[STATE] == WAITING and may_meet(asker, one) and may_meet(asker, other) then
        return asker_id, asker
      end
    end
  end
end
