"""What a person asks about their own data by law: a request, its term, and what became of it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.erasure import SETTLED, Erasure
from chalicelib.domain.errors import DataRequestSettled

MOST_CASES = 20  # of one person in one portfolio
MOST_STEPS = 60
# Crockford's digits: none that is taken for another when it is read out.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class RequestKind(StrEnum):
    """
    Which right: OPPOSITION ends a use of the data, RESTRICTION keeps them and uses them no more.

    ERASURE is called cancellation or suppression in some countries.
    """

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OPPOSITION = "opposition"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"


class RequestWay(StrEnum):
    """How it came in; PAGE is the debtor's own."""

    PAGE = "page"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    LETTER = "letter"
    COUNTER = "counter"
    CALL = "call"


class RequestState(StrEnum):
    """
    RECEIVED; IDENTITY: it is not known that it is the person; WORK: somebody looks into it.

    ANSWERED was granted and is still to be carried out; DONE was; REFUSED with a lawful reason.
    """

    RECEIVED = "received"
    IDENTITY = "identity"
    WORK = "work"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"


LIVE = frozenset(
    {RequestState.RECEIVED, RequestState.IDENTITY, RequestState.WORK, RequestState.ANSWERED}
)
UNANSWERED = LIVE - {RequestState.ANSWERED}


class IdentityProof(StrEnum):
    """
    How somebody made sure that it is the person.

    PAGE: their link with its second fact; DOCUMENT: an identity card; KNOWN: asked from a contact
    that was proven before; FACTS: they told what only they know; PROXY: somebody with a power.
    """

    PAGE = "page"
    DOCUMENT = "document"
    KNOWN = "known"
    FACTS = "facts"
    PROXY = "proxy"


class Verdict(StrEnum):
    """RESTRICTED: not erased, but kept apart and used for nothing else."""

    GRANTED = "granted"
    PARTLY = "partly"
    RESTRICTED = "restricted"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why the law lets a request be refused, or granted in part only."""

    NOT_PROVEN = "not_proven"
    NOT_HELD = "not_held"
    DEBT_IN_FORCE = "debt_in_force"
    LAW_KEEPS = "law_keeps"
    OTHERS = "others"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    Something that was done about a request.

    Args:
        act: ``received``, ``identity_wanted``, ``identified``, ``given``, ``extended``,
            ``answered``, ``refused``, ``done``...
        actor: As on the timeline.
        note: In the words of who did it; personal.
    """

    at: datetime
    actor: str
    act: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTerm:
    """
    The term as the law had it on the day the request came.

    Args:
        answer_by: The last day to answer, of the portfolio's calendar.
        carry_by: The last day to do what was granted; None until it was answered.
        extended_to: The last day to answer once it was put off; None = it was not.
    """

    law: str
    article: str
    days: int
    unit: str
    carry_days: int
    extend_days: int
    own: bool
    answer_by: date
    carry_by: date | None = None
    extended_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """What the person was told; *text* is in the agency's words and goes into the letter."""

    verdict: Verdict
    ground: Ground | None
    article: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """
    One request of one person to one portfolio, whose creditor answers for the data.

    Args:
        case_ids: All cases of the person; none where nothing of them was found.
        name: Who asks, where no case says it; personal.
        received_on: The day it came in, of the portfolio's calendar: the term counts from it.
        words: What they asked for, in their words; personal.
        reply_to: Where they want the answer, in their words; personal.
        proof: How it was made sure that it is the person; None = nobody did.
        owner: Who is to see to it: a person's id; empty = nobody in particular.
        told: How many of the steps the cases' timelines tell of.
        erasure: Of one that asks for it, once somebody has set about it; None when nobody has.
    """

    request_id: str
    portfolio_id: str
    kind: RequestKind
    way: RequestWay
    state: RequestState
    received_on: date
    made_at: datetime
    made_by: str
    term: RequestTerm
    case_ids: tuple[str, ...] = ()
    name: str = ""
    words: str = ""
    reply_to: str = ""
    proof: IdentityProof | None = None
    proven_at: datetime | None = None
    proven_by: str = ""
    owner: str = ""
    answer: RequestAnswer | None = None
    ended_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    told: int = 0
    erasure: Erasure | None = None
    version: int = 1

    @property
    def erasable(self) -> bool:
        """Whether the data are to be erased: that was asked for and granted, and is not done."""
        granted = self.answer is not None and self.answer.verdict is Verdict.GRANTED
        return granted and (self.kind, self.state) == (RequestKind.ERASURE, RequestState.ANSWERED)

    @property
    def erasing(self) -> bool:
        """Whether an erasure waits for a second person, is under way, or is done."""
        return self.erasure is not None and self.erasure.state in SETTLED

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def due_on(self) -> date:
        """The last day for what comes next: the answer, or what was granted."""
        term = self.term
        if self.state is RequestState.ANSWERED and term.carry_by is not None:
            return term.carry_by
        return term.extended_to or term.answer_by

    def late_on(self, day: date) -> bool:
        return self.live and self.due_on < day

    @property
    def number(self) -> str:
        """What the person is told to ask about it by, such as ``7Q2M-0K4T``."""
        n = int.from_bytes(hashlib.sha256(self.request_id.encode()).digest()[:5], "big")
        digits = "".join(_DIGITS[n >> shift & 31] for shift in range(35, -1, -5))
        return f"{digits[:4]}-{digits[4:]}"

    def stepped(
        self, act: str, *, actor: str, now: datetime, note: str = "", **changes: object
    ) -> "DataRequest":
        """
        Give the request with something done about it.

        Raises:
            DataRequestSettled: It has ended, or more was done about it than is kept.
        """
        if not self.live or len(self.steps) >= MOST_STEPS:
            raise DataRequestSettled(state=self.state.value)
        step = Step(at=now, actor=actor, act=act, note=note)
        return replace(self, steps=(*self.steps, step), **changes)  # type: ignore[arg-type]
