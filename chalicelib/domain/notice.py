"""What people are told of by e-mail: which kinds, how often, and what waits to be told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GATHERED = timedelta(minutes=3)  # what is to go at once waits so long for its like


class NoticeKind(StrEnum):
    """
    MENTION: a note names the person. TASK: somebody gave them one. CALL_BACK: the hour comes at
    which they said they would call. APPROVAL: something waits that they may decide on.
    """

    MENTION = "mention"
    TASK = "task"
    CALL_BACK = "call_back"
    APPROVAL = "approval"


class Often(StrEnum):
    """
    NOW: within minutes, together with what else comes meanwhile; a call-back, at its hour.
    DAILY: in the morning.
    """

    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """
    What of one kind waits for a person's decision.

    Args:
        kind: As the tray of approvals names it.
        more: There are more than were counted.
    """

    kind: str
    count: int
    more: bool
    oldest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """
    One thing that a person is to be told of. Nothing of the debtor: not a name, not a word.

    Args:
        ref: Names it, so that it is told once.
        often: As the person wanted it when it came about.
        at: When it is to go; sooner where others go sooner.
        by: Who mentioned them or gave the task: an actor as on the timeline.
        call_at: Of a call-back: the hour that was said.
        pending: Of approvals: what waits, as it is when it goes.
    """

    ref: str
    kind: NoticeKind
    often: Often
    case_id: str
    by: str
    at: datetime
    call_at: datetime | None = None
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBox:
    """
    What a person is still to be told of a portfolio, and what they were told last.

    Args:
        handing: What is being handed over; after a crash nobody knows whether it went, so that it
            is never handed over again.
        told: Refs of the last that were told or dropped.
        left_out: How many were too many to keep.
        lease_until: Another worker has it until then.
        decisions: Short names of what waited for a decision when the person was last told of it at
            once, so that they are told again only of what is new.
        decisions_at: When that was.
    """

    person_id: str
    portfolio_id: str
    waiting: tuple[Notice, ...] = ()
    handing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    left_out: int = 0
    lease_until: datetime | None = None
    decisions: tuple[str, ...] = ()
    decisions_at: datetime | None = None
    version: int = 1

    @property
    def next_at(self) -> datetime | None:
        """When something of it is to go; None when nothing is."""
        first = min((one.at for one in self.waiting), default=None)
        if first is None or self.lease_until is None:
            return first or self.lease_until
        return max(first, self.lease_until)

    def knows(self, ref: str) -> bool:
        return ref in self.told or ref in self.handing or any(o.ref == ref for o in self.waiting)

    def due(self, now: datetime) -> tuple[Notice, ...]:
        """
        What goes now: what is due, and with it whatever is to go soon anyway.

        Nothing before the first of it is due, so that what comes meanwhile makes one e-mail.
        """
        if not any(one.at <= now for one in self.waiting):
            return ()
        soon = now + GATHERED
        return tuple(
            one
            for one in self.waiting
            if one.at <= now or (one.often is Often.NOW and one.at <= soon)
        )
