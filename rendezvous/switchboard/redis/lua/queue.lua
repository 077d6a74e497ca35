-- The queue of all who wait, by ticket; those who are away for a moment keep their place.

local function queue_up(id, s)
  call('ZADD', T .. ':queue', s[TICKET], id)
  call('EXPIRE', T .. ':queue', KEEP)
end

local function leave_queue(id)
  call('ZREM', T .. ':queue', id)
end
