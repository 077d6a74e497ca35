-- Whether those who wait are there: who was not heard of for a while is asked, and held meanwhile.
-- Who is asked or held stands in no corner. ANSWER_BY is until when the answer has to come, 0 for whoever is
-- not asked; it is in `wide` too. HELD_FOR is the other one's id.

local function look_again_at(id, due)
  call('ZADD', T .. ':wide', due, id)
  call('EXPIRE', T .. ':wide', KEEP)
end

-- Have the worker that has the socket ask.
local function ask(id, s, seconds)
  s[ANSWER_BY], changed[id] = now() + seconds, s
  look_again_at(id, s[ANSWER_BY])
  if s[AT] == ME then note('a', id) else publish(s[AT], id, 0, 'ask', '') end
end

local function need_not_answer(id, s)
  if s[ANSWER_BY] == 0 then return end
  call('ZREM', T .. ':wide', id)
  s[ANSWER_BY], changed[id] = 0, s
end

local function hold(id, s, other_id)
  step_out(id, s)
  s[HELD_FOR], changed[id] = other_id, s
  if not is_heard(s) then ask(id, s, ANSWER_WITHIN) end
end

-- Introduce two who suit, once both are known to be there.
local function meet(newcomer_id, newcomer, waiter_id, waiter)
  if is_heard(newcomer) and is_heard(waiter) then
    return introduce(newcomer_id, newcomer, waiter_id, waiter)
  end
  hold(newcomer_id, newcomer, waiter_id)
  hold(waiter_id, waiter, newcomer_id)
end

-- The same, where either may have come last.
local function meet_in_order(id, s, other_id, other)
  if other[TICKET] > s[TICKET] then return meet(other_id, other, id, s) end
  return meet(id, s, other_id, other)
end
