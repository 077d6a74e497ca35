-- Who is woken when something comes into an inbox.

local function publish(worker, id, seq, name, members)
  call('SPUBLISH', T .. ':to:' .. worker, table.concat({id, seq, name, members}, ' '))
end

-- Wake the workers that have the session's socket and its long poll; true if this one does, or none.
local function carry(id, s, seq, name, members)
  local at, polled = s[AT], s[POLLED]
  if at ~= '' and at ~= ME then publish(at, id, seq, name, members) end
  if polled ~= '' and polled ~= ME and polled ~= at then publish(polled, id, seq, name, members) end
  return at == ME or polled == ME or (at == '' and polled == '')
end
