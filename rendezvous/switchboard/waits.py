"""What the memory switchboard keeps of somebody's wait."""

from __future__ import annotations

from rendezvous.matching import Plan, Stage
from rendezvous.switchboard.parties import Session
from rendezvous.switchboard.pool import Stay
from rendezvous.switchboard.timers import Timed


class Wait(Timed):
    """Without a `stay` they are offered to nobody: away, `asked` whether they are there, or
    `held_for` another. The deadline is when they look wider, or should have answered.
    """

    __slots__ = (
        "again",
        "asked",
        "held_for",
        "plan",
        "prospects",
        "session",
        "stage",
        "stages",
        "stay",
        "times",
    )

    def __init__(
        self, session: Session, plan: Plan, times: tuple[float, ...], again: float, prospects: float
    ) -> None:
        super().__init__()
        self.session = session
        self.plan = plan
        everywhere = (*plan.looks, *(corner for stage in plan.stages for corner in stage.looks))
        self.stages = (*plan.stages, Stage("anyone", everywhere, (), spares=False))
        self.times = (*times, again)
        self.again = again  # when somebody met before would do
        self.prospects = prospects
        self.stage = 0
        self.stay: Stay[Wait] | None = None
        self.asked = False
        self.held_for: Wait | None = None

    def is_due(self, now: float) -> bool:
        """Whether it is time for the next stage."""
        return self.stage < len(self.stages) and self.times[self.stage] <= now

    def waited(self, now: float) -> float:
        """The share of the patience that is behind them; all of it for who will widen no more."""
        began, ends = self.session.began, self.times[-2] if len(self.times) > 1 else 0.0
        return min((now - began) / (ends - began), 1.0) if ends > began else 1.0
