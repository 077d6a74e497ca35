"""The figures of a year, as regulators and app stores ask for them, on a page and as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from flask import Response, abort, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from rendezvous.moderation.models import Tally, now

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run (OWASP, CSV Injection)


class Yearly(BaseView):  # type: ignore[misc]  # because Flask-Admin has no types
    """How many reports, decisions, bans and appeals there were."""

    def __init__(self, database: scoped_session[Any], **how: Any) -> None:
        self._database = database
        super().__init__(**how)

    @expose("/")  # type: ignore[untyped-decorator]
    def index(self) -> Any:
        """The page."""
        years = sorted({*self._database.scalars(select(Tally.year)), now().year}, reverse=True)
        return self.render(
            "moderation/yearly.html", year=_year(), years=years, figures=self._figures(_year())
        )

    @expose("/figures.csv")  # type: ignore[untyped-decorator]
    def download(self) -> Response:
        """The same as a file."""
        year = _year()
        name = f"rendezvous-{year}.csv"
        return Response(
            as_csv(year, self._figures(year)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _figures(self, year: int) -> list[tuple[str, int]]:
        of_the_year = select(Tally).where(Tally.year == year).order_by(Tally.what)
        return [(each.what, each.count) for each in self._database.scalars(of_the_year)]


def as_csv(year: int, figures: list[tuple[str, int]]) -> str:
    """Rows of year, what and count; no cell is taken for a formula."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(("year", "what", "count"))
    for what, count in figures:
        safe = f"'{what}" if what.startswith(FORMULA) else what
        writer.writerow((year, safe, count))
    return file.getvalue()


def _year() -> int:
    text = request.args.get("year", str(now().year))
    return int(text) if text.isdecimal() and len(text) == 4 else abort(400)
