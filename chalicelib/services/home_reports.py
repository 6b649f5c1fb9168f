"""Reports on one's own home page: put there, taken away, listed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from chalicelib.domain.errors import TooManyOnHome
from chalicelib.domain.home_reports import MOST, HomeReports
from chalicelib.domain.people import Actor
from chalicelib.domain.saved_report import ReportState, SavedReport
from chalicelib.services.access import MANAGERS, need
from chalicelib.services.figures import Names
from chalicelib.services.saved_reports import Kept, existing, shown

NOBODYS = ""  # what is a person's is of no portfolio
TRIES = 4


class Homes(Protocol):
    def add(self, document: HomeReports) -> bool: ...

    def get(self, portfolio_id: str, key: str) -> HomeReports | None: ...

    def save(self, document: HomeReports) -> HomeReports | None: ...


def listed(*, actor: Actor, homes: Homes, kept: Kept, people: Names) -> dict[str, Any]:
    """
    List what one has there; what was deleted, or is not one's to see any more, is left out.

    Raises:
        NotAllowed: The actor manages nothing.
    """
    need(actor, *MANAGERS)
    found = _there(_own(actor, homes), actor, kept)
    known = people({one.updated_by for one in found})
    return {
        "items": [shown(one, known) | {"portfolio_id": one.portfolio_id} for one in found],
        "most": MOST,
    }


def put(portfolio_id: str, report_id: str, *, actor: Actor, homes: Homes, kept: Kept) -> None:
    """
    Put a report on one's home page, after those that are there. Safe to repeat.

    Raises:
        ReportNotFound: There is none, or it was deleted.
        TooManyOnHome: There is no room for another one.
    """
    existing(portfolio_id, report_id, actor, kept)
    wanted = (portfolio_id, report_id)

    def change(before: HomeReports) -> HomeReports:
        if wanted in before.reports:
            return before
        there = tuple((one.portfolio_id, one.report_id) for one in _there(before, actor, kept))
        if len(there) >= MOST:
            raise TooManyOnHome(most=MOST)
        return replace(before, reports=(*there, wanted))

    _changed(actor, change, homes)


def take(portfolio_id: str, report_id: str, *, actor: Actor, homes: Homes) -> None:
    """Take a report off one's home page, whatever became of it. Safe to repeat."""
    need(actor, *MANAGERS)

    def change(before: HomeReports) -> HomeReports:
        rest = tuple(one for one in before.reports if one != (portfolio_id, report_id))
        return before if rest == before.reports else replace(before, reports=rest)

    _changed(actor, change, homes)


# Private


def _own(actor: Actor, homes: Homes) -> HomeReports:
    person_id = actor.actor_id.removeprefix("user:")
    return homes.get(NOBODYS, person_id) or HomeReports(person_id=person_id, version=0)


def _there(home: HomeReports, actor: Actor, kept: Kept) -> list[SavedReport]:
    found = (kept.get(*one) for one in home.reports if actor.sees(one[0]))
    return [one for one in found if one is not None and one.state is ReportState.KEPT]


def _changed(actor: Actor, change: Callable[[HomeReports], HomeReports], homes: Homes) -> None:
    for _ in range(TRIES):
        before = _own(actor, homes)
        after = change(before)
        if after == before:
            return
        if before.version == 0:
            if homes.add(replace(after, version=1)):
                return
        elif homes.save(after) is not None:
            return
    raise RuntimeError("the reports of a home page kept moving")
