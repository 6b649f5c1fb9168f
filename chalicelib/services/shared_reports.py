"""
A report for somebody outside, by a signed link that ends.

What it shows is fixed when the link is made: whoever holds it reads that and nothing else, whatever
is asked of the lake later, and whoever made it saw what they handed out. It holds sums only: no
report by person, and no number that is of a few cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.bi.measures import DIMENSIONS, MEASURES, unit_of
from chalicelib.bi.reports import Report
from chalicelib.domain import links
from chalicelib.domain.errors import (
    BadField,
    LinkExpired,
    ReportNamesPeople,
    ReportTooFew,
    TooManyAttempts,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor, AuditEvent
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.saved_report import SavedReport
from chalicelib.domain.shared_report import LEAST_CASES, MOST_DAYS, MOST_LINES, SharedReport
from chalicelib.services.access import MANAGERS, Portfolios, open_portfolio
from chalicelib.services.audit import audited
from chalicelib.services.figures import FigureEngine, Names, told_report
from chalicelib.services.issued import Turns
from chalicelib.services.saved_reports import Kept, existing, report_from

PURPOSE = "shared-report"
PAGE = "/informe/"
TRIES = 4
MOST_ASKED, ASKED_WITHIN_S = 20, 60


class Shared(Protocol):
    def add(self, document: SharedReport) -> bool: ...

    def get(self, portfolio_id: str, key: str) -> SharedReport | None: ...

    def save(self, document: SharedReport) -> SharedReport | None: ...

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[SharedReport], str | None]: ...

    def audit(self, event: AuditEvent) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        site: Where the page is, ``https://...`` without a slash at the end.
        key: What signs links.
    """

    shared: Shared
    kept: Kept
    portfolios: Portfolios
    engine: FigureEngine
    people: Names
    site: str
    key: bytes


