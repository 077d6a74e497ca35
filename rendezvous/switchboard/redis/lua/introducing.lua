-- Two are introduced.

local function before(one, other)
  for at = 1, math.min(#one, #other) do
    local a, b = string.byte(one, at), string.byte(other, at)
    if a ~= b then return a < b end
  end
  return #one < #other
end

-- What both are interested in, as JSON; sorted by bytes, because Lua's own order is the locale's.
local function common_interests(one, other)
  local theirs, shared = {}, {}
  for _, interest in ipairs(interests_in(other)) do theirs[interest] = true end
  for _, interest in ipairs(interests_in(one)) do
    if theirs[interest] then shared[#shared + 1] = interest end
  end
  if #shared == 0 then return '[]' end
  table.sort(shared, before)
  return cjson.encode(shared)
end

-- Make a chat of two; who has just come makes the offer, the other is known to listen.
local function introduce(newcomer_id, newcomer, waiter_id, waiter)
  local time = now()
  local shared = common_interests(newcomer[PROFILE], waiter[PROFILE])
  local asker_id, asker, question = '', nil, ''
  if discusses(newcomer) then
    asker_id, asker = question_for(newcomer, waiter)
    question = asker[PROFILE]
  end
  note('m', waiter_id, newcomer_id, string.format('%.6f', time - waiter[SINCE]), asker_id, question)
  more_chats = more_chats + 1
  if NOT_AGAIN > 0 and newcomer[VISITOR] ~= '' and waiter[VISITOR] ~= '' then
    remember(newcomer[VISITOR], waiter[VISITOR])
    remember(waiter[VISITOR], newcomer[VISITOR])
  end
  if TYPE == 'text' then look_at('c:' .. newcomer_id, time + IDLE) end
  newcomer[PARTNER], newcomer[INITIATOR] = waiter_id, 1
  waiter[PARTNER], waiter[INITIATOR] = newcomer_id, 0
  for _, id in ipairs({waiter_id, newcomer_id}) do
    local s = id == newcomer_id and newcomer or waiter
    stop_waiting(id, s)
    s[HELD_FOR], s[WATCHER] = '', asker_id
    s[STATE], s[SINCE], s[SAID_AT], s[PROFILE] = MATCHED, time, time, ''
    local initiator = s[INITIATOR] == 1 and 'true' or 'false'
    tell(id, s, 'matched', '"chat_type":"' .. TYPE .. '","is_initiator":' .. initiator
      .. ',"common_interests":' .. shared .. (asker and ',"question":' .. question or ''))
  end
  if asker then watch(asker_id, asker, newcomer_id, shared) end
end

-- The same, where either may have come last.
local function introduce_in_order(id, s, other_id, other)
  if other[TICKET] > s[TICKET] then return introduce(other_id, other, id, s) end
  return introduce(id, s, other_id, other)
end
