-- The keys of the board itself, which live as long as somebody ticks.

local COUNTERS = {'version', 'ticket', 'chats', 'upgraded', 'watching'}

local function keep_meta()
  call('SET', T .. ':meta', pack(meta), 'EX', KEEP)
end

-- The entry of `due` that is never due keeps it from vanishing and coming back without an expiry.
local function keep_keys()
  meta[FRESH] = now()
  for _, name in ipairs(COUNTERS) do
    call('SET', T .. ':' .. name, 0, 'NX')
    call('EXPIRE', T .. ':' .. name, KEEP)
  end
  call('ZADD', T .. ':due', 'inf', '')
  for _, name in ipairs({'due', 'workers', 'dead', 'wide', 'queue', 'topics', 'at:' .. ME}) do
    call('EXPIRE', T .. ':' .. name, KEEP)
  end
end

local function renew_lease()
  call('SET', T .. ':w:' .. ME, 1, 'EX', KEEP)
  call('ZADD', T .. ':workers', now(), ME)
end
