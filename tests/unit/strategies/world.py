"""A small world for strategies: one case whose days go by, with what was sent kept on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain import ids
from chalicelib.domain.case import CaseFile, ContactKind, PromiseState, PromiseToPay
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Direction,
    Hold,
    HoldReason,
)
from chalicelib.domain.draft import after
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.task import Task, TaskState
from chalicelib.strategies.evaluation import evaluate
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import (
    Action,
    ActionKind,
    CaseEvent,
    Evaluation,
    Step,
    Strategy,
    Trigger,
    TriggerKind,
)
from tests.builders import a_debt, a_draft, a_portfolio, change_of

DUE = date(2026, 12, 1)


def at_noon(day: date) -> datetime:
    """18:00 UTC: noon in Mexico City, so the local day is *day*."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def due(days: int) -> Trigger:
    return Trigger(kind=TriggerKind.DUE, days=days)


def then(days: int) -> Trigger:
    return Trigger(kind=TriggerKind.PREVIOUS, days=days)


def on(event: CaseEvent, days: int = 0) -> Trigger:
    return Trigger(kind=TriggerKind.EVENT, days=days, event=event)


def a_step(code: str, trigger: Trigger, **values: Any) -> Step:
    base: dict[str, Any] = {"channels": (Channel.WHATSAPP,), "template_id": "reminder_friendly"}
    return Step(code=code, trigger=trigger, **base | values)


def a_strategy(*steps: Step, **values: Any) -> Strategy:
    base: dict[str, Any] = {
        "strategy_id": "str_test",
        "portfolio_id": "prt_test",
        "name": "Prueba",
        "valid_from": date(2026, 1, 1),
    }
    return Strategy(steps=steps, **base | values)


THREE = a_strategy(
    a_step("before", due(-5)),
    a_step("day", due(0), late_days=4),
    a_step("after", due(5)),
)


def a_debtor(due_on: date = DUE, **values: Any) -> CaseFile:
    """A debtor with a phone and an e-mail who owes 1,000.00 due on *due_on*."""
    draft = a_draft(a_debt(due_on=due_on), **values)
    draft.put_contact(ContactKind.EMAIL, "ana@example.com", source="upload")
    return after(None, change_of(draft))


def an_attempt(step: str, anchor: date, state: AttemptState, day: date, **values: Any) -> Attempt:
    base: dict[str, Any] = {
        "attempt_id": f"att_{step}_{day}",
        "channel": Channel.WHATSAPP,
        "direction": Direction.OUT,
        "state": state,
        "cause": Cause(kind="strategy", strategy="str_test@1", step=step, anchor=anchor),
        "created_at": at_noon(day),
        "sent_at": at_noon(day) if state in (AttemptState.SENT, AttemptState.READ) else None,
    }
    return Attempt(**base | values)


def a_promise(due_on: date, made_on: date, state: PromiseState = PromiseState.OPEN) -> PromiseToPay:
    return PromiseToPay(
        promise_id=f"pro_{due_on}",
        amount_minor=50_000,
        due_on=due_on,
        state=state,
        made_at=at_noon(made_on),
        made_by="user:ana",
    )


def a_hold(since: date, until: date | None, **values: Any) -> Hold:
    return Hold(
        hold_id="hol_1",
        reason=HoldReason.DISPUTE,
        since=since,
        until=until,
        placed_at=at_noon(since),
        placed_by="user:ana",
        **values,
    )


@dataclass
class World:
    """
    One case through time.

    Args:
        fate: What becomes of a message handed over on a day: SENT, FAILED, or PLANNED when it
            has to wait for another day.
    """

    strategy: Strategy
    file: CaseFile
    portfolio: Portfolio = field(default_factory=a_portfolio)
    fate: Callable[[date], AttemptState] = lambda _: AttemptState.SENT
    sent: list[tuple[date, str]] = field(default_factory=list)
    asked: list[tuple[date, str]] = field(default_factory=list)

    def look(self, day: date) -> Evaluation:
        return evaluate(self.strategy, facts_of(self.file, self.portfolio, day))

    def live(self, day: date) -> Evaluation:
        """Look at the case on *day* and do what is due."""
        found = self.look(day)
        for action in found.actions:
            self._do(action, day)
        for attempt in self.file.attempts:
            if attempt.state is AttemptState.PLANNED:
                self._hand_over(attempt, day)
        return found

    def run(self, days: Iterable[date]) -> "World":
        for day in days:
            self.live(day)
        return self

    def run_when_due(self, first: date, last: date) -> "World":
        """Look only on the days that evaluations ask for."""
        day: date | None = first
        while day is not None and day <= last:
            found = self.live(day)
            assert found.next_on is None or found.next_on > day
            day = found.next_on
        return self

    def _do(self, action: Action, day: date) -> None:
        cause = Cause(
            kind="strategy",
            strategy=self.strategy.reference,
            step=action.step,
            anchor=action.anchor,
        )
        if action.kind is ActionKind.WITHDRAW:
            self._put(
                *(
                    replace(one, state=AttemptState.WITHDRAWN, ended_at=at_noon(day))
                    for one in self.file.attempts
                    if one.attempt_id == action.attempt_id
                )
            )
        elif action.kind is ActionKind.WORK:
            assert action.work is not None
            task = Task(
                task_id=ids.derived_id("tsk", *action.key),
                kind=action.work,
                state=TaskState.OPEN,
                cause=cause,
                due_on=day,
                created_at=at_noon(day),
            )
            assert task.task_id not in {one.task_id for one in self.file.tasks}
            self.file = replace(self.file, tasks=(*self.file.tasks, task))
            self.asked.append((day, f"{action.step}:{action.work}"))
        else:
            attempt = Attempt(
                attempt_id=ids.derived_id("att", *action.key),
                channel=action.channels[0],
                direction=Direction.OUT,
                state=AttemptState.PLANNED,
                cause=cause,
                created_at=at_noon(day),
            )
            assert attempt.attempt_id not in {one.attempt_id for one in self.file.attempts}
            self._put(attempt)

    def _hand_over(self, attempt: Attempt, day: date) -> None:
        state = self.fate(day)
        if state is AttemptState.SENT:
            self.sent.append((day, attempt.cause.step))
            self._put(replace(attempt, state=state, sent_at=at_noon(day)))
        elif state is AttemptState.FAILED:
            self._put(replace(attempt, state=state, ended_at=at_noon(day)))

    def _put(self, *attempts: Attempt) -> None:
        rows = {one.attempt_id: one for one in (*self.file.attempts, *attempts)}
        self.file = replace(self.file, attempts=tuple(rows.values()))


def days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(number)]
