local T = KEYS[1]
local got = redis.call('MGET', T .. ':chats', T .. ':upgraded', T .. ':watching')
local waiting = redis.call('ZCARD', T .. ':queue')
return {0, waiting, tonumber(got[1] or 0), tonumber(got[2] or 0), tonumber(got[3] or 0)}
