local chats = redis.call('GET', KEYS[1] .. ':chats')
return {0, redis.call('ZCARD', KEYS[1] .. ':queue'), tonumber(chats or 0)}
