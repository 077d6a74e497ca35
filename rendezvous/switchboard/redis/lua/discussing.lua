-- A question has come, or its time to be everybody's: introduce the first two who would discuss one.

-- Every corner into which a session has looked.
local function looked_at(s, plan)
  local corners = {unpack(plan[LOOKS])}
  for stage = 1, s[STAGE] do
    for _, corner in ipairs(plan[STAGES][stage][WIDER]) do corners[#corners + 1] = corner end
  end
  return corners
end

local function ask_around()
  for _, id in ipairs(call('ZRANGE', T .. ':k:' .. ALL_WHO_DISCUSS, 0, CANDIDATES - 1)) do
    local s = find(id)
    if s and s[STATE] == WAITING and not is_out_of_reach(s) then
      local other_id, other = first(id, s, looked_at(s, plan_of(id)))
      if other then return meet_in_order(id, s, other_id, other) end
    end
  end
end
