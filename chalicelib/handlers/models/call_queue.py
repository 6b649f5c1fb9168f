"""The queue of calls: what comes next and why, and how a portfolio orders it."""

from typing import Literal

from pydantic import AwareDatetime

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant, Money
from chalicelib.handlers.models.visits import Named

Factor = Literal[
    "call_back",
    "promise_broken",
    "due_today",
    "asked",
    "likely",
    "forecast",
    "balance",
    "band",
    "rolls_soon",
    "rest",
    "closes_soon",
    "good_hour",
    "charged_off",
]
Basis = Literal["", "own", "segment", "zone", "portfolio", "voice_heard", "voice_unheard"]
SkipReason = Literal["number", "known", "language", "moment", "other"]


class CallReason(Answer):
    """
    ``quota``: it came up for its segment's part of the calls (``value``), at no points.
    ``points`` of all reasons sum to the score; ``value``: days, per cent or minutes. ``basis``:
    whose contacts tell that the hour is good, or the voice message a call is asked for after
    (``value``: its minutes after midnight, if it was today); empty of other reasons.
    """

    code: Factor | Literal["quota"]
    points: int
    value: int | None
    basis: Basis


class CallTurn(Answer):
    """
    A case's turn. ``until``: when it comes back by itself, or how long it is yours.
    ``law_until``: when today's lawful hours for calls end, if it may be called now.
    """

    case_id: str
    place: Literal["ready", "later", "taken", "done"]
    segment: str
    segment_name: str
    score: int
    reasons: list[CallReason]
    why: str | None
    until: Instant | None
    since: Instant | None
    law_until: Instant | None
    person: Named | None


class NextCall(Answer):
    """
    ``turn`` null: nothing may be called now. ``opens_at`` is then the first moment at which
    something of what was looked at may be, ``waiting`` how many come back later.
    """

    turn: CallTurn | None
    opens_at: Instant | None
    waiting: int


class TurnAct(Body):
    """
    ``skip`` wants a reason; ``snooze`` and ``callback`` a moment. ``mine``: whoever calls back
    should be you.
    """

    action: Literal["skip", "snooze", "callback", "release"]
    reason: SkipReason | None = None
    until: AwareDatetime | None = None
    mine: bool = True


class QueueSegment(Answer):
    """``ready`` is counted up to ``most``; ``given``: cases given out today."""

    segment: str
    name: str
    ready: int
    given: int


class QueueLine(Answer):
    """A turn with what a list shows of its case."""

    turn: CallTurn
    name: str
    balance: Money


class QueueBoard(Answer):
    """How the day's queue stands."""

    segments: list[QueueSegment]
    most: int
    waiting: int
    taken: list[QueueLine]
    top: list[QueueLine]
    skipped: dict[str, int]
    weights: dict[str, int]
