"""One person's day in a portfolio, act by act: what a supervisor talks over with them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import calls
from chalicelib.domain.calls import CALL
from chalicelib.domain.case import CaseHead, PromiseToPay
from chalicelib.domain.contact import Attempt
from chalicelib.domain.days import ends_at, local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Entry
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.tracking import Shift
from chalicelib.domain.visit import Visit
from chalicelib.services import boards, dispositions
from chalicelib.services.case_search import Page

MOST_ACTS, MOST_PAYMENTS = 300, 200

Done = Attempt | Visit | PromiseToPay


class Cases(Protocol):
    def did(
        self, portfolio_id: str, person_id: str, since: datetime, until: datetime, *, most: int
    ) -> list[tuple[str, Done]]: ...

    def credits(
        self,
        portfolio_id: str,
        person_id: str,
        first: date,
        last: date,
        *,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page[tuple[str, Entry]]: ...

    def heads(self, case_ids: list[str]) -> dict[str, CaseHead]: ...


class Shifts(Protocol):
    def shifts(self, person_id: str) -> list[Shift]: ...


def day_of(
    portfolio_id: str,
    person_id: str,
    on: date | None,
    *,
    actor: Actor,
    means: boards.Means,
    cases: Cases,
    tracking: Shifts,
    now: datetime,
) -> dict[str, Any]:
    """
    Lay out what somebody did in a portfolio on a day: figures, shifts, every act, payments.

    Args:
        on: Of the portfolio's calendar; today if None.

    Raises:
        PortfolioNotFound: None that the actor may see.
        PersonNotFound: Nobody of that portfolio; for an agent, anybody else.
        BadField: The day has not come.
    """
    portfolio, person = boards.seen(portfolio_id, person_id, actor=actor, means=means)
    today = local_day(now, portfolio.time_zone)
    day = on or today
    if day > today:
        raise BadField(field="date", reason="in_the_future")
    until = ends_at(day, portfolio.time_zone)
    since = ends_at(day - timedelta(days=1), portfolio.time_zone)
    acts = cases.did(portfolio_id, person_id, since, until, most=MOST_ACTS)
    paid = cases.credits(portfolio_id, person_id, day, day, limit=MOST_PAYMENTS)
    heads = cases.heads(list({case_id for case_id, _ in (*acts, *paid.items)}))
    labels = _labels(portfolio)
    figures = boards.by_person(
        means.counters.effort_of(portfolio_id, person_id, [day.isoformat()])
    ).get(person_id, {})
    shifts = tracking.shifts(person_id) if person.role is Role.AGENT else []
    return {
        "person": {"id": person_id, "name": person.name},
        "team": person.team,
        "date": day.isoformat(),
        "today": today.isoformat(),
        "time_zone": portfolio.time_zone,
        "figures": boards.shown(figures, portfolio.currency),
        "shifts": [
            {"started_at": to_plain(one.started_at), "ended_at": to_plain(one.end(now))}
            for one in shifts
            if since <= one.started_at < until
        ],
        "acts": [
            shown | {"case_id": case_id, "name": heads[case_id].name}
            for case_id, one in acts
            if case_id in heads and (shown := _act(one, portfolio, labels)) is not None
        ],
        "more": len(acts) == MOST_ACTS,
        "payments": [
            {
                "case_id": case_id,
                "name": heads[case_id].name,
                "entry_id": entry.entry_id,
                "amount": {"minor": -entry.amount_minor, "currency": portfolio.currency},
                "late_days": entry.late_days,
                "reversal": entry.reverses is not None,
            }
            for case_id, entry in paid.items
            if case_id in heads
        ],
    }


# Private


def _labels(portfolio: Portfolio) -> Mapping[str, dict[str, str]]:
    """What results of calls and visits are called; a visit's word goes first."""
    said = calls.labels(portfolio.policies.calls)
    return said | {one.code: one.label for one in dispositions.of(portfolio)}


def _act(
    one: Done, portfolio: Portfolio, labels: Mapping[str, dict[str, str]]
) -> dict[str, Any] | None:
    base: dict[str, Any] = {
        "ended_at": None,
        "result": "",
        "label": None,
        "met": "",
        "verified": None,
        "amount": None,
        "due_on": None,
    }
    if isinstance(one, PromiseToPay):
        amount = {"minor": one.amount_minor, "currency": portfolio.currency}
        return base | {
            "kind": "promise",
            "at": to_plain(one.made_at),
            "result": one.state.value,
            "amount": amount,
            "due_on": one.due_on.isoformat(),
        }
    if isinstance(one, Visit):
        return base | {
            "kind": "visit",
            "at": to_plain(one.report.started_at),
            "ended_at": to_plain(one.at),
            "result": one.report.disposition,
            "label": labels.get(one.report.disposition),
            "met": one.report.met.who if one.report.met else "",
            "verified": one.counts and one.findings.verdict.verdict == "verified",
        }
    call = one.cause.kind == CALL
    if not call and one.sent_at is None:
        return None
    return base | {
        "kind": "call" if call else "message",
        "at": to_plain(one.created_at),
        "ended_at": to_plain(one.ended_at if call else one.sent_at),
        "result": one.disposition or ("open" if call and one.ended_at is None else one.state.value),
        "label": labels.get(one.disposition),
        "met": one.outcome if call else one.channel.value,
    }
