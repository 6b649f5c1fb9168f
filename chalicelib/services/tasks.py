"""
Work that people are asked to do: by strategies and by what happens, or by each other.

Everybody who sees a case may ask for something on it, take it, put it off and say what became
of it. Work that is somebody's is given on by them, by who asked for it, or by a supervisor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead, CaseStatus
from chalicelib.domain.contact import Cause
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, NotOfPortfolio
from chalicelib.domain.ids import derived_id
from chalicelib.domain.notice import NoticeKind
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import BY_HAND, Task, TaskKind, TaskState
from chalicelib.services import casework, colleagues, person_notices
from chalicelib.services.access import MANAGERS, STAFF, Portfolios, need, open_portfolio
from chalicelib.services.case_search import Page
from chalicelib.services.colleagues import works_on

LONGEST = 500
FURTHEST_DAYS = 366
MOST_OWNERS = 100
MOST_LATE = 100  # a counter that is longer says so
MANUAL = "manual"


class Whose(StrEnum):
    """MINE of all portfolios; the TEAM's and what is NOBODY's yet of one."""

    MINE = "mine"
    TEAM = "team"
    NOBODY = "nobody"


class When(StrEnum):
    """LATE: the day is over; TODAY; LATER: it has not come."""

    LATE = "late"
    TODAY = "today"
    LATER = "later"


class People(colleagues.People, Protocol):
    def get(self, person_id: str) -> Person | None: ...


class SeveralPortfolios(Portfolios, Protocol):
    def some(self, portfolio_ids: tuple[str, ...]) -> list[Portfolio]: ...


class TaskLists(Protocol):
    def tasks(
        self,
        *,
        portfolio_id: str = ...,
        owners: Sequence[str] = ...,
        kind: TaskKind | None = ...,
        first: date | None = ...,
        last: date | None = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Page[tuple[str, Task]]: ...
    def late_tasks(self, person_id: str, until: date, *, most: int) -> list[tuple[str, date]]: ...
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A task with the head of its case, and its portfolio's day today."""

    task: Task
    head: CaseHead
    today: date


def listed(
    *,
    whose: Whose,
    portfolio_id: str,
    when: When | None,
    kind: TaskKind | None,
    cursor: str | None,
    limit: int,
    actor: Actor,
    cases: TaskLists,
    portfolios: SeveralPortfolios,
    people: People,
    now: datetime,
) -> tuple[list[Listed], str | None]:
    """
    Read a page of open tasks, the first due first.

    Args:
        portfolio_id: May be empty for one's own, which then are those of all portfolios.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: No portfolio where one is needed.
    """
    need(actor, *STAFF)
    portfolio = None
    if portfolio_id:
        portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    elif whose is not Whose.MINE:
        raise BadField(field="portfolio", reason="missing")
    zone = portfolio.time_zone if portfolio else ""
    first, last = _days(when, local_day(now, zone)) if zone else _widest(when, now)
    owners: Sequence[str] = ()
    if whose is Whose.MINE:
        owners = [actor.person_id]
    elif whose is Whose.TEAM:
        owners = team_of(actor, portfolio_id, people)
    page = cases.tasks(
        portfolio_id=portfolio_id,
        owners=owners,
        kind=kind,
        first=first,
        last=last,
        cursor=cursor,
        limit=limit,
    )
    heads = cases.heads(dict.fromkeys(case_id for case_id, _ in page.items))
    known = {portfolio.portfolio_id: portfolio} if portfolio else {}
    wanted = {head.portfolio_id for head in heads.values()} - set(known)
    known |= {one.portfolio_id: one for one in portfolios.some(tuple(sorted(wanted)))}
    found = []
    for case_id, task in page.items:
        head = heads.get(case_id)
        its = known.get(head.portfolio_id) if head else None
        if head is None or its is None or not _shown(head, actor):
            continue
        today = local_day(now, its.time_zone)
        # Days differ between portfolios: what was read for the widest is held to its own here.
        if when is None or when_of(task.due_on, today) is when:
            found.append(Listed(task=task, head=head, today=today))
    return found, page.cursor


