"""
What is due for a case on a day.

Everything is worked out from the facts each time; nothing remembers what it meant to do. A day
on which nobody looked is caught up with by the next one that does, with one message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import AttemptState
from chalicelib.strategies import rules
from chalicelib.strategies.arms import arm_of
from chalicelib.strategies.facts import BOUNCES, NOT_SENT, PENDING, REALLY_SENT, Facts, Tried
from chalicelib.strategies.model import (
    Action,
    ActionKind,
    Arm,
    CaseEvent,
    Evaluation,
    Step,
    Strategy,
    TriggerKind,
    Why,
)

# How often a step that reached nobody is tried before the next one takes its turn.
MAX_TRIES = 3
RETRY_AFTER_DAYS = 1
# An event that was not followed up within these days is past, unless the step says otherwise.
EVENT_LATE_DAYS = 7
ON_PROMISES = frozenset({CaseEvent.PROMISE_MADE, CaseEvent.PROMISE_DUE})


def evaluate(strategy: Strategy, facts: Facts) -> Evaluation:
    """
    Say what is due today, when to look again, and why for every step.

    The steps counted from the due date and from each other are a ladder: a step's turn comes
    when every one before it was really sent or is passed over, and a step behind one that was
    sent never comes again. At most one message a day goes to a debtor, however many debts;
    what follows an event goes first. When the oldest unpaid due date moves, because it was
    paid, the ladder starts again from the new one.

    The same facts always give the same actions with the same keys.
    """
    arm = arm_of(strategy.arms, facts.case_id, strategy.strategy_id)
    work = _Work(strategy, facts, arm.code if arm else "")
    stopped = _stopped(strategy, facts, arm)
    if stopped is not None:
        return work.stop(stopped)
    if facts.promise is not None and strategy.pause_on_promise:
        work.say("", "promised")
        work.events(only=ON_PROMISES)
    else:
        work.events()
        work.ladder()
    return work.done()


def _stopped(strategy: Strategy, facts: Facts, arm: Arm | None) -> str | None:
    if facts.status is CaseStatus.VOID:
        return "void"
    if not facts.owes:
        return "settled"
    if facts.held:
        return "held"
    if arm is not None and arm.holdout:
        return "holdout"
    if strategy.stop is not None and rules.holds(strategy.stop, facts):
        return "stopped"
    return None


@dataclass(slots=True)
class _Work:
    """One evaluation being made."""

    strategy: Strategy
    facts: Facts
    arm: str
    actions: list[Action] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    spoken: bool = False  # a message is due today, or waits for its moment
    kept: set[str] = field(default_factory=set)  # planned attempts that are still wanted
    taken_back: dict[str, str] = field(default_factory=dict)  # why others are not

    def say(self, step: str, code: str, on: date | None = None) -> None:
        self.why.append(Why(step=step, code=code, on=on))
        if on is not None and on > self.facts.today:
            self.days.append(on)

    def stop(self, code: str) -> Evaluation:
        facts = self.facts
        self.say("", code)
        if code == "held" and facts.held_until is not None:
            self.days.append(facts.held_until + timedelta(days=1))
        self.taken_back |= {one.attempt.attempt_id: code for one in planned(facts)}
        return self.done()

    def done(self) -> Evaluation:
        facts = self.facts
        if facts.owes and not facts.held:
            self.days += rules.changes_on(self.strategy.stop, facts)
        if self.actions or self.spoken:
            self.days.append(facts.today + timedelta(days=1))
        if not self.why:
            self.say("", "nothing_due")
        return Evaluation(
            actions=(*self._withdrawn(), *self.actions),
            next_on=min((day for day in self.days if day > facts.today), default=None),
            why=tuple(self.why),
            strategy=self.strategy.reference,
            arm=self.arm,
        )

    def _withdrawn(self) -> Iterable[Action]:
        """Take back every planned message that no step stands for today any more."""
        default = "promised" if self.facts.promise is not None else "superseded"
        for one in planned(self.facts):
            key = one.attempt.attempt_id
            if key not in self.kept:
                yield from withdrawals([one], self.taken_back.get(key, default))

    # Steps that follow events

    def events(self, *, only: frozenset[CaseEvent] | None = None) -> None:
        for step in self.strategy.steps:
            event = step.trigger.event
            if step.trigger.kind is not TriggerKind.EVENT or event is None:
                continue
            if only is not None and event not in only:
                continue
            happened = self.facts.events.get(event)
            if happened is None or not self._mine(step):
                continue
            day = happened.on + timedelta(days=step.trigger.days)
            if self._behind(step, happened.on) is None:
                late = EVENT_LATE_DAYS if step.late_days is None else step.late_days
                self._take(step, happened.on, day, day + timedelta(days=late), happened.key)

    # Steps that are counted from the due date and from each other

    def ladder(self) -> None:
        anchor = self.facts.anchor
        assert anchor is not None  # noqa: S101 - who owes has one
        steps = [s for s in self.strategy.steps if s.trigger.kind is not TriggerKind.EVENT]
        own = [step for step in steps if self._mine(step)]
        done = {step.code: self._behind(step, anchor) for step in own}
        last = max((n for n, step in enumerate(own) if done[step.code]), default=-1)
        sent_on: date | None = None
        for number, step in enumerate(own):
            settled = done[step.code]
            if settled is not None:
                sent_on = settled
                self.say(step.code, "sent", settled)
                continue
            if number < last:
                self.say(step.code, "behind")
                continue
            day = self._day(step, anchor, sent_on)
            if day is None:
                self.say(step.code, "not_sent_before")
                continue
            if self._take(step, anchor, day, _last_day(step, anchor, day), ""):
                break
            if self.why[-1].code == "due":  # people were asked: the next may count from today
                sent_on = self.facts.today

    def _day(self, step: Step, anchor: date, sent_on: date | None) -> date | None:
        days = timedelta(days=step.trigger.days)
        if step.trigger.kind is TriggerKind.PREVIOUS:
            return None if sent_on is None else sent_on + days
        paused = timedelta(days=self.facts.paused_days if step.trigger.days > 0 else 0)
        return anchor + days + paused

    # One step

    def _take(self, step: Step, anchor: date, day: date, last_day: date | None, cause: str) -> bool:
        """
        Do a step, wait for it, or pass it over.

        Returns:
            Whether the ladder waits at this step.
        """
        facts = self.facts
        waiting = [one for one in self._tried(step, anchor) if one.attempt.state in PENDING]
        if last_day is not None and facts.today > last_day:
            self.say(step.code, "late", last_day)
            self._give_up(waiting, "late")
            return False
        if day > facts.today:
            self.say(step.code, "waits", day)
            return True
        self.days += rules.changes_on(step.condition, facts)
        if last_day is not None:
            self.days.append(last_day + timedelta(days=1))
        if not rules.holds(step.condition, facts):
            self.say(step.code, "condition")
            self._give_up(waiting, "condition")
            return False
        if waiting and not self.spoken:
            self.spoken = True
            self.kept |= {one.attempt.attempt_id for one in waiting}
            self.say(step.code, "pending", waiting[-1].on)
            return True
        if step.channels:
            return self._speak(step, anchor, cause)
        self._ask(step, anchor, cause)
        self.say(step.code, "due", facts.today)
        # People's work holds nobody up: the next step has its own day.
        return False

    def _speak(self, step: Step, anchor: date, cause: str) -> bool:
        facts, today = self.facts, self.facts.today
        usable = tuple(channel for channel in step.channels if channel in facts.channels)
        tried = self._tried(step, anchor)
        failed = [one for one in tried if one.attempt.state in NOT_SENT]
        # What the law or the address itself rules out is not asked for again.
        dead = {
            one.attempt.channel
            for one in failed
            if one.attempt.state is AttemptState.DENIED or one.attempt.problem in BOUNCES
        }
        usable = tuple(channel for channel in usable if channel not in dead)
        if not usable:
            # Nobody is there to be told, but people may still be asked to do something.
            self._ask(step, anchor, cause)
            self.say(step.code, "unreachable")
            return False
        if len(failed) >= MAX_TRIES:
            self.say(step.code, "given_up", failed[-1].on)
            return False
        free = self._free_on(step, failed)
        if self.spoken or _in_flight(facts):
            self.say(step.code, "one_a_day", today + timedelta(days=1))
            return True
        if free > today:
            self.say(step.code, "gap", free)
            return True
        self.spoken = True
        self.actions.append(
            Action(
                kind=ActionKind.MESSAGE,
                step=step.code,
                key=self._key(step, anchor, cause, str(len(tried))),
                anchor=anchor,
                channels=usable,
                template_id=step.template_id,
                offer=step.offer,
            )
        )
        self._ask(step, anchor, cause)
        self.say(step.code, "due", today)
        return True

    def _ask(self, step: Step, anchor: date, cause: str) -> None:
        """Ask people for the step's work, unless they were asked for this anchor already."""
        for kind in step.work:
            key = self._key(step, anchor, cause, kind.value)
            asked = any(
                task.kind is kind
                and task.cause.step == step.code
                and task.cause.anchor == anchor
                and self._ours(task.cause.strategy)
                for task in self.facts.tasks
            )
            if not asked:
                self.actions.append(
                    Action(kind=ActionKind.WORK, step=step.code, key=key, anchor=anchor, work=kind)
                )

    def _free_on(self, step: Step, failed: Sequence[Tried]) -> date:
        """
        The first day on which the step's message may be planned.

        What follows an event does not wait for the strategy's gap, only for another day.
        """
        follows = step.trigger.kind is TriggerKind.EVENT
        days = [self.facts.today]
        if self.facts.last_message_on is not None:
            gap = 1 if follows else max(1, self.strategy.min_gap_days)
            days.append(self.facts.last_message_on + timedelta(days=gap))
        if failed:
            days.append(failed[-1].on + timedelta(days=RETRY_AFTER_DAYS))
        return max(days)

    # What was done before

    def _give_up(self, waiting: Iterable[Tried], code: str) -> None:
        self.taken_back |= {one.attempt.attempt_id: code for one in waiting}

    def _mine(self, step: Step) -> bool:
        if not step.arms or self.arm in step.arms:
            return True
        self.say(step.code, "other_arm")
        return False

    def _ours(self, reference: str) -> bool:
        return reference.rpartition("@")[0] == self.strategy.strategy_id

    def _tried(self, step: Step, anchor: date) -> list[Tried]:
        return [
            one
            for one in self.facts.tried
            if one.attempt.cause.step == step.code
            and one.attempt.cause.anchor == anchor
            and self._ours(one.attempt.cause.strategy)
        ]

    def _behind(self, step: Step, anchor: date) -> date | None:
        """The day the step was really done at this anchor; None when it was not."""
        days = [one.on for one in self._tried(step, anchor) if one.attempt.state in REALLY_SENT]
        if not step.channels:
            days += [
                task.due_on
                for task in self.facts.tasks
                if task.cause.step == step.code
                and task.cause.anchor == anchor
                and self._ours(task.cause.strategy)
            ]
        return max(days, default=None)

    def _key(self, step: Step, anchor: date, *more: str) -> tuple[str, ...]:
        return (self.strategy.strategy_id, step.code, anchor.isoformat(), *more)


def _last_day(step: Step, anchor: date, day: date) -> date | None:
    """The last day on which a step of the ladder may still be done."""
    days = [] if step.late_days is None else [day + timedelta(days=step.late_days)]
    if step.trigger.kind is TriggerKind.DUE and step.trigger.days < 0:
        days.append(anchor - timedelta(days=1))
    return min(days, default=None)


def planned(facts: Facts) -> list[Tried]:
    return [one for one in facts.tried if one.attempt.state is AttemptState.PLANNED]


def _in_flight(facts: Facts) -> bool:
    """Whether a message is being handed over, or may have been: nobody knows yet."""
    return any(one.attempt.state is AttemptState.RESERVED for one in facts.tried)


def withdrawals(waiting: Iterable[Tried], reason: str) -> tuple[Action, ...]:
    return tuple(
        Action(
            kind=ActionKind.WITHDRAW,
            step=one.attempt.cause.step,
            attempt_id=one.attempt.attempt_id,
            reason=reason,
        )
        for one in waiting
    )
