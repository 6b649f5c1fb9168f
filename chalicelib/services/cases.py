"""Reading cases: the page of one, lists and searches, the proof of a timeline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain import calls, timeline
from chalicelib.domain.case import CaseHead
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.draft import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.timeline import Event
from chalicelib.services import case_search, casework
from chalicelib.services.access import (
    STAFF,
    Portfolios,
    open_portfolio,
)
from chalicelib.services.case_pages import (
    EVENTS_ON_PAGE,
    Names,
    actors_of,
    line,
    owner_of,
    page_of,
    told,
)
from chalicelib.services.casework import OpenCases

MOST_ON_PAGE = 200


class Timelines(OpenCases, Protocol):
    def timeline(
        self, case_id: str, *, cursor: str | None = None, kind: str = "", limit: int = 50
    ) -> case_search.Page[Event]: ...


# One case


def page(
    case_id: str,
    *,
    actor: Actor,
    cases: OpenCases,
    portfolios: Portfolios,
    now: datetime,
    people: Names = lambda _: {},
) -> dict[str, Any]:
    """
    Give everything a case page shows, JSON-safe, read by one query.

    Raises:
        CaseNotFound: None that the actor may see.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    return page_of(file, portfolio, actor=actor, now=now, people=people)


def timeline_page(
    case_id: str,
    *,
    kind: str = "",
    cursor: str | None = None,
    limit: int = EVENTS_ON_PAGE,
    actor: Actor,
    cases: Timelines,
    portfolios: Portfolios,
    people: Names = lambda _: {},
) -> dict[str, Any]:
    """
    Page through a timeline, newest first.

    Args:
        kind: One kind of event, or a family (``payment.``).

    Raises:
        CaseNotFound: None that the actor may see.
    """
    _, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    if cursor is not None and not cursor.isdigit():
        raise BadField(field="cursor", reason="foreign")
    limit = min(max(1, limit), MOST_ON_PAGE)
    found = cases.timeline(case_id, cursor=cursor, kind=kind, limit=limit)
    who = people({one for event in found.items for one in actors_of(event)})
    called = calls.labels(portfolio.policies.calls)
    items = [told(event, who, called) for event in found.items]
    return {"items": items, "cursor": found.cursor}


def verification(
    case_id: str, *, actor: Actor, cases: OpenCases, portfolios: Portfolios
) -> dict[str, Any]:
    """Check a case's timeline against its head, as anyone with both could."""
    file, _ = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    found = timeline.verify(file.events, file.head.chain)
    answer: dict[str, Any] = {"ok": found.ok, "events": found.events, "head": found.head}
    if not found.ok:
        answer |= {"first_altered": found.first_altered, "reason": found.reason}
    return answer


# Many cases


def listed(
    portfolio_id: str,
    *,
    q: str = "",
    sort: str = "",
    band: str = "",
    untouched_days: int | None = None,
    where: CaseFilter | None = None,
    cursor: str | None = None,
    limit: int = 50,
    actor: Actor,
    cases: case_search.Lists,
    portfolios: Portfolios,
    now: datetime,
    read_phone: case_search.ReadPhone = lambda _, __: None,
    people: Names = lambda _: {},
) -> dict[str, Any]:
    """
    List or search a portfolio's cases, a page at a time.

    Args:
        q: What somebody typed; see ``case_search.search``.
        sort: The oldest due first by default, of untouched cases the longest untouched.
        band: Code of one of the portfolio's bands.
        untouched_days: Only cases that owe and nobody turned to for so many days.
        where: The other filters; they hold for searches too.
        read_phone: Turns (text, country) into E.164, or None when it is no phone.

    Returns:
        ``{"items": [...], "cursor": ...}``; what was found by *q* says by what: ``matched``.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: Unknown band, sort or cursor, days out of range, or too little typed.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    today = local_day(now, portfolio.time_zone)
    narrowed = case_search.untouched_for(where or CaseFilter(), untouched_days, today)
    found = case_search.search(
        portfolio,
        q,
        where=case_search.with_band(narrowed, band, portfolio, today),
        sort=sort or ("due" if untouched_days is None else "touched"),
        cursor=cursor,
        limit=min(max(1, limit), MOST_ON_PAGE),
        cases=cases,
        read_phone=read_phone,
    )
    heads = _heads([case for case, _ in found.items], cases)
    who = people({f"user:{head.owner}" for head in heads.values() if head.owner})
    items = [
        line(case, portfolio, today)
        | _of_head(heads.get(case.case_id), who)
        | ({"matched": matched} if matched else {})
        for case, matched in found.items
    ]
    return {"items": items, "cursor": found.cursor}


def _heads(found: Sequence[CaseLine | CaseHead], cases: case_search.Lists) -> dict[str, CaseHead]:
    """Give the heads of cases of a page: they know what lines of an index do not."""
    heads = {case.case_id: case for case in found if isinstance(case, CaseHead)}
    return heads | cases.heads(case.case_id for case in found if case.case_id not in heads)


def _of_head(head: CaseHead | None, who: Mapping[str, str]) -> dict[str, Any]:
    """Lay out what heads alone know: who answers for a case, and when somebody turned to it."""
    if head is None:
        return {"owner": None, "touched_on": None, "charged_off": 0}
    touched_on = head.touched_on.isoformat() if head.touched_on else None
    return {
        "owner": owner_of(head.owner, who),
        "touched_on": touched_on,
        "charged_off": head.charged_off,
    }
