local T = KEYS[1]
local got = redis.call('MGET', T .. ':chats', T .. ':upgraded')
return {0, redis.call('ZCARD', T .. ':queue'), tonumber(got[1] or 0), tonumber(got[2] or 0)}
