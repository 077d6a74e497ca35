"""The first page: what waits to be decided."""

from __future__ import annotations

from typing import Any

from flask_admin import AdminIndexView, expose
from sqlalchemy import func, or_, select
from sqlalchemy.orm import scoped_session

from rendezvous.moderation.models import Appeal, Ban, Report, now


class Home(AdminIndexView):  # type: ignore[misc]  # because Flask-Admin has no types
    """Counts, each a link to its list."""

    def __init__(self, database: scoped_session[Any], **how: Any) -> None:
        self._database = database
        super().__init__(**how)

    @expose("/")  # type: ignore[untyped-decorator]
    def index(self) -> Any:
        """The page."""
        in_force = Ban.lifted_at.is_(None), or_(Ban.until.is_(None), Ban.until > now())
        return self.render(
            "moderation/home.html",
            reports=self._count(Report, Report.state == "open"),
            appeals=self._count(Appeal, Appeal.state == "open"),
            suspensions=self._count(Ban, Ban.automatic, *in_force),
            bans=self._count(Ban, *in_force),
        )

    def _count(self, model: Any, *conditions: Any) -> int:
        count = select(func.count()).select_from(model).where(*conditions)
        return self._database.scalar(count) or 0
