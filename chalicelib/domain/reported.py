"""Payments that a debtor says they made: looked for by a person, found or not."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.dispute import Evidence

MOST_WORDS = 1_000
MOST_FILES = 10


class ReportedState(StrEnum):
    """WAITING for a person to look; FOUND or NOT_FOUND by them; MOVED on with a merged case."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_FOUND = "not_found"
    MOVED = "moved"


class ReportedSource(StrEnum):
    """Where it was told: the page's form or its chat, the bot's channel, the door, the phone."""

    SELF_PAY = "self_pay"
    CHAT = "chat"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    VISIT = "visit"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """
    Args:
        amount_minor, paid_on: As the debtor says; None where they said only that they paid.
        source: One of ``ReportedSource``: where it was told first.
        reference: As on their receipt; personal.
        words: What they said of it; personal.
        hold_id: The pause it brought; empty when there was none left to give.
        task_id: What asks a person to look; ended with it.
        evidence: Photos and files of the receipt.
        answer: What the debtor is told when it was not found.
        also: Ids of what was told later and says the same.
    """

    reported_id: str
    state: ReportedState
    amount_minor: int | None = None
    paid_on: date | None = None
    source: str
    at: datetime
    by: str
    reference: str = ""
    words: str = ""
    hold_id: str = ""
    task_id: str = ""
    evidence: tuple[Evidence, ...] = ()
    answer: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    also: tuple[str, ...] = ()

    @property
    def told(self) -> frozenset[str]:
        """The ids of all that was told of it."""
        return frozenset((self.reported_id, *self.also))

    def like(self, other: "Reported") -> bool:
        """
        Say whether both may be one payment: nothing that both say differs.

        Who says only "I paid" speaks of the payment that is being looked for.
        """
        return (
            (self.amount_minor or other.amount_minor) == (other.amount_minor or self.amount_minor)
            and (self.paid_on or other.paid_on) == (other.paid_on or self.paid_on)
            and (self.reference or other.reference) == (other.reference or self.reference)
        )

    def with_more(self, later: "Reported") -> "Reported":
        """Give it with what was told of it later."""
        known = {one.evidence_id for one in self.evidence}
        files = [*self.evidence, *(one for one in later.evidence if one.evidence_id not in known)]
        words = [self.words]
        if later.words and later.words not in self.words:
            words.append(later.words)
        return replace(
            self,
            amount_minor=self.amount_minor or later.amount_minor,
            paid_on=self.paid_on or later.paid_on,
            reference=self.reference or later.reference,
            words="\n".join(filter(None, words))[:MOST_WORDS],
            hold_id=later.hold_id or self.hold_id,
            task_id=self.task_id or later.task_id,
            evidence=tuple(files[:MOST_FILES]),
            also=(*self.also, later.reported_id),
        )
