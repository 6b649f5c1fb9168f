"""Planning a visit for a person and a day: the rules are asked, and one of two who try wins."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import NotAssignable, VisitNotAllowed
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, visit_windows
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases

OPEN = frozenset({CaseStatus.OPEN, CaseStatus.PROMISED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    A visit that somebody wants to be planned.

    Args:
        day: None = today, where the portfolio is.
        instead_of: The open assignment that it takes the place of.
    """

    assignment_id: str
    case_id: str
    address_id: str
    person_id: str
    day: date | None
    why: Why
    task_id: str = ""
    batch_id: str = ""
    instead_of: str = ""
    place: int = 0
    arrives: int = 0


def one(
    wanted: Wanted, *, actor: Actor, cases: Cases, portfolios: Portfolios, now: datetime
) -> tuple[CaseFile, Portfolio, Assignment]:
    """
    Plan one visit; again with the same id gives what was planned.

    Raises:
        CaseNotFound: None that the actor may see.
        AddressNotFound: Not of the case.
        AlreadyAssigned: Another visit of the case is planned.
        VisitNotAllowed: The rules of contact have no hour of that day for it.
        NotAssignable: The case owes nothing or is on hold, or the day is past.
    """
    file, portfolio = casework.change(
        wanted.case_id,
        lambda draft, file, portfolio: assign(draft, file, portfolio, wanted, now=now),
        actor=actor,
        cases=cases,
        portfolios=portfolios,
        now=now,
    )
    made = next(a for a in file.assignments if a.assignment_id == wanted.assignment_id)
    return file, portfolio, made


def assign(
    draft: Draft, file: CaseFile, portfolio: Portfolio, wanted: Wanted, *, now: datetime
) -> None:
    """Plan a visit on a draft; see ``one`` for what is refused."""
    if any(a.assignment_id == wanted.assignment_id for a in file.assignments):
        return
    day = wanted.day or draft.today
    if day < draft.today:
        raise NotAssignable(reason="day_past")
    if file.head.status not in OPEN:
        raise NotAssignable(reason="case_closed")
    found = visit_windows.window_of_day(file, portfolio, wanted.address_id, day, now=now)
    if found is None:
        why = visit_windows.refusal(file, portfolio, wanted.address_id, day, now=now)
        raise VisitNotAllowed(
            reason_code=why.reason_code,
            article=why.article,
            next_allowed_at=to_plain(why.next_allowed_at),
        )
    draft.assign(
        Assignment(
            assignment_id=wanted.assignment_id,
            person_id=wanted.person_id,
            address_id=wanted.address_id,
            day=day,
            state=AssignmentState.PLANNED,
            why=wanted.why,
            created_at=now,
            created_by=draft.actor,
            task_id=wanted.task_id,
            batch_id=wanted.batch_id,
            place=wanted.place,
            arrives=wanted.arrives,
            ruling=found.ruling,
        ),
        instead_of=wanted.instead_of,
    )
