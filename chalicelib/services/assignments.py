"""Assigning visits by the dozen, taking them back, and what is assigned on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.assignment import (
    Assignment,
    AssignmentKey,
    AssignmentState,
    PlaceKey,
    Withdrawn,
)
from chalicelib.domain.batch import AssignmentBatch
from chalicelib.domain.case import CaseChange, CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import (
    AssignmentNotFound,
    BadField,
    BatchNotFound,
    CaseMoved,
    CaseNotFound,
    DomainError,
    NotAssignable,
    PersonNotFound,
)
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import assigning, casework
from chalicelib.services.access import MANAGERS, need, open_portfolio
from chalicelib.services.assigning import Wanted
from chalicelib.services.case_pages import line
from chalicelib.services.field_places import place_of
from chalicelib.services.field_ports import FieldCases, FieldPortfolios
from chalicelib.services.field_team import People, team

MOST = 300
ROUNDS = 3  # for cases that somebody else changes meanwhile


class Batches(Protocol):
    def add_batch(self, batch: AssignmentBatch) -> bool: ...
    def batch(self, portfolio_id: str, batch_id: str) -> AssignmentBatch | None: ...
    def save_batch(self, batch: AssignmentBatch) -> AssignmentBatch | None: ...


def apply(
    portfolio_id: str,
    batch_id: str,
    day: date,
    wanted: Sequence[Wanted],
    *,
    actor: Actor,
    cases: FieldCases,
    portfolios: FieldPortfolios,
    people: People,
    batches: Batches,
    now: datetime,
) -> dict[str, Any]:
    """
    Assign visits, each for itself: what is refused keeps no other back. Safe to repeat.

    Returns:
        ``{"batch_id", "assigned", "refused": [{"case_id", "code", "details"}]}``.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: Too many at once, a case twice, a person who may not visit for the portfolio.
    """
    portfolio = _portfolio(portfolio_id, actor, portfolios)
    if len(wanted) > MOST:
        raise BadField(field="items", reason="too_long", most=MOST)
    if len({one.case_id for one in wanted}) != len(wanted):
        raise BadField(field="items", reason="repeated")
    for person_id in {one.person_id for one in wanted}:
        _may_visit(person_id, portfolio_id, people)
    visits = tuple((one.case_id, one.assignment_id) for one in wanted)
    batches.add_batch(
        AssignmentBatch(
            portfolio_id=portfolio_id,
            batch_id=batch_id,
            day=day,
            made_at=now,
            made_by=actor.actor_id,
            visits=visits,
        )
    )
    by_case = {one.case_id: one for one in wanted}

    def assign(draft: Draft, file: CaseFile) -> None:
        assigning.assign(draft, file, portfolio, by_case[file.head.case_id], now=now)

    refused = _each(by_case, assign, portfolio, actor=actor, cases=cases, now=now)
    return {
        "batch_id": batch_id,
        "assigned": len(wanted) - len(refused),
        "refused": [
            {"case_id": case_id, "code": error.code, "details": error.details}
            for case_id, error in refused.items()
        ],
    }


def undo(
    portfolio_id: str,
    batch_id: str,
    *,
    actor: Actor,
    cases: FieldCases,
    portfolios: FieldPortfolios,
    batches: Batches,
    now: datetime,
) -> dict[str, Any]:
    """
    Take back what was assigned together, but for what was visited or moved on. Safe to repeat.

    Raises:
        BatchNotFound: No such batch in the portfolio.
    """
    portfolio = _portfolio(portfolio_id, actor, portfolios)
    batch = batches.batch(portfolio_id, batch_id)
    if batch is None:
        raise BatchNotFound(batch_id=batch_id)
    ids = dict(batch.visits)
    withdrawn: set[str] = set()

    def take_back(draft: Draft, file: CaseFile) -> None:
        key = ids[file.head.case_id]
        planned = any(
            one.assignment_id == key and one.state is AssignmentState.PLANNED
            for one in file.assignments
        )
        if planned and draft.withdraw_assignment(key, Withdrawn.UNDONE):
            withdrawn.add(file.head.case_id)

    refused = _each(ids, take_back, portfolio, actor=actor, cases=cases, now=now)
    if not refused and batch.state != "undone":
        batches.save_batch(replace(batch, state="undone"))
    return {"withdrawn": len(withdrawn - refused.keys())}


def withdraw(
    case_id: str,
    assignment_id: str,
    *,
    actor: Actor,
    cases: FieldCases,
    portfolios: FieldPortfolios,
    now: datetime,
) -> None:
    """
    Take one planned visit back. Safe to repeat.

    Raises:
        AssignmentNotFound: Not of this case.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if all(one.assignment_id != assignment_id for one in file.assignments):
            raise AssignmentNotFound(assignment_id=assignment_id)
        draft.withdraw_assignment(assignment_id, Withdrawn.UNDONE)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def listed(
    day: date,
    person_id: str = "",
    *,
    actor: Actor,
    cases: FieldCases,
    portfolios: FieldPortfolios,
    people: People,
    now: datetime,
) -> dict[str, Any]:
    """List the visits of a day, of one person or of all whom the actor looks after."""
    need(actor, *MANAGERS)
    known = {one.person_id: one for one in team(actor=actor, people=people)}
    if person_id and person_id not in known:
        raise PersonNotFound(person_id=person_id)
    wanted = [person_id] if person_id else list(known)
    keys = [key for person in wanted for key in cases.agenda_of(person, day)]
    visits = cases.assignments(keys)
    heads = cases.heads(dict.fromkeys(key.case_id for key in visits))
    places = {
        key: PlaceKey(case_id=key.case_id, address_id=one.address_id) for key, one in visits.items()
    }
    addresses = cases.addresses(dict.fromkeys(places.values()))
    seen = {
        pid: portfolio
        for pid in {head.portfolio_id for head in heads.values()}
        if actor.sees(pid) and (portfolio := portfolios.get(pid)) is not None
    }
    items = []
    for key, one in visits.items():
        head = heads.get(key.case_id)
        portfolio = seen.get(head.portfolio_id) if head else None
        if head is None or portfolio is None:
            continue
        address = addresses.get(places[key])
        point = place_of(address) if address else None
        shown = line(head, portfolio, local_day(now, portfolio.time_zone))
        names = ("portfolio_id", "name", "status", "balance", "dpd", "band")
        items.append(
            visit_item(key, one, known.get(one.person_id))
            | {name: shown[name] for name in names}
            | {
                "lines": address.lines if address else "",
                "city": address.city if address else "",
                "lat": point.lat if point else None,
                "lng": point.lng if point else None,
            }
        )
    items.sort(key=lambda i: (i["person_name"], i["place"] == 0, i["place"], i["assignment_id"]))
    return {"date": day.isoformat(), "items": items}


