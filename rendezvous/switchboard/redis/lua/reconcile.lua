-- Before anything else on a new connection. ARGV[3] '1' if the worker has never been here, ARGV[4] who
-- the server is, ARGV[5] the highest version that this worker was told, ARGV[6] a number for a board
-- that has to begin anew. Answers with the epoch, which rises when something acknowledged was lost.
local packed = call('GET', T .. ':meta')
if packed then
  meta = unpack_one(packed)
else
  meta = {clock(), 0, tonumber(ARGV[6]), '', 0, 0, 0}
end
keep_keys()
if meta[IDENTITY] ~= ARGV[4] then
  meta[IDENTITY], meta[BASE], meta[LOSSY] = ARGV[4], tonumber(call('GET', T .. ':version')), 0
end
if tonumber(ARGV[5]) > meta[BASE] and meta[LOSSY] == 0 then
  meta[EPOCH], meta[LOSSY] = meta[EPOCH] + 1, 1
end
keep_meta()
if ARGV[3] == '1' then
  renew_lease()
elseif call('EXISTS', T .. ':w:' .. ME) == 0 then
  return 'fenced'
end
call('EXPIRE', T .. ':workers', KEEP)
return commit({meta[EPOCH]})