def listed(
    portfolio_id: str, *, actor: Actor, means: Means, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """List the links of a portfolio's reports: never the links themselves."""
    open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    found, more = means.shared.page(portfolio_id, limit=limit, cursor=cursor)
    known = means.people({one.made_by for one in found})
    return {"items": [_shown(one, known, now) for one in found], "cursor": more}


def make(
    portfolio_id: str,
    report_id: str,
    first: date,
    last: date,
    *,
    days: int,
    request: str,
    actor: Actor,
    means: Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Fix what a kept report tells of some days, and make the link to it.

    Args:
        days: How long it works.
        request: Names this request; the same one gives the same link.

    Raises:
        ReportNotFound: There is none, or it was deleted.
        BadField: It would last longer than three months, or not at all.
        ReportNamesPeople, ReportTooFew: It tells what goes to nobody outside.
        DayMissing, FigureNotTold: As ``services.figures.report``.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    if not 0 < days <= MOST_DAYS:
        raise BadField(field="days", reason="out_of_range", least=1, most=MOST_DAYS)
    link_id = derived_id("shr", portfolio_id, actor.actor_id, request)
    found = means.shared.get(portfolio_id, link_id)
    if found is None:
        kept = existing(portfolio_id, report_id, actor, means.kept)
        found = fix(
            kept, portfolio, first, last,
            link_id=link_id, days=days, made_by=actor, means=means, now=now,
        )  # fmt: skip
    shown = _shown(found, means.people({found.made_by}), now)
    return shown | {"url": url_of(found, means)}


def fix(
    kept: SavedReport,
    portfolio: Portfolio,
    first: date,
    last: date,
    *,
    link_id: str,
    days: int,
    made_by: Actor,
    means: Means,
    now: datetime,
) -> SharedReport:
    """
    Fix what a report tells of some days, for somebody outside, under the id of a link.

    Safe to repeat: what was fixed first under this id stays.

    Raises:
        ReportNamesPeople, ReportTooFew: It tells what goes to nobody outside.
        DayMissing, FigureNotTold: As ``services.figures.report``.
    """
    found = means.shared.get(portfolio.portfolio_id, link_id)
    if found is not None:
        return found
    if names_people(kept):
        raise ReportNamesPeople
    report = replace(report_from(kept), limit=min(kept.limit, MOST_LINES), cases=True)
    made = SharedReport(
        link_id=link_id,
        portfolio_id=portfolio.portfolio_id,
        report_id=kept.report_id,
        name=kept.name,
        told=_fixed(report, portfolio, first, last, means),
        made_by=made_by.actor_id,
        made_at=now,
        until=now + timedelta(days=days),
    )
    # The audit goes first: a crash between the two tells of a link that does not work.
    means.shared.audit(_event("report_link.made", made, made_by, now))
    if means.shared.add(made):
        return made
    return means.shared.get(portfolio.portfolio_id, link_id) or made


def url_of(shared: SharedReport, means: Means) -> str:
    """Give the address that opens what was fixed."""
    token = links.sealed(
        links.Link(
            purpose=PURPOSE,
            case_id=shared.portfolio_id,
            subject=shared.link_id,
            channel="",
            until=shared.until.date(),
        ),
        means.key,
    )
    return f"{means.site}{PAGE}#{token}"


def names_people(kept: SavedReport) -> bool:
    """Whether a report is divided by persons, or of some of them: that goes to nobody outside."""
    by = (*kept.dimensions, *(name for name, _ in kept.filters))
    return any(DIMENSIONS[one].kind == "person" for one in by)


def revoke(portfolio_id: str, link_id: str, *, actor: Actor, means: Means, now: datetime) -> None:
    """
    End a link now. Safe to repeat.

    Raises:
        LinkExpired: There is no such link.
    """
    open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    for _ in range(TRIES):
        found = means.shared.get(portfolio_id, link_id)
        if found is None:
            raise LinkExpired
        if found.revoked_at is not None:
            return
        ended = replace(found, revoked_at=now, revoked_by=actor.actor_id)
        if means.shared.save(ended) is not None:
            means.shared.audit(_event("report_link.revoked", ended, actor, now))
            return
    raise RuntimeError("a report's link kept moving")


def opened(
    token: str,
    *,
    asker: str,
    shared: Shared,
    turns: Turns,
    portfolios: Portfolios,
    key: bytes,
    now: datetime,
) -> dict[str, Any]:
    """
    Show a report to whoever holds its link, and count that it was opened.

    Args:
        asker: Whoever asks, as far as it can be told: an address.

    Raises:
        TooManyAttempts: *asker* has tried too many.
        LinkExpired: It is none of ours, was revoked, or its time is over; told apart by nothing.
    """
    turn = f"shared-report#{asker}"
    if not turns.take(turn, most=MOST_ASKED, within_s=ASKED_WITHIN_S, now=now):
        raise TooManyAttempts(retry_after_s=ASKED_WITHIN_S)
    link = links.opened(token, key, purpose=PURPOSE, today=now.date())
    if link is None:
        raise LinkExpired
    portfolio = portfolios.get(link.case_id)
    if portfolio is None:
        raise LinkExpired
    found = _counted(link, shared, now)
    return {
        "name": found.name,
        "portfolio": portfolio.name,
        "country": portfolio.country,
        "made_at": to_plain(found.made_at),
        "until": to_plain(found.until),
        **found.told,
    }


# Private


def _counted(link: links.Link, shared: Shared, now: datetime) -> SharedReport:
    for _ in range(TRIES):
        found = shared.get(link.case_id, link.subject)
        if found is None or not found.works(now):
            raise LinkExpired
        stored = shared.save(replace(found, opened=found.opened + 1, opened_at=now))
        if stored is not None:
            return stored
    raise RuntimeError("a report's link kept moving")


def _fixed(
    report: Report, portfolio: Portfolio, first: date, last: date, means: Means
) -> dict[str, Any]:
    told = told_report(report, portfolio, first, last, engine=means.engine, people=means.people)
    lines = [
        {
            "keys": line["keys"],
            "names": line["names"],
            "values": [_value(one) for one in line["values"]],
        }
        for line in told["lines"]
    ]
    values = [value for line in lines for value in line["values"]]
    if values and all(value["hidden"] for value in values):
        raise ReportTooFew(least=LEAST_CASES)
    # What people wrote themselves, such as a product, may name the one debtor it was written for;
    # a hexagon is where the few live.
    telling = any(DIMENSIONS[one].kind in {"text", "cell"} for one in report.dimensions)
    shown = [
        one for one in lines if not (telling and any(value["hidden"] for value in one["values"]))
    ]
    return {
        "currency": told["currency"],
        "from": told["from"],
        "to": told["to"],
        "days": told["days"],
        "days_there": told["days_there"],
        "measures": [_measure(code) for code in report.measures],
        "dimensions": list(report.dimensions),
        "lines": shown,
        "left_out": len(lines) - len(shown),
        "more": told["more"],
        "least_cases": LEAST_CASES,
    }


def _measure(code: str) -> dict[str, Any]:
    one = MEASURES[code]
    return {"code": code, "unit": one.unit, "over": unit_of(one.over) if one.over else None}


def _value(value: Mapping[str, Any]) -> dict[str, Any]:
    """Show a number, unless one of its sums is of a few cases; of none it is nothing."""
    if any(0 < cases < LEAST_CASES for cases in value["cases"]):
        return {"value": None, "denominator": None, "hidden": True}
    return {"value": value["value"], "denominator": value["denominator"], "hidden": False}


def _shown(one: SharedReport, known: Mapping[str, str], now: datetime) -> dict[str, Any]:
    return {
        "link_id": one.link_id,
        "report_id": one.report_id,
        "name": one.name,
        "from": one.told["from"],
        "to": one.told["to"],
        "made_by": {"id": one.made_by, "name": known.get(one.made_by, "")},
        "made_at": to_plain(one.made_at),
        "until": to_plain(one.until),
        "opened": one.opened,
        "opened_at": to_plain(one.opened_at),
        "revoked_at": to_plain(one.revoked_at),
        "works": one.works(now),
    }


def _event(kind: str, one: SharedReport, actor: Actor, now: datetime) -> AuditEvent:
    facts = {
        "link": one.link_id,
        "report": one.report_id,
        "from": one.told["from"],
        "to": one.told["to"],
        "until": to_plain(one.until),
    }
    return audited(kind, f"portfolio:{one.portfolio_id}", actor, now, facts)
