-- A question has come, or its time to be everybody's: introduce the first two who would discuss one.

local function ask_around()
  for _, id in ipairs(call('ZRANGE', T .. ':k:' .. ALL_WHO_DISCUSS, 0, CANDIDATES - 1)) do
    local s = find(id)
    if s and s[STATE] == WAITING and not is_out_of_reach(s) then
      local other_id, other = first(id, s, corners_of(plan_of(id), s[STAGE], LOOKS, WIDER))
      if other then return meet_in_order(id, s, other_id, other) end
    end
  end
end
