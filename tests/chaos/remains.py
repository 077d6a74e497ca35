"""What a Redis still has when nobody is there any more."""

from __future__ import annotations

import re

from tests.harness.redis_server import RedisServer

# What the switchboard keeps of sessions, their places and their visitors (see lua/core.lua).
OF_PEOPLE = re.compile(r"\{rdv:\w+\}:(s|i|a|k|plan|at|p|v|wide)(:|$)")
WITHOUT_END = """
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('PTTL', key) == -1 then table.insert(found, key) end
end
return found
"""


def of_people(redis: RedisServer) -> list[str]:
    """The keys that are there because somebody is; not those by which one is known again."""
    with redis.client() as client:
        return [key for key in client.scan_iter("{rdv:*", count=1_000) if OF_PEOPLE.match(key)]


def for_ever(redis: RedisServer) -> list[str]:
    """The keys that would never expire."""
    with redis.client() as client:
        return [str(key) for key in client.eval(WITHOUT_END, 0)]
