"""
Visits as supervisors see them: the queue, the page of one, and a person's word on it.

The maker is never the checker: an agent reviews nothing, and nobody a visit of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.case import Address, CaseFile, CaseHead
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, VisitNotFound, VisitOwn
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import ScanState, Wanted
from chalicelib.domain.visit import Standing, Visit
from chalicelib.services import casework, dispositions, scans, visit_judging
from chalicelib.services.access import MANAGERS, Portfolios, need, open_portfolio
from chalicelib.services.case_search import Page
from chalicelib.services.casework import Cases, OpenCases
from chalicelib.services.visit_judging import Trails
from chalicelib.services.visit_photos import LINK_S, Files, key_of
from chalicelib.visits.radius import radius_of
from chalicelib.visits.trust import REVIEW_BELOW

MOST_TRAIL = 200
REASON = 500

Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known


class VisitLists(Protocol):
    def visits(
        self,
        portfolio_id: str,
        standings: Sequence[Standing],
        *,
        person_id: str = ...,
        since: datetime | None = ...,
        until: datetime | None = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page[tuple[str, Visit]]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


class Questions(Protocol):
    """What was asked, in words."""

    def answered(
        self, portfolio_id: str, visit: Visit, language: str
    ) -> list[dict[str, str]] | None:
        """Give ``question`` and ``answer`` of each; None when the form is not known."""
        ...


def listed(
    portfolio_id: str,
    *,
    state: Standing | None,
    person_id: str,
    first: date | None,
    last: date | None,
    cursor: str | None,
    limit: int,
    actor: Actor,
    cases: VisitLists,
    portfolios: Portfolios,
    people: Names,
) -> dict[str, Any]:
    """
    Page through a portfolio's visits, the last one first.

    Args:
        state: None = all of them.
        first, last: Days of the portfolio's calendar, both within.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    page = cases.visits(
        portfolio_id,
        (state,) if state else tuple(Standing),
        person_id=person_id,
        since=midnight(first, portfolio),
        until=midnight(last + timedelta(days=1), portfolio) if last else None,
        cursor=cursor,
        limit=limit,
    )
    heads = cases.heads({case_id for case_id, _ in page.items})
    who = people({f"user:{visit.person_id}" for _, visit in page.items})
    return {
        "items": [
            line(case_id, heads[case_id], visit, portfolio, who)
            for case_id, visit in page.items
            if case_id in heads
        ],
        "cursor": page.cursor,
    }


def page(
    case_id: str,
    visit_id: str,
    *,
    language: str,
    actor: Actor,
    cases: OpenCases,
    portfolios: Portfolios,
    files: Files,
    trails: Trails | None,
    questions: Questions | None,
    people: Names,
) -> dict[str, Any]:
    """
    Lay out a visit for whoever judges it, with short-lived links to its photos.

    Raises:
        VisitNotFound: Not of this case.
    """
    need(actor, *MANAGERS)
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    visit = _of(file, visit_id)
    return page_of(
        file, portfolio, visit, language=language, actor=actor, files=files, trails=trails,
        questions=questions, people=people,
    )  # fmt: skip


def review(
    case_id: str,
    visit_id: str,
    *,
    accept: bool,
    reason: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio, Visit]:
    """
    Accept or reject a visit. Safe to repeat.

    Raises:
        VisitOwn: The actor made it.
        VisitSettled: Somebody decided the other way.
        BadField: Rejected without a reason.
    """
    need(actor, *MANAGERS)
    reason = reason.strip()[:REASON]
    if not accept and not reason:
        raise BadField(field="reason", reason="missing")

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if actor.person_id == _of(file, visit_id).person_id:
            raise VisitOwn(visit_id=visit_id)
        draft.review_visit(visit_id, accepted=accept, reason=reason)

    file, portfolio = casework.change(
        case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
    )
    return file, portfolio, _of(file, visit_id)


def line(
    case_id: str, head: CaseHead, visit: Visit, portfolio: Portfolio, who: Mapping[str, str]
) -> dict[str, Any]:
    """What a list shows of a visit."""
    report, found = visit.report, visit.findings
    return {
        "visit_id": visit.visit_id,
        "case_id": case_id,
        "case_name": head.name,
        "portfolio_id": head.portfolio_id,
        "person": _named(f"user:{visit.person_id}", who),
        "at": to_plain(visit.at),
        "received_at": to_plain(visit.received_at),
        "kind": report.kind.value,
        "disposition": {
            "code": report.disposition,
            "label": _label(portfolio, report.disposition),
        },
        "met": report.met.who if report.met else "",
        "exception": report.exception.reason if report.exception else "",
        "verdict": found.verdict.verdict,
        "distance_m": found.verdict.distance_m,
        "trust": found.trust.score,
        "doubts": list(found.doubts),
        "counted": visit.counts,
        "state": visit.state.value,
        "standing": visit.standing.value,
        "photos": len(report.photos),
    }


