local got = redis.call('MGET', KEYS[1] .. ':waiting', KEYS[1] .. ':chats')
return {0, tonumber(got[1] or 0), tonumber(got[2] or 0)}
