-- Every half a second, from every worker: let the board's time go on, renew the worker's lease, sweep.
-- Answers with the epoch and whether there is more to sweep.
local FRESHEN = 60 -- s between two renewals of the keys' expiry
if not enter('') then return 'fenced' end
meta[CLOCK] = now()
meta[OFFSET] = now() - clock()
if now() - meta[FRESH] > FRESHEN then
  keep_keys()
  renew_lease()
else
  call('ZADD', T .. ':workers', now(), ME)
end
keep_meta()
call('SPUBLISH', T .. ':to:' .. ME, '')
local more = bury_the_dead()
more = expire_the_due() or more
return commit({meta[EPOCH], more and 1 or 0})
