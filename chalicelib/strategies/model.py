"""What a strategy is made of. All of it is data: kept, versioned and edited as JSON."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.domain.offer import Offer
from chalicelib.domain.task import TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    A condition on the facts of a case: a comparison, or ``all``, ``any``, ``not`` of others.

    Args:
        op: ``all``, ``any``, ``not`` (of *parts*); or ``=``, ``!=``, ``<``, ``<=``, ``>``,
            ``>=``, ``in``, ``not_in`` (of one value), ``has``, ``lacks`` (of a set).
        field: One of ``rules.FIELDS``.
        value: Number, text or yes/no; a list for ``in`` and ``not_in``.
    """

    op: str
    field: str = ""
    value: Any = None
    parts: tuple["Rule", ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.value, list):  # as JSON has it
            object.__setattr__(self, "value", tuple(self.value))


class TriggerKind(StrEnum):
    """
    DUE counts days from the oldest unpaid due date. PREVIOUS counts days from the day the step
    before was really sent. EVENT counts days from something that happened.
    """

    DUE = "due"
    PREVIOUS = "previous"
    EVENT = "event"


class CaseEvent(StrEnum):
    """
    What a step may follow. PROMISE_DUE is the day a promise was made for, and INSTALMENT_DUE
    that of the next open payment of an agreement, so that days before them may be given.
    """

    PROMISE_MADE = "promise_made"
    PROMISE_DUE = "promise_due"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_KEPT = "promise_kept"
    PARTIAL_PAYMENT = "partial_payment"
    BOUNCED = "bounced"
    HOLD_ENDED = "hold_ended"
    INSTALMENT_DUE = "instalment_due"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_BROKEN = "agreement_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """
    Args:
        days: Days after the day counted from; negative = before it, for DUE and PROMISE_DUE.
        event: For EVENT.
    """

    kind: TriggerKind
    days: int = 0
    event: CaseEvent | None = None


class CallBack(StrEnum):
    """
    After which end of a step's voice message a person is asked to call: never, once it was
    ANSWERED, or when it was UNANSWERED (nobody took it, or the line was busy).
    """

    NEVER = "never"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    One step: when, for whom, what is said and by which channel, what people do.

    Args:
        code: Stable name within the strategy; the attempts it causes carry it.
        condition: Must hold on the day; else the step is passed over.
        channels: In order: the first that can be used is, the others are its fallback. Empty
            for a step that only asks people to do something.
        template_id: The family of templates; required with channels.
        work: What people are asked to do on the day of the step.
        call_back: When a person is asked to call because of how its voice message ended.
        late_days: How many days after its day it may still be done; None = any. A step before
            the due date is never done on or after it.
        arms: Only for these arms of the experiment; empty = all.
    """

    code: str
    trigger: Trigger
    condition: Rule | None = None
    channels: tuple[Channel, ...] = ()
    template_id: str = ""
    work: tuple[TaskKind, ...] = ()
    call_back: CallBack = CallBack.NEVER
    offer: Offer | None = None
    late_days: int | None = None
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """
    One arm of an A/B test.

    Args:
        weight: Its share of cases is its weight over the sum of weights.
        holdout: Nothing is done for its cases, so that the effect of doing can be told.
    """

    code: str
    weight: int = 1
    holdout: bool = False


class StrategyState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """
    An ordered list of steps, as of one version.

    Args:
        strategy_id: The same in all versions.
        valid_from: First day of the portfolio's calendar it applies; set when published.
        ready_made: The ready-made strategy it was started from.
        min_gap_days: Least days between two messages of it to one debtor.
        stop: While it holds nothing is done, besides what always stops: nothing owed, a hold.
        pause_on_promise: Steps wait while a promise is open; those on promises do not.
        arms: The A/B test; none = everybody alike.
        version: Of the content: a published one never changes, an edit makes the next.
        edit: Grows with every change of this version's row; writers condition on it.
    """

    strategy_id: str
    portfolio_id: str
    name: str
    steps: tuple[Step, ...]
    version: int = 1
    state: StrategyState = StrategyState.DRAFT
    valid_from: date | None = None
    ready_made: str = ""
    min_gap_days: int = 2
    stop: Rule | None = None
    pause_on_promise: bool = True
    arms: tuple[Arm, ...] = ()
    created_at: datetime | None = None
    created_by: str = ""
    published_at: datetime | None = None
    edit: int = 1

    @property
    def reference(self) -> str:
        """What an attempt's cause says of it."""
        return f"{self.strategy_id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """
    Which cases get which strategy: the first segment whose rule holds, by priority.

    Args:
        priority: 1 is asked first.
        rule: None = every case.
        strategy_id: Empty = nothing is done for them.
        daily_quota: Most messages a day for the whole segment, so that each gets its share of
            the effort; None = no limit.
    """

    segment_id: str
    name: str
    priority: int
    strategy_id: str
    rule: Rule | None = None
    daily_quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """
    What a portfolio does: its segments, and the limits of a day and month.

    Args:
        segments: By priority.
        monthly_budget_micros, daily_budget_micros: Most that messages may cost a month, and a
            day of the portfolio's calendar, in millionths of *budget_currency*; None = no limit.
        own_prices: What a unit of a channel (``domain.prices``) costs by the portfolio's own
            contract, in the same millionths; channels that are not named cost what the list says.
        version: Writers condition on it; 0 = never kept yet.
    """

    portfolio_id: str
    segments: tuple[Segment, ...] = ()
    monthly_budget_micros: int | None = None
    daily_budget_micros: int | None = None
    budget_currency: str = ""
    own_prices: dict[str, int] = field(default_factory=dict)
    updated_at: datetime | None = None
    updated_by: str = ""
    version: int = 0

    @property
    def has_budget(self) -> bool:
        """Whether what messages cost is limited."""
        return self.monthly_budget_micros is not None or self.daily_budget_micros is not None


# What an evaluation says


class ActionKind(StrEnum):
    MESSAGE = "message"
    WORK = "work"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """
    Something to be done today.

    Args:
        key: What its id is made of beside the case: the same facts give the same key.
        anchor: The day the step was counted from.
        channels: MESSAGE: the usable ones, in order.
        work: WORK: what people are asked to do.
        attempt_id: WITHDRAW: the planned attempt to take back.
        reason: WITHDRAW: why.
    """

    kind: ActionKind
    step: str
    key: tuple[str, ...] = ()
    anchor: date | None = None
    channels: tuple[Channel, ...] = ()
    template_id: str = ""
    offer: Offer | None = None
    work: TaskKind | None = None
    attempt_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """
    Why a step is done, waits or is passed over today.

    Args:
        code: ``due``, ``sent``, ``behind``, ``pending``, ``waits``, ``gap``, ``condition``,
            ``late``, ``unreachable``, ``given_up``, ``not_sent_before``, ``other_arm``,
            ``one_a_day``; for the whole strategy (step empty): ``settled``, ``void``, ``held``,
            ``promised``, ``stopped``, ``holdout``, ``not_valid_yet``, ``no_segment``,
            ``nothing_due``.
        on: The day it waits for, or was sent.
    """

    step: str
    code: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """
    Args:
        next_on: The next day somebody must look again if nothing else happens; None = never.
        arm: The case's arm of the A/B test.
    """

    actions: tuple[Action, ...]
    next_on: date | None
    why: tuple[Why, ...]
    strategy: str = ""
    arm: str = ""
