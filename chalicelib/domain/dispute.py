"""A dispute (aclaración): what a debtor does not agree with, who looks into it, how it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.contact import HoldReason
from chalicelib.domain.kept_file import KeptFile


class DisputeKind(StrEnum):
    """
    What is disputed.

    PRESCRIBED says the debt is too old to be claimed; OTHER is what nobody has put a name to yet:
    a person does, see ``DraftDisputes.classify_dispute``.
    """

    NOT_MINE = "not_mine"
    WRONG_AMOUNT = "wrong_amount"
    ALREADY_PAID = "already_paid"
    GOODS = "goods_or_service"
    DECEASED = "deceased"
    FRAUD = "fraud"
    PRESCRIBED = "prescribed"
    OTHER = "other"


# With these nobody is contacted about anything of the case, and no verdict alone changes that
# back: the family of somebody who died, a person whose name was used by another.
WITH_CARE = frozenset({DisputeKind.DECEASED, DisputeKind.FRAUD})


class DisputeState(StrEnum):
    """OPEN waits for somebody, INVESTIGATING has one; the others are how it ended."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({DisputeState.OPEN, DisputeState.INVESTIGATING})
VERDICTS = frozenset({DisputeState.ACCEPTED, DisputeState.PARTLY, DisputeState.REJECTED})


class Side(StrEnum):
    """Whose a piece of evidence is."""

    DEBTOR = "debtor"
    OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(KeptFile):
    """A file that speaks for one side; what debtors gave themselves they are always shown."""

    evidence_id: str
    side: Side
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """
    How a dispute ended.

    Args:
        reason: In words for the debtor: it is what the letter says.
        adjusted_minor: What it took off the balance (negative) or put on it.
        entries: Ids of the ledger's entries that did.
        document_id, code: Of the letter, once it is issued; see ``services.issued``.
    """

    at: datetime
    by: str
    reason: str
    adjusted_minor: int = 0
    entries: tuple[str, ...] = ()
    document_id: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """
    Args:
        debt_ids: The debts disputed; empty = the whole case.
        source: Where it came from: ``self_pay``, ``whatsapp``, ``sms``, ``email``, ``visit``,
            ``call``, ``panel``.
        text: In the debtor's words; personal.
        claimed_minor: What the debtor says is owed instead, where they said so.
        hold_id: The hold that stops collection meanwhile.
        due_on: The last day to answer, of the portfolio's calendar.
        owner: Person who answers for it; empty while nobody does.
    """

    dispute_id: str
    kind: DisputeKind
    state: DisputeState
    source: str
    opened_at: datetime
    opened_by: str
    due_on: date
    hold_id: str
    debt_ids: tuple[str, ...] = ()
    text: str = ""
    claimed_minor: int | None = None
    owner: str = ""
    taken_up_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    resolution: Resolution | None = None

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def ended_at(self) -> datetime | None:
        return None if self.live or self.resolution is None else self.resolution.at

    @property
    def hold_reason(self) -> HoldReason:
        """Why contact stops while it lasts."""
        return HoldReason.DECEASED if self.kind is DisputeKind.DECEASED else HoldReason.DISPUTE

    @property
    def held_debts(self) -> tuple[str, ...]:
        """The debts whose collection stops; empty = that of the whole case."""
        return () if self.kind in WITH_CARE else self.debt_ids

    def covers(self, debt_id: str) -> bool:
        """Say whether a debt is disputed."""
        return not self.debt_ids or debt_id in self.debt_ids

    def late_on(self, today: date) -> bool:
        """Say whether it should have been answered before *today*."""
        return self.live and self.due_on < today
