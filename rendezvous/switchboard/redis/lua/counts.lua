local T = KEYS[1]
local got = redis.call('MGET', T .. ':waiting', T .. ':chats', T .. ':upgraded')
return {0, tonumber(got[1] or 0), tonumber(got[2] or 0), tonumber(got[3] or 0)}
