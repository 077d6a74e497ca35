-- Who may meet whom, and who has met whom of late.

local function blocks(s, visitor)
  return s[BLOCKED] ~= '' and string.find(s[BLOCKED], ' ' .. visitor .. ' ', 1, true)
end

-- Nobody meets themselves, in whichever tab, nor whom they have blocked.
local function may_meet(s, other)
  local visitor, stranger = s[VISITOR], other[VISITOR]
  if visitor == '' or stranger == '' then return true end
  if blocks(s, stranger) or blocks(other, visitor) then return false end
  return NOT_AGAIN == 0 or visitor ~= stranger
end

local function has_met(one, other)
  local met = call('ZSCORE', T .. ':met:' .. one, other)
  return met and tonumber(met) > now() - NOT_AGAIN_FOR
end

-- Nor, for a while, the same one again.
local function know_each_other(s, other)
  local visitor, stranger = s[VISITOR], other[VISITOR]
  if s[APPOINTMENT] ~= '' then return false end -- the other has it, too, in whose corner they are
  if NOT_AGAIN == 0 or visitor == '' or stranger == '' then return false end
  if now() >= math.min(s[SINCE], other[SINCE]) + AGAIN_AFTER then return false end
  return has_met(visitor, stranger) or has_met(stranger, visitor)
end

local function remember(one, other)
  local met = T .. ':met:' .. one
  call('ZADD', met, now(), other)
  call('ZREMRANGEBYRANK', met, 0, -NOT_AGAIN - 1)
  call('EXPIRE', met, math.ceil(NOT_AGAIN_FOR))
end