def late(
    *, actor: Actor, cases: TaskLists, portfolios: SeveralPortfolios, now: datetime
) -> tuple[int, bool]:
    """Count the actor's own late tasks, up to ``MOST_LATE``; says whether there are more."""
    need(actor, *STAFF)
    _, latest = _widest(When.LATE, now)
    if latest is None:
        raise ValueError("what is late has a last day")
    found = cases.late_tasks(actor.person_id, latest, most=MOST_LATE + 1)
    seen = {portfolio_id for portfolio_id, _ in found if actor.sees(portfolio_id)}
    today = {
        one.portfolio_id: local_day(now, one.time_zone)
        for one in portfolios.some(tuple(sorted(seen)))
    }
    count = sum(1 for of, due_on in found if of in today and due_on < today[of])
    return min(count, MOST_LATE), count > MOST_LATE


def team_of(actor: Actor, portfolio_id: str, people: People) -> list[str]:
    """
    Give the people whose tasks one may look through beside one's own.

    Those of the actor's team who work on the portfolio; without a team, a supervisor's is
    everybody who does, an agent's is themself.
    """
    every = colleagues.of_portfolio(portfolio_id, actor=actor, people=people)
    own = people.get(actor.person_id)
    if own is not None and own.team:
        found = [one.person_id for one in every if one.team == own.team]
    elif actor.role in MANAGERS:
        found = [one.person_id for one in every]
    else:
        found = [actor.person_id]
    return found[:MOST_OWNERS] or [actor.person_id]


def make(
    case_id: str,
    *,
    kind: TaskKind,
    text: str,
    owner: str,
    due_on: date,
    key: str,
    actor: Actor,
    people: People,
    boxes: person_notices.Boxes | None = None,
    now: datetime,
    **stores: Any,
) -> tuple[CaseFile, Portfolio]:
    """
    Ask for something to be done on a case: what, by whom (empty = whoever takes it), by when.

    Args:
        key: Names this request; a second one with the same key changes nothing.
        boxes: Where the owner is told by e-mail, who wants that.

    Raises:
        CaseNotFound: None that the actor may see.
        BadField: No words, a day that is over or more than a year off, a kind not made by hand.
        NotOfPortfolio: The person may not see the case.
    """
    text = casework.text(text, "text", longest=LONGEST)
    if kind not in BY_HAND:
        raise BadField(field="kind", reason="not_one_of", choices=[one.value for one in BY_HAND])
    task_id = derived_id("tsk", case_id, MANUAL, key)

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        if any(one.task_id == task_id for one in file.tasks):
            return
        _check_day(due_on, draft.today)
        worker(owner, portfolio, people)
        draft.ask(
            Task(
                task_id=task_id,
                kind=kind,
                state=TaskState.OPEN,
                cause=Cause(kind=MANUAL, by=actor.actor_id),
                due_on=due_on,
                created_at=now,
                owner=owner,
                text=text,
            )
        )

    changed = casework.change(case_id, do, actor=actor, now=now, **stores)
    _tell(changed, task_id, owner, actor=actor, people=people, boxes=boxes, now=now)
    return changed


def give(
    case_id: str,
    task_id: str,
    *,
    owner: str,
    actor: Actor,
    people: People,
    boxes: person_notices.Boxes | None = None,
    now: datetime,
    **stores: Any,
) -> tuple[CaseFile, Portfolio]:
    """
    Take a task, give it to somebody, or back to whoever takes it (empty). Safe to repeat.

    Raises:
        TaskNotFound, TaskEnded: See ``DraftTasks``.
        NotAllowed: It is somebody else's, and the actor neither asked for it nor manages.
        NotOfPortfolio: The person may not see the case.
    """

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        known = next((one for one in file.tasks if one.task_id == task_id), None)
        free = known is None or known.owner in ("", actor.person_id, owner)
        if not free and known is not None and known.cause.by != actor.actor_id:
            need(actor, *MANAGERS)
        if owner != actor.person_id:
            worker(owner, portfolio, people)
        draft.give_task(task_id, owner)

    changed = casework.change(case_id, do, actor=actor, now=now, **stores)
    _tell(changed, task_id, owner, actor=actor, people=people, boxes=boxes, now=now)
    return changed


