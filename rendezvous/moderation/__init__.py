"""Reports, bans, appeals, and the people who answer for them; none of it is needed for a chat."""

from __future__ import annotations

from rendezvous.moderation.office import Moderation
from rendezvous.moderation.opening import ModerationSettings, open_moderation

__all__ = ["Moderation", "ModerationSettings", "open_moderation"]
