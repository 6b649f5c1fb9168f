"""Reading cases: the page of one, lists, search by whatever was typed, the proof of a timeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from chalicelib.domain import ageing, names, timeline
from chalicelib.domain.case import CaseFilter, CaseHead, CaseLine, CaseStatus
from chalicelib.domain.draft import local_day
from chalicelib.domain.errors import BadField, PortfolioNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.timeline import Event
from chalicelib.services import casework
from chalicelib.services.access import STAFF, need_portfolio
from chalicelib.services.case_pages import EVENTS_ON_PAGE, Names, event_item, line, page_of
from chalicelib.services.casework import OpenCases, Portfolios

MOST_ON_PAGE = 200
NAME_PAGES = 5  # most pages of the name index that one page of answers reads

_T_co = TypeVar("_T_co", covariant=True)


class Page(Protocol[_T_co]):
    @property
    def items(self) -> tuple[_T_co, ...]: ...
    @property
    def cursor(self) -> str | None: ...


class Lists(Protocol):
    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = "due",
        where: CaseFilter | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CaseLine]: ...
    def by_name(
        self, portfolio_id: str, words: str, *, cursor: str | None = None, limit: int = 50
    ) -> Page[str]: ...
    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = 50
    ) -> Sequence[CaseHead]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


class Timelines(OpenCases, Protocol):
    def timeline(
        self, case_id: str, *, cursor: str | None = None, kind: str = "", limit: int = 50
    ) -> Page[Event]: ...


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
    casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    if cursor is not None and not cursor.isdigit():
        raise BadField(field="cursor", reason="foreign")
    limit = min(max(1, limit), MOST_ON_PAGE)
    found = cases.timeline(case_id, cursor=cursor, kind=kind, limit=limit)
    who = people({event.actor for event in found.items})
    return {"items": [event_item(event, who) for event in found.items], "cursor": found.cursor}


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
    sort: str = "due",
    band: str = "",
    where: CaseFilter | None = None,
    cursor: str | None = None,
    limit: int = 50,
    actor: Actor,
    cases: Lists,
    portfolios: Portfolios,
    now: datetime,
    read_phone: Callable[[str, str], str | None] = lambda _, __: None,
) -> dict[str, Any]:
    """
    List or search a portfolio's cases, a page at a time.

    Args:
        q: What somebody typed. An e-mail, a phone in any form, a tax id or an external id is
            looked up exactly; anything else is words of the debtor's name, in any order, each
            at least in its beginning.
        band: Code of one of the portfolio's bands.
        where: The other filters; they hold for searches too.
        read_phone: Turns (text, country) into E.164, or None when it is no phone.

    Returns:
        ``{"items": [...], "cursor": ...}``; what was found by *q* says by what: ``matched``.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: Unknown band, sort or cursor, or too little typed.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    portfolio = _portfolio(portfolios, portfolio_id)
    today = local_day(now, portfolio.time_zone)
    asked = _with_band(where or CaseFilter(), band, portfolio, today)
    limit = min(max(1, limit), MOST_ON_PAGE)
    if not q.strip():
        found = cases.list(portfolio_id, sort=sort, where=asked, cursor=cursor, limit=limit)
        items = [line(one, portfolio, today) for one in found.items]
        return {"items": items, "cursor": found.cursor}
    if cursor is None:
        exact = _exact(portfolio, q.strip(), cases, read_phone)
        if exact:
            return {
                "items": [
                    line(head, portfolio, today) | {"matched": matched}
                    for head, matched in exact
                    if asked.holds(head)
                ][:MOST_ON_PAGE],
                "cursor": None,
            }
    heads, cursor = _named(portfolio_id, q, asked, cases, cursor=cursor, limit=limit)
    items = [line(head, portfolio, today) | {"matched": "name"} for head in heads]
    return {"items": items, "cursor": cursor}


def _portfolio(portfolios: Portfolios, portfolio_id: str) -> Portfolio:
    """
    Raises:
        PortfolioNotFound: No such portfolio.
    """
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None:
        raise PortfolioNotFound
    return portfolio


# Searching


def _exact(
    portfolio: Portfolio,
    typed: str,
    cases: Lists,
    read_phone: Callable[[str, str], str | None],
) -> list[tuple[CaseHead, str]]:
    """Look up everything that *typed* may be an exact value of; each case once."""
    asked: list[tuple[str, str]] = []
    if "@" in typed:
        asked.append(("email", typed.lower()))
    elif any(mark.isdigit() for mark in typed):
        phone = read_phone(typed, portfolio.country)
        if phone:
            asked.append(("phone", phone))
        compact = "".join(mark for mark in typed.upper() if mark.isalnum())
        asked += [("tax", compact), ("tax", typed), ("debt", typed), ("debtor", typed)]
    elif " " not in typed:
        asked += [("debt", typed), ("debtor", typed)]
    found: dict[str, tuple[CaseHead, str]] = {}
    matched = {"tax": "tax_id"}
    for kind, value in dict.fromkeys(asked):
        for head in cases.find(portfolio.portfolio_id, kind, value):
            found.setdefault(head.case_id, (head, matched.get(kind, kind)))
    return list(found.values())


def _named(
    portfolio_id: str,
    q: str,
    where: CaseFilter,
    cases: Lists,
    *,
    cursor: str | None,
    limit: int,
) -> tuple[list[CaseHead], str | None]:
    words = names.tokens(q)
    kept: list[CaseHead] = []
    for _ in range(NAME_PAGES):
        found = cases.by_name(portfolio_id, q, cursor=cursor, limit=limit - len(kept))
        heads = cases.heads(dict.fromkeys(found.items))
        kept += [
            heads[key]
            for key in dict.fromkeys(found.items)
            if key in heads and _answers(heads[key], words) and where.holds(heads[key])
        ]
        cursor = found.cursor
        if cursor is None or len(kept) >= limit:
            break
    return kept, cursor


def _answers(head: CaseHead, words: tuple[str, ...]) -> bool:
    own = names.tokens(head.name)
    return head.status is not CaseStatus.VOID and all(
        any(token.startswith(word) for token in own) for word in words
    )


def _with_band(where: CaseFilter, code: str, portfolio: Portfolio, today: date) -> CaseFilter:
    if not code:
        return where
    band = next((band for band in portfolio.policies.bands if band.code == code), None)
    if band is None:
        raise BadField(field="band", reason="unknown")
    oldest, newest = ageing.due_range(band, today)
    return replace(where, due_from=oldest, due_to=newest)
