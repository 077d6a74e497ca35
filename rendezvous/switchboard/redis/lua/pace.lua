-- How long somebody who comes will wait for each level.

-- The usual time between two who come, now that one has come.
local function pace()
  local packed = call('GET', T .. ':pace')
  local gap, gaps = LONGEST_GAP, 1
  if packed then
    local last = unpack_one(packed)
    local since = math.min(math.max(now() - last[1], 0), LONGEST_GAP)
    gaps = last[3] + 1
    gap = last[2] + math.max(1 / gaps, SMOOTHING) * (since - last[2])
  end
  call('SET', T .. ':pace', pack({now(), gap, gaps}), 'EX', KEEP)
  return gap
end

-- Give the stages of a plan, which has shares of the patience, the times at which they come. Returns the last of these.
local function schedule(plan)
  local patience = math.min(math.max(ARRIVALS * pace(), SOONEST), LATEST)
  local last = 0
  if patience > MOMENT then
    for at, corner in ipairs(plan[LOOKS_IF_SLOW]) do table.insert(plan[LOOKS], at, corner) end
  end
  plan[LOOKS_IF_SLOW] = nil
  for _, stage in ipairs(plan[STAGES]) do
    stage[WHEN] = now() + patience * stage[WHEN]
    last = stage[WHEN]
  end
  local everywhere = corners_of(plan, #plan[STAGES], LOOKS, WIDER)
  table.insert(plan[STAGES], {now() + AGAIN_AFTER, everywhere, {}})
  return last
end