def put_off(
    case_id: str, task_id: str, *, due_on: date, **stores: Any
) -> tuple[CaseFile, Portfolio]:
    """
    Put a task off to another day. Safe to repeat.

    Raises:
        TaskNotFound, TaskEnded: See ``DraftTasks``.
        BadField: The day is over, or more than a year off.
    """

    def do(draft: Draft, *_: object) -> None:
        if due_on > draft.today:
            _check_day(due_on, draft.today)
        draft.put_off_task(task_id, due_on)

    return casework.change(case_id, do, **stores)


def end(
    case_id: str, task_id: str, *, state: TaskState, outcome: str = "", **stores: Any
) -> tuple[CaseFile, Portfolio]:
    """
    Note that a task was done, or is not wanted any more; OPEN takes that back. Safe to repeat.

    Args:
        outcome: What was done, in words.

    Raises:
        TaskNotFound: Not of this case.
        TaskEnded: It ended the other way.
        BadField: Too many words.
    """
    outcome = outcome.strip()
    if len(outcome) > LONGEST:
        raise BadField(field="outcome", reason="too_long", most=LONGEST)

    def do(draft: Draft, *_: object) -> None:
        if state is TaskState.OPEN:
            draft.reopen_task(task_id)
        else:
            draft.end_task(task_id, state, outcome=outcome)

    return casework.change(case_id, do, **stores)


def worker(person_id: str, portfolio: Portfolio, people: People) -> Person | None:
    """
    Give who may be asked for work on a portfolio's cases; None for nobody in particular.

    Raises:
        NotOfPortfolio: There is no such person, or they may not see its cases.
    """
    if not person_id:
        return None
    person = people.get(person_id)
    if person is None or not works_on(person, portfolio.portfolio_id):
        raise NotOfPortfolio(person_id=person_id)
    return person


def when_of(due_on: date, today: date) -> When:
    if due_on < today:
        return When.LATE
    return When.TODAY if due_on == today else When.LATER


# Private


def _tell(
    changed: tuple[CaseFile, Portfolio],
    task_id: str,
    owner: str,
    *,
    actor: Actor,
    people: People,
    boxes: person_notices.Boxes | None,
    now: datetime,
) -> None:
    """Have whoever was given a task told of it; who took it knows."""
    file, portfolio = changed
    person = people.get(owner) if owner and owner != actor.person_id else None
    if boxes is None or person is None:
        return
    person_notices.tell(
        person,
        NoticeKind.TASK,
        ref=f"{task_id}:{owner}",
        case_id=file.head.case_id,
        by=actor.actor_id,
        portfolio=portfolio,
        boxes=boxes,
        now=now,
    )


def _shown(head: CaseHead, actor: Actor) -> bool:
    return head.status is not CaseStatus.VOID and actor.sees(head.portfolio_id)


def _check_day(due_on: date, today: date) -> None:
    if due_on < today:
        raise BadField(field="due_on", reason="past")
    if due_on > today + timedelta(days=FURTHEST_DAYS):
        raise BadField(field="due_on", reason="too_late")


def _days(when: When | None, today: date) -> tuple[date | None, date | None]:
    """Give the first and the last day of what is asked for."""
    day = timedelta(days=1)
    match when:
        case When.LATE:
            return None, today - day
        case When.TODAY:
            return today, today
        case When.LATER:
            return today + day, None
        case _:
            return None, None


def _widest(when: When | None, now: datetime) -> tuple[date | None, date | None]:
    """The same for portfolios of any time zone: a day more on both sides."""
    first, last = _days(when, now.date())
    day = timedelta(days=1)
    return first and first - day, last and last + day