def page_of(
    file: CaseFile,
    portfolio: Portfolio,
    visit: Visit,
    *,
    language: str,
    actor: Actor,
    files: Files,
    trails: Trails | None,
    questions: Questions | None,
    people: Names,
) -> dict[str, Any]:
    """The same for a case that is open already, as after a change."""
    report, found = visit.report, visit.findings
    by = {f"user:{visit.person_id}"} | ({visit.review.by} if visit.review else set())
    who = people(by)
    address = next((a for a in file.addresses if a.address_id == report.address_id), None)
    ways = _photo_ways(file.head.case_id, visit, files)
    answered = None
    if report.form is not None and questions is not None:
        answered = questions.answered(portfolio.portfolio_id, visit, language)
    return line(file.head.case_id, file.head, visit, portfolio, who) | {
        "portfolio": {
            "id": portfolio.portfolio_id,
            "name": portfolio.name,
            "currency": portfolio.currency,
            "time_zone": portfolio.time_zone,
        },
        "started_at": to_plain(report.started_at),
        "finished_at": to_plain(report.finished_at),
        "stay_s": report.stay_s,
        "device_id": report.device_id,
        "told_at": to_plain(visit.told_at) if visit.told_at else None,
        "app_version": report.app_version,
        "met_name": report.met.name if report.met else "",
        "exception_text": report.exception.text if report.exception else "",
        "phone_verdict": to_plain(report.verdict),
        "server_verdict": to_plain(found.verdict),
        "signs": to_plain(found.trust.signs),
        "review_below": REVIEW_BELOW,
        "ruling": to_plain(found.ruling),
        "conflicts": to_plain(found.clashes),
        "promise": to_plain(report.promise),
        "payment_report": to_plain(report.payment_report),
        "cash": to_plain(report.cash),
        "dispute": to_plain(report.dispute),
        "contacts": to_plain(report.contacts),
        "address_found": to_plain(report.address),
        "opt_outs": list(report.opt_outs),
        "note": report.note,
        "form": None
        if report.form is None
        else {
            "form_id": report.form.form_id,
            "version": report.form.version,
            "answers": answered,
        },
        "photos_taken": [
            {
                "photo_id": one.photo_id,
                "kind": one.kind,
                "taken_at": to_plain(one.taken_at),
                "width": one.width,
                "height": one.height,
                "lat": one.lat,
                "lng": one.lng,
                **ways[one.photo_id],
            }
            for one in report.photos
        ],
        "evidence": _evidence(visit, address, portfolio, trails),
        "review": None
        if visit.review is None
        else {
            "accepted": visit.review.accepted,
            "by": _named(visit.review.by, who),
            "at": to_plain(visit.review.at),
            "reason": visit.review.reason,
        },
        "can": {"review": visit.review is None and visit.person_id != actor.person_id},
    }


# Private


def _photo_ways(case_id: str, visit: Visit, files: Files) -> dict[str, dict[str, Any]]:
    """How each photo is got at, by its id; those that have not come have no address."""
    nowhere = {"url": None, "scan": ScanState.OFF.value}
    here = [one.photo_id for one in visit.report.photos if one.photo_id not in visit.wanted]
    wanted = [
        Wanted(key_of(case_id, visit.visit_id, one), f"{one}.jpg", inline=True) for one in here
    ]
    given = scans.shown(wanted, files, expires_s=LINK_S)
    found = dict(zip(here, given, strict=True))
    return {one.photo_id: found.get(one.photo_id, nowhere) for one in visit.report.photos}


def _evidence(
    visit: Visit, address: Address | None, portfolio: Portfolio, trails: Trails | None
) -> dict[str, Any]:
    """What a map of the visit shows."""
    trail: Sequence[Any] = ()
    if trails is not None:
        moment = visit_judging.moment_of(visit.report, visit.received_at)
        trail = trails.around(
            visit.person_id,
            moment.started_at - visit_judging.TRAIL_BEFORE,
            moment.ended_at + visit_judging.TRAIL_AFTER,
        )
    placed = address is not None and address.lat is not None
    return {
        "address": {"lat": address.lat, "lng": address.lng, "lines": address.lines}
        if address is not None and placed
        else None,
        "quality": address.quality.value if address else "none",
        "radius_m": visit.findings.verdict.radius_m or radius_of(address, portfolio),
        "fixes": [
            {"at": to_plain(f.at), "lat": f.lat, "lng": f.lng, "accuracy_m": f.accuracy_m}
            for f in visit.report.fixes
        ],
        "trail": [
            {"at": to_plain(p.at), "lat": p.point.lat, "lng": p.point.lng}
            for p in trail[-MOST_TRAIL:]
        ],
    }


def _of(file: CaseFile, visit_id: str) -> Visit:
    found = next((one for one in file.visits if one.visit_id == visit_id), None)
    if found is None:
        raise VisitNotFound(visit_id=visit_id)
    return found


def midnight(day: date | None, portfolio: Portfolio) -> datetime | None:
    """Give the moment at which a day of the portfolio's calendar begins."""
    return datetime.combine(day, time.min, ZoneInfo(portfolio.time_zone)) if day else None


def _label(portfolio: Portfolio, code: str) -> dict[str, str]:
    """A result's name by language; the code itself where the list has changed since."""
    known = next((one for one in dispositions.of(portfolio) if one.code == code), None)
    return known.label if known else {}


def _named(actor_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": actor_id.removeprefix("user:"), "name": who.get(actor_id, "")}
