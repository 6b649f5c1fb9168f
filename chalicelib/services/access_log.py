"""
Who looked at whose data, for the admins who answer for it.

Who took the portfolio's files of the lake is for whoever manages it: they gave the access.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.case import CaseHead
from chalicelib.domain.errors import BadField
from chalicelib.domain.looked import Look, LookKind
from chalicelib.domain.people import Actor, Role
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio

MOST_DAYS = 31


class Log(Protocol):
    def note(self, look: Look) -> None: ...
    def page(
        self,
        portfolio_id: str,
        *,
        first: datetime,
        last: datetime,
        case_id: str = ...,
        actor: str = ...,
        kind: LookKind | None = ...,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Look], str | None]: ...


class Heads(Protocol):
    def heads(self, case_ids: Any) -> dict[str, CaseHead]: ...


def listed(
    portfolio_id: str,
    *,
    first: date,
    last: date,
    case_id: str,
    person_id: str,
    kind: LookKind | None,
    limit: int,
    cursor: str | None,
    actor: Actor,
    log: Log,
    cases: Heads,
    portfolios: Portfolios,
    people: Callable[[set[str]], Mapping[str, str]],
) -> dict[str, Any]:
    """
    Page through who looked at what on some days of the portfolio's calendar, newest first.

    Raises:
        NotAllowed: Admins only, but for the files of the lake.
        BadField: The days are turned round, or more than a month; not of a case.
    """
    readers = MANAGERS if kind is LookKind.LAKE else (Role.ADMIN,)
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *readers)
    if last < first:
        raise BadField(field="last", reason="before_start")
    if not case_id and (last - first).days >= MOST_DAYS:
        raise BadField(field="last", reason="too_long", most=MOST_DAYS)
    zone = ZoneInfo(portfolio.time_zone)
    found, following = log.page(
        portfolio_id,
        first=datetime.combine(first, time.min, zone),
        last=datetime.combine(last + timedelta(days=1), time.min, zone),
        case_id=case_id,
        actor=f"user:{person_id}" if person_id else "",
        kind=kind,
        limit=limit,
        cursor=cursor,
    )
    heads = cases.heads(dict.fromkeys(one.case_id for one in found if one.case_id))
    who = people({one.actor for one in found})
    return {
        "items": [
            {
                "kind": one.kind,
                "at": one.at,
                "actor": {"id": one.actor, "name": who.get(one.actor, "")},
                "case_id": one.case_id,
                "name": heads[one.case_id].name if one.case_id in heads else "",
                "of": one.of,
            }
            for one in found
        ],
        "cursor": following,
    }