def visit_item(key: AssignmentKey, one: Assignment, person: Person | None) -> dict[str, Any]:
    return {
        "assignment_id": key.assignment_id,
        "case_id": key.case_id,
        "address_id": one.address_id,
        "person_id": one.person_id,
        "person_name": person.name if person else "",
        "day": one.day.isoformat(),
        "state": one.state.value,
        "why": one.why.value,
        "place": one.place,
        "arrives": one.arrives,
        "withdrawn": one.withdrawn or None,
        "batch_id": one.batch_id,
    }


# Private


def _each(
    case_ids: Iterable[str],
    do: Any,
    portfolio: Portfolio,
    *,
    actor: Actor,
    cases: FieldCases,
    now: datetime,
) -> Mapping[str, DomainError]:
    """Do something to each case, many to a transaction; gives the refusals."""
    left, refused = list(case_ids), dict[str, DomainError]()
    for _ in range(ROUNDS):
        files = cases.open_many(left)
        changes: list[CaseChange] = []
        for case_id in left:
            file = files.get(case_id)
            try:
                if file is None or file.head.portfolio_id != portfolio.portfolio_id:
                    raise CaseNotFound(case_id=case_id)
                draft = Draft(file, portfolio, actor=actor.actor_id, now=now)
                do(draft, file)
            except DomainError as error:
                refused[case_id] = error
                continue
            change = draft.change()
            if change is not None:
                changes.append(change)
        outcomes = cases.commit_many(changes)
        left = []
        for change, outcome in zip(changes, outcomes, strict=True):
            if isinstance(outcome, CaseMoved):
                left.append(change.after.case_id)
            elif outcome is not None:
                refused[change.after.case_id] = outcome
        if not left:
            break
    return refused | {case_id: CaseMoved(case_id=case_id) for case_id in left}


def _portfolio(portfolio_id: str, actor: Actor, portfolios: FieldPortfolios) -> Portfolio:
    return open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)


def _may_visit(person_id: str, portfolio_id: str, people: People) -> None:
    person = people.get(person_id)
    if person is None or person.disabled:
        raise NotAssignable(reason="person")
    if "*" not in person.portfolios and portfolio_id not in person.portfolios:
        raise NotAssignable(reason="person")
