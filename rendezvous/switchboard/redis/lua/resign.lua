-- This worker acts no more: the grace of its sessions begins now. Answers whether there are more.
if enter('') then condemn(ME, now()) end
local last = call('ZSCORE', T .. ':dead', ME)
if not (last and meta) then
  local packed = call('GET', T .. ':meta')
  if not (last and packed) then return {0, 0} end
  meta = unpack_one(packed)
end
return commit({bury(ME, last + GRACE) and 1 or 0})
