"""
The daily plan: looks at the cases that are due, and puts what is to be said in the outbox.

``plan_agenda`` says which are. Everything it does has an id made from its cause, and what it
saw and did is one commit under the case's version: run twice, killed between, or run late,
every debtor gets each message once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from chalicelib.domain.agreed import agreed
from chalicelib.domain.agreements import WAITING, look_on
from chalicelib.domain.case import CaseChange, CaseFile, PromiseState
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services.plan_limits import (
    Allowances,
    Bids,
    Looked,
    Plays,
    Price,
    Purse,
)
from chalicelib.services.strategies import Strategies
from chalicelib.services.strategies_in_force import in_force
from chalicelib.strategies.facts import Facts, facts_of
from chalicelib.strategies.model import Action, ActionKind, Evaluation, Playbook
from chalicelib.strategies.playbook import plan

ACTOR = "system"


class Cases(Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...

    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[DomainError | None]: ...


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...


# Told of the cases that were looked at, as they now are, each with its segment's id.
Told = Callable[[Sequence[tuple[CaseFile, str]], Portfolio], object]


def nobody(seen: Sequence[tuple[CaseFile, str]], portfolio: Portfolio) -> None:
    """Tell nobody."""


class Enrolments(Protocol):
    def enrol(self, portfolio_id: str, strategy: str, arm: str, case_id: str, on: date) -> None:
        """Note that a case takes part in an A/B test from a day on; the first word stands."""
        ...


def plays_of(portfolio: Portfolio, strategies: Strategies) -> Plays:
    """Read what a portfolio does."""
    playbook = strategies.playbook(portfolio.portfolio_id)
    published = in_force(strategies.all(portfolio.portfolio_id)) if playbook else []
    return Plays(
        portfolio=portfolio,
        playbook=playbook or Playbook(portfolio_id=portfolio.portfolio_id),
        strategies=tuple(published),
    )


def plan_cases(
    portfolio_id: str,
    case_ids: Sequence[str],
    *,
    portfolios: Portfolios,
    strategies: Strategies,
    cases: Cases,
    allowances: Allowances,
    enrolments: Enrolments,
    bids: Bids,
    awarded: bool = False,
    price: Price | None = None,
    tell: Told = nobody,
    now: datetime,
) -> dict[str, int]:
    """
    Look at some cases and commit what they get.

    Args:
        tell: What ranks them for calls, once they are as they will be.
        awarded: They won a place in their segment's quota; see ``plan_agenda.award``.

    A case that moved meanwhile is left: it is still on the agenda, and the next run has it.
    Safe to repeat.

    Returns:
        ``looked``, ``planned`` messages, ``asked`` tasks, ``withdrawn``, ``waiting`` for quota
        or budget, ``moved``.
    """
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None or portfolio.archived:
        return {}
    plays = plays_of(portfolio, strategies)
    today = local_day(now, portfolio.time_zone)
    looked = [
        look(file, plays, now=now)
        for file in cases.open_many(case_ids).values()
        if awarded or (file.head.agenda_on is not None and file.head.agenda_on <= today)
    ]
    for one in looked:
        if one.evaluation.arm:
            enrolments.enrol(
                portfolio_id,
                one.evaluation.strategy,
                one.evaluation.arm,
                one.file.head.case_id,
                today,
            )
    purse = Purse(
        plays=plays,
        allowances=allowances,
        bids=bids,
        awarded=awarded,
        price=price or plays.price,
        today=today,
        now=now,
    )
    waiting = purse.share(looked)
    changes = [(one, change) for one in looked if (change := _finished(one)) is not None]
    outcomes = cases.commit_many([change for _, change in changes])
    done = {"looked": len(looked), "planned": 0, "asked": 0, "withdrawn": 0, "moved": 0}
    done["waiting"] = waiting
    for (one, change), outcome in zip(changes, outcomes, strict=True):
        if outcome is not None:
            done["moved"] += 1
            purse.give_back(one)
            continue
        states = [attempt.state for attempt in change.attempts]
        done["planned"] += states.count(AttemptState.PLANNED)
        done["withdrawn"] += states.count(AttemptState.WITHDRAWN)
        done["asked"] += len(change.tasks)
    tell(_as_they_are(looked, changes, outcomes), portfolio)
    return done


def look(file: CaseFile, plays: Plays, *, now: datetime) -> Looked:
    """
    Work out what a case gets today: promises settled, holds ended, the strategy's actions.

    Messages are in ``messages`` and not in the draft yet: quota and budget decide on them.
    """
    portfolio = plays.portfolio
    today = local_day(now, portfolio.time_zone)
    draft = Draft(file, portfolio, actor=ACTOR, now=now)
    for promise in file.promises:
        if promise.state is PromiseState.OPEN and promise.last_day < today:
            draft.settle_promise(promise.promise_id)
    draft.settle_agreements()
    draft.end_holds()
    draft.propose_charge_offs()
    settled = draft.change()
    facts = facts_of(after(file, settled) if settled else file, portfolio, today)
    segment, evaluation = plan(plays.playbook, plays.strategies, facts)
    looked = Looked(
        file=file,
        draft=draft,
        facts=facts,
        segment=segment,
        evaluation=evaluation,
        look_again_on=_next_look(facts, evaluation, file, draft),
    )
    for action in evaluation.actions:
        if action.kind is ActionKind.WITHDRAW:
            draft.withdraw(action.attempt_id, action.reason)
        elif action.kind is ActionKind.WORK:
            draft.ask(_task(action, looked, now))
        else:
            looked.messages.append(_message(action, looked, now))
    _ask_after_broken(looked, settled, now)
    return looked


# Private


def _ask_after_broken(looked: Looked, settled: CaseChange | None, now: datetime) -> None:
    """
    Have a person call whose promise was broken tonight, unless the strategy asks for work anyway.

    Nobody is asked about one who owes nothing any more, or who is to be left alone.
    """
    facts, actions = looked.facts, looked.evaluation.actions
    broken = [
        one for one in (settled.promises if settled else ()) if one.state is PromiseState.BROKEN
    ]
    if not broken or not facts.owes or facts.held:
        return
    if any(action.kind is ActionKind.WORK for action in actions):
        return
    last = max(broken, key=lambda one: (one.due_on, one.promise_id))
    looked.draft.ask(
        Task(
            task_id=derived_id("tsk", looked.file.head.case_id, last.promise_id, "broken"),
            kind=TaskKind.CALL,
            state=TaskState.OPEN,
            cause=Cause(kind="promise", step="broken", anchor=last.due_on),
            due_on=facts.today,
            created_at=now,
        )
    )


def _next_look(facts: Facts, evaluation: Evaluation, file: CaseFile, draft: Draft) -> date | None:
    if not facts.owes:
        return None
    portfolio = draft.portfolio
    days = [evaluation.next_on, draft.next_proposal_on()]
    if facts.promise is not None:
        days.append(facts.promise.last_day + timedelta(days=1))
    for agreement in file.agreements:
        if agreement.state in WAITING:
            days.append(local_day(agreement.until, portfolio.time_zone) + timedelta(days=1))
    if (plan := agreed(file, portfolio)) is not None:
        days.append(look_on(plan.agreement, plan.standing, facts.today))
    for task in file.tasks:
        if task.kind is TaskKind.CALL and task.state is TaskState.OPEN:
            days.append(task.due_on)  # that day it is ranked for the queue
    for hold in file.holds:
        if hold.lifted_at is None:
            days.append(hold.since)
            days.append(hold.until + timedelta(days=1) if hold.until else None)
    return min((day for day in days if day is not None and day > facts.today), default=None)


def _cause(action: Action, looked: Looked) -> Cause:
    return Cause(
        kind="strategy",
        strategy=looked.evaluation.strategy,
        step=action.step,
        anchor=action.anchor,
        variant=looked.evaluation.arm,
    )


def _message(action: Action, looked: Looked, now: datetime) -> Attempt:
    first = action.channels[0]
    return Attempt(
        attempt_id=derived_id("att", looked.file.head.case_id, *action.key),
        channel=first,
        direction=Direction.OUT,
        state=AttemptState.PLANNED,
        cause=_cause(action, looked),
        created_at=now,
        template_id=action.template_id,
        fallback=action.channels[1:],
        not_before=now,
    )


def _task(action: Action, looked: Looked, now: datetime) -> Task:
    assert action.work is not None  # noqa: S101 - an action of kind WORK has it
    return Task(
        task_id=derived_id("tsk", looked.file.head.case_id, *action.key),
        kind=action.work,
        state=TaskState.OPEN,
        cause=_cause(action, looked),
        due_on=looked.facts.today,
        created_at=now,
    )


def _as_they_are(
    looked: Sequence[Looked],
    changes: Sequence[tuple[Looked, CaseChange]],
    outcomes: Sequence[DomainError | None],
) -> list[tuple[CaseFile, str]]:
    """The cases that were looked at, after what was committed; without those that moved."""
    made = {one.case_id: change for one, change in changes}
    moved = {one.case_id for (one, _), no in zip(changes, outcomes, strict=True) if no is not None}
    return [
        (
            after(one.file, made[one.case_id]) if one.case_id in made else one.file,
            one.segment.segment_id if one.segment else "",
        )
        for one in looked
        if one.case_id not in moved
    ]


def _finished(one: Looked) -> CaseChange | None:
    for message in one.messages:
        one.draft.plan(message)
    # Work asked for without its message (no quota) stands: people have their own.
    one.draft.look_again_on(one.look_again_on)
    return one.draft.change()
