-- Coming, meeting, and losing each other.

-- Look wider, as far as it is time to.
local function widen(id, s, plan)
  if is_out_of_reach(s) then return step_out(id, s) end
  local stage = plan[STAGES][s[STAGE] + 1]
  while stage and stage[WHEN] <= now() do
    s[STAGE], changed[id] = s[STAGE] + 1, s
    local after = plan[STAGES][s[STAGE] + 1]
    local other_id, other
    if not stage[SPARES] then
      other_id, other = first(id, s, stage[WIDER])
    elseif not after or after[WHEN] > now() then -- what comes at the same time is wider, and looks here too
      other_id, other = least_costly(id, s, stage[WIDER])
    end
    if other then return meet_in_order(id, s, other_id, other) end
    stand(id, s, stage[OPENS])
    stage = after
  end
  local due = stage and stage[WHEN]
  if s[HOLDER] == '' and ALIVE_WITHIN > 0 then
    due = math.min(due or math.huge, s[HEARD] + ALIVE_WITHIN)
  end
  if due then look_again_at(id, due) else call('ZREM', T .. ':wide', id) end
  if s[WATCHER] == id then ask_around() end
end

-- Introduce somebody who has come, or come back, or let them wait.
local function seat(id, s, plan)
  if is_out_of_reach(s) then return end
  local other_id, other = first(id, s, plan[LOOKS])
  if other then return meet(id, s, other_id, other) end
  s[STAGE], changed[id] = 0, s
  stand(id, s, plan[STANDS])
  widen(id, s, plan)
end

-- Hold somebody no longer; whoever they were kept for is offered to the next who suits.
local function release(id, s)
  local other = s[HELD_FOR] ~= '' and find(s[HELD_FOR])
  local other_id = s[HELD_FOR]
  s[HELD_FOR], changed[id] = '', s
  if other and other[HELD_FOR] == id then
    other[HELD_FOR], changed[other_id] = '', other
    if other[ANSWER_BY] == 0 then seat(other_id, other, plan_of(other_id)) end
  end
end

-- They are not there any more.
local function give_up(id, s)
  step_out(id, s)
  need_not_answer(id, s)
  release(id, s)
end

-- Somebody who waits is heard of: they can be introduced, and maybe are waited for.
local function is_there(id, s)
  if not is_heard(s) then step_out(id, s) end -- others may have come who could not meet them
  s[HEARD], changed[id] = now(), s
  need_not_answer(id, s)
  local other = s[HELD_FOR] ~= '' and find(s[HELD_FOR])
  if other and other[ANSWER_BY] ~= 0 then return end
  -- Their visitors may have met in other tabs meanwhile, or others may have their question by now.
  if other and suit(id, s, s[HELD_FOR], other) then
    return introduce_in_order(id, s, s[HELD_FOR], other)
  end
  release(id, s)
  if s[STAGE] == AWAY_FROM_ALL then seat(id, s, plan_of(id)) end
end

-- The client shows that it lives: renew its lease, and undo its absence.
local function heard(id, s)
  if s[STATE] == ENDED then return end
  changed[id] = s
  s[DUE] = s[HOLDER] == '' and now() + LEASE or 0
  local was_away = s[AWAY] == 1
  s[AWAY] = 0
  if s[STATE] == WAITING then return is_there(id, s) end
  local partner = was_away and find(s[PARTNER])
  if partner and s[WATCHER] ~= id then
    tell(s[PARTNER], partner, 'partner_reconnected', '')
    tell_watcher(s, 'partner_reconnected')
  end
end

-- A socket is gone, or its worker: the session is away until `due`.
local function lose(id, s, due)
  s[HOLDER], s[AT], s[AWAY], s[DUE] = '', '', 1, due
  changed[id] = s
  look_at(id, due)
  if s[STATE] == WAITING then
    give_up(id, s)
  elseif s[WATCHER] ~= id then
    local partner = find(s[PARTNER])
    if partner then tell(s[PARTNER], partner, 'partner_reconnecting', '') end
    tell_watcher(s, 'partner_reconnecting')
  end
end
