"""The friendly stranger: bots that talk to whoever would wait alone, for demonstrations.

They are clients like any other, in a process of their own; they know the server by its protocol.
"""

from __future__ import annotations
