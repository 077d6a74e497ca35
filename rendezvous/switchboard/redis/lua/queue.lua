-- The queue of all who wait, by ticket; those who are away for a moment keep their place. And what they
-- wait with: counted by people, so that one who waits in five tabs is one; without those who have to do
-- with a question, because they meet nobody who only chats.

-- What somebody is interested in, of which a session keeps the JSON, or '' for nothing.
local function interests_in(json)
  return json == '' and {} or cjson.decode(json)
end

-- One more or less (1 or -1) of somebody's sessions waits with its interests.
local function count_topics(id, s, by)
  if TOPICS == 0 or s[WATCHER] ~= '' then return end
  local person = s[VISITOR] ~= '' and s[VISITOR] or id
  for _, topic in ipairs(interests_in(s[PROFILE])) do
    local people = T .. ':topic:' .. topic
    local sessions = call('HINCRBY', people, person, by)
    if sessions <= 0 then call('HDEL', people, person) end
    if (by == 1 and sessions == 1) or (by == -1 and sessions == 0) then
      local size = tonumber(call('ZINCRBY', T .. ':topics', by, topic))
      if size <= 0 then call('ZREM', T .. ':topics', topic) end
    end
    call('EXPIRE', people, KEEP)
    call('EXPIRE', T .. ':topics', KEEP)
  end
end

local function keep_topics(s)
  if TOPICS == 0 or s[WATCHER] ~= '' then return end
  for _, topic in ipairs(interests_in(s[PROFILE])) do call('EXPIRE', T .. ':topic:' .. topic, KEEP) end
end

local function queue_up(id, s)
  call('ZADD', T .. ':queue', s[TICKET], id)
  call('EXPIRE', T .. ':queue', KEEP)
  count_topics(id, s, 1)
end

local function leave_queue(id, s)
  call('ZREM', T .. ':queue', id)
  count_topics(id, s, -1)
end
