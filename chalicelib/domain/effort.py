"""
What each person did and brought in, day by day: what boards, goals and coaching are read from.

Each figure is a sum over facts that the case keeps, put on the portfolio's day of the fact:

    attempts         calls made, visits that count, messages sent by hand
    calls, talk_s    calls begun and not called off; seconds until their result, two hours at most
    messages         sent by hand, by whoever wrote them
    contacts, rpc    calls and visits that met somebody, and those that met the debtor
    visits, visits_verified     that count; of these, verified at the door
    promises, promised_minor    agreed, and not given up, on the day they were
    promises_matured, promises_kept, kept_minor     by the day they were for
    collected_minor  payments put down to them (``domain.credit``), by the day they count for
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.calls import CALL, OUTCOMES, Reached
from chalicelib.domain.case import GIVEN_UP, CaseFile, PromiseState, PromiseToPay
from chalicelib.domain.contact import Attempt, AttemptState, Direction
from chalicelib.domain.credit import met_obliged, person_of
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry
from chalicelib.domain.reliability import sums
from chalicelib.domain.visit import Visit

FIGURES = (
    "attempts",
    "calls",
    "talk_s",
    "messages",
    "contacts",
    "rpc",
    "visits",
    "visits_verified",
    "promises",
    "promised_minor",
    "promises_matured",
    "promises_kept",
    "kept_minor",
    "collected_minor",
)
LONGEST_CALL_S = 2 * 60 * 60
NOBODY = "nobody"

# By "<day or month>#<person>": what ``CounterMoves.effort`` holds.
Sums = dict[str, dict[str, int]]


def key(when: str, person_id: str) -> str:
    return f"{when}#{person_id}"


def of_attempts(attempts: Iterable[Attempt], time_zone: str) -> Sums:
    """Count calls and messages that people made, by the day they began."""
    found: Sums = {}
    for one in attempts:
        person = person_of(one.cause.by)
        if not person or one.direction is not Direction.OUT:
            continue
        if one.cause.kind == CALL:
            figures = _call(one)
        elif one.sent_at is not None:
            figures = {"attempts": 1, "messages": 1}
        else:
            continue
        _add(found, key(local_day(one.created_at, time_zone).isoformat(), person), figures)
    return found


def of_visits(visits: Iterable[Visit], time_zone: str) -> Sums:
    """Count visits that count, by the day they ended."""
    found: Sums = {}
    for one in visits:
        if not one.counts:
            continue
        met = one.report.met is not None and one.report.met.who != NOBODY
        figures = {
            "attempts": 1,
            "visits": 1,
            "visits_verified": int(one.findings.verdict.verdict == "verified"),
            "contacts": int(met),
            "rpc": int(met_obliged(one)),
        }
        _add(found, key(local_day(one.at, time_zone).isoformat(), one.person_id), figures)
    return found


def of_promises(promises: Iterable[PromiseToPay], time_zone: str) -> Sums:
    """Count promises by the day they were agreed, and what became of them by the day promised."""
    found: Sums = {}
    for one in promises:
        person = person_of(one.made_by)
        if not person or one.state in GIVEN_UP:
            continue
        made_on = local_day(one.made_at, time_zone).isoformat()
        _add(found, key(made_on, person), {"promises": 1, "promised_minor": one.amount_minor})
        if one.matured:
            figures = {
                "promises_matured": 1,
                "promises_kept": int(one.state is PromiseState.KEPT),
                "kept_minor": sums(one)["kept_minor"],
            }
            _add(found, key(one.due_on.isoformat(), person), figures)
    return found


def of_entries(entries: Iterable[Entry]) -> Sums:
    """
    Sum payments that are put down to somebody; a reversal takes back what it undoes.

    >>> of_entries([])
    {}
    """
    found: Sums = {}
    for one in entries:
        if one.credited:
            figures = {"collected_minor": -one.amount_minor}
            _add(found, key(one.effective_on.isoformat(), one.credited), figures)
    return found


def of_case(file: CaseFile, time_zone: str) -> Sums:
    """Everything a case has put on people's days."""
    found: Sums = {}
    for part in (
        of_attempts(file.attempts, time_zone),
        of_visits(file.visits, time_zone),
        of_promises(file.promises, time_zone),
        of_entries(file.entries),
    ):
        for name, figures in part.items():
            _add(found, name, figures)
    return found


def with_months(days: Mapping[str, Mapping[str, int]]) -> Sums:
    """
    Add to sums by day those by month, which are kept beside them.

    >>> with_months({"2026-11-22#ana": {"calls": 2}})["2026-11#ana"]
    {'calls': 2}
    """
    found: Sums = {name: dict(figures) for name, figures in days.items()}
    for name, figures in days.items():
        day, person = name.split("#")
        _add(found, key(day[:7], person), figures)
    return found


# Private


def _call(one: Attempt) -> dict[str, int]:
    if one.state is AttemptState.FAILED:  # called off before anybody's telephone rang
        return {}
    lasted = 0
    if one.ended_at is not None and one.outcome:  # one nobody wrote down was ended hours later
        lasted = int((one.ended_at - one.created_at).total_seconds())
    return {
        "attempts": 1,
        "calls": 1,
        "talk_s": max(0, min(lasted, LONGEST_CALL_S)),
        "contacts": int(one.outcome in (OUTCOMES[Reached.HOLDER], OUTCOMES[Reached.THIRD])),
        "rpc": int(one.outcome == OUTCOMES[Reached.HOLDER]),
    }


def _add(into: Sums, name: str, figures: Mapping[str, int]) -> None:
    row = into.setdefault(name, {})
    for figure, by in figures.items():
        if by:
            row[figure] = row.get(figure, 0) + by
