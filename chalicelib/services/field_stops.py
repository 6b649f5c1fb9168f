"""A stop of an agent's day: what a phone must know of a case to visit it, and no more."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from chalicelib.domain import ageing, calls
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.case import Address, CaseFile
from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.field import ShowAmount
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.promises import next_open
from chalicelib.services import visit_windows
from chalicelib.services.visit_effects import attempt_id
from chalicelib.services.visit_windows import Window
from chalicelib.visits.radius import radius_of

LAST_RESULTS = 5
LAST_NOTES = 3
RESULTS = frozenset({AttemptState.DONE, AttemptState.RECEIVED})
STEPS = (1, 2, 5)
MOST_DIGITS = 18


def stop(
    file: CaseFile,
    portfolio: Portfolio,
    address: Address,
    *,
    now: datetime,
    day: date,
    assignment: Assignment | None = None,
    order: int = 0,
    distance_m: int | None = None,
) -> dict[str, Any]:
    """
    Lay out one stop, JSON-safe.

    The amount is told as the portfolio says: exactly, as the step of 1-2-5 that it lies in, or
    not at all; then the phone does not get to know it.

    Args:
        day: The decision is asked at *now*, or at the beginning of a day to come.
        distance_m: From where the question was asked, or the way from the stop before.
    """
    head = file.head
    today = local_day(now, portfolio.time_zone)
    band = ageing.band_of(head.oldest_due_on, today, portfolio.policies.bands)
    shows = portfolio.policies.field.show_amount
    exact = shows is ShowAmount.EXACT
    moment = max(now, visit_windows.midnight(portfolio, day))
    found = visit_windows.window(file, portfolio, address.address_id, now=moment)
    promise = next_open(file.promises)
    return {
        "assignment_id": assignment.assignment_id if assignment else "",
        "order": order,
        "case_id": head.case_id,
        "portfolio_id": head.portfolio_id,
        "name": head.name,
        "address": _address(address, portfolio),
        "amount": {"minor": head.balance_minor, "currency": head.currency} if exact else None,
        "amount_range": amount_range(head.balance_minor) if shows is ShowAmount.BAND else None,
        "band": band.code if band else None,
        "dpd": ageing.legal_dpd(head.oldest_due_on, today),
        "debts": head.debts,
        "products": sorted({d.product for d in file.debts if d.product and not d.void}),
        "last_results": _results(file, portfolio),
        "notes": list(_notes(file)),
        "promise": None
        if promise is None
        else {
            "amount_minor": promise.amount_minor if exact else None,
            "due_on": promise.due_on.isoformat(),
            "state": promise.state.value,
        },
        "window": _window(found),
        "distance_m": distance_m,
        "arrives": assignment.arrives or None if assignment else None,
        "why": assignment.why.value if assignment else "near",
        "state": assignment.state.value if assignment else "planned",
        "withdrawn": (assignment.withdrawn or None) if assignment else None,
    }


def amount_range(minor: int) -> dict[str, int]:
    """
    Give the step of 1, 2, 5, 10, 20, 50... in which an amount lies, in its smallest unit.

    >>> amount_range(1_234_00), amount_range(0)
    ({'from_minor': 100000, 'to_minor': 200000}, {'from_minor': 0, 'to_minor': 1})
    """
    low, high = 0, 1
    for step in (digit * 10**power for power in range(MOST_DIGITS) for digit in STEPS):
        if step > minor:
            high = step
            break
        low = step
    return {"from_minor": low, "to_minor": high}


def _address(address: Address, portfolio: Portfolio) -> dict[str, Any]:
    return {
        "address_id": address.address_id,
        "lines": address.lines,
        "city": address.city,
        "lat": address.lat,
        "lng": address.lng,
        "quality": address.quality.value,
        "radius_m": radius_of(address, portfolio),
    }


def _window(found: Window) -> dict[str, Any]:
    ruling = found.ruling
    return {
        "allowed": ruling.allowed,
        "reason_code": ruling.reason_code,
        "law": ruling.article,
        "next_allowed_at": to_plain(ruling.next_allowed_at),
        "until": to_plain(found.until),
    }


def _results(file: CaseFile, portfolio: Portfolio) -> list[dict[str, Any]]:
    """The newest calls, visits and answers, whoever made them; a call's with what it is named."""
    labels = calls.labels(portfolio.policies.calls)
    found: list[tuple[datetime, dict[str, Any]]] = [
        (
            visit.at,
            {
                "channel": Channel.VISIT.value,
                "disposition": visit.report.disposition,
                "verdict": visit.findings.verdict.verdict,
                "label": None,  # the phone has the names of what visits come to
            },
        )
        for visit in file.visits
    ]
    told = {attempt_id(visit.visit_id) for visit in file.visits}
    for one in file.attempts:
        incoming = one.direction is Direction.IN
        called = one.state in RESULTS and one.channel in (Channel.CALL, Channel.VISIT)
        if one.attempt_id not in told and (incoming or called):
            result = one.disposition or one.outcome
            result = result or ("answered" if incoming else one.state.value)
            said = {
                "channel": one.channel.value,
                "disposition": result,
                "verdict": "",
                "label": labels.get(one.disposition),
            }
            found.append((one.sent_at or one.created_at, said))
    found.sort(key=lambda each: each[0], reverse=True)
    return [{"at": to_plain(at), **said} for at, said in found[:LAST_RESULTS]]


def _notes(file: CaseFile) -> Iterable[dict[str, Any]]:
    notes = [e for e in file.events if e.kind == "note.added" and e.personal.get("text")]
    for event in notes[: -LAST_NOTES - 1 : -1]:
        yield {"at": to_plain(event.at), "text": event.personal["text"]}
