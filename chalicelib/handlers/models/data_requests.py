"""What people ask about their own data by law: the register, one request, what is done about it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, DayText, Instant, Money
from chalicelib.handlers.models.visits import Named

Kind = Literal["access", "rectification", "erasure", "opposition", "restriction", "portability"]
Way = Literal["page", "whatsapp", "email", "letter", "counter", "call"]
State = Literal["received", "identity", "work", "answered", "done", "refused"]
Proof = Literal["page", "document", "known", "facts", "proxy"]
Verdict = Literal["granted", "partly", "restricted", "refused"]
Ground = Literal["not_proven", "not_held", "debt_in_force", "law_keeps", "others", "repeated"]
CaseId = Annotated[str, Field(min_length=1, max_length=80)]
Words = Annotated[str, Field(max_length=2_000)]
Short = Annotated[str, Field(max_length=120)]


class NewDataRequest(Body):
    """
    ``case_ids``: of the person; all others of the same tax id are taken along. Without any,
    ``name`` says who asks. ``received_on``: today if none is given; the term counts from it.
    ``proof``: how it was made sure that it is the person, if it was.
    """

    kind: Kind
    way: Literal["whatsapp", "email", "letter", "counter", "call"]
    received_on: Day | None = None
    case_ids: Annotated[list[CaseId], Field(default_factory=list, max_length=20)]
    name: Short = ""
    words: Words = ""
    reply_to: Short = ""
    proof: Literal["document", "known", "facts", "proxy"] | None = None


class RequestAct(Body):
    """
    One thing that is done about a request, over the ``version`` that was read.

    ``want_identity`` and ``extend`` want a ``note``, ``identify`` a ``proof``, ``give`` an
    ``owner``, ``add_case`` a ``case_id``, ``answer`` a ``verdict``, a ``text`` for the letter and,
    unless granted, a ``ground``; ``carry_out`` a ``note`` of what was done. What was granted to be
    erased: ``erase_ask`` and ``erase_reject`` want a ``note``, ``erase_approve`` another person.
    """

    version: Annotated[int, Field(ge=1)]
    act: Literal[
        "want_identity", "identify", "give", "add_case", "extend", "answer", "carry_out",
        "erase_ask", "erase_withdraw", "erase_approve", "erase_reject",
    ]  # fmt: skip
    note: Words = ""
    proof: Literal["document", "known", "facts", "proxy"] | None = None
    owner: Annotated[str, Field(max_length=80)] = ""
    case_id: Annotated[str, Field(max_length=80)] = ""
    verdict: Verdict | None = None
    ground: Ground | None = None
    article: Short = ""
    text: Words = ""


class RequestLine(Answer):
    """``due_on``: the last day for what comes next: the answer, or what was granted."""

    request_id: str
    portfolio_id: str
    number: str
    kind: Kind
    way: Way
    state: State
    name: str
    cases: int
    received_on: DayText
    due_on: DayText
    late: bool
    days_left: int | None
    verdict: Verdict | Literal[""]
    owner: Named | None
    ended_at: Instant | None


class RequestCounts(Answer):
    """``soon``: due within three days; ``more``: there are more than were counted."""

    late: int
    soon: int
    more: bool


class RequestLines(Answer):
    """``kinds``: the rights that the country's law knows today."""

    items: list[RequestLine]
    cursor: str | None
    counts: RequestCounts
    kinds: list[Kind]


class TermPage(Answer):
    """``own``: no law gives this number; the agency holds itself to it."""

    law: str
    article: str
    days: int
    unit: Literal["business", "calendar", "month"]
    carry_days: int
    own: bool
    answer_by: DayText
    carry_by: DayText | None
    extended_to: DayText | None


class RequestCase(Answer):
    case_id: str
    name: str
    status: str
    balance: Money


class Keeps(Answer):
    """By which article data of a debt in force may be kept, and how far that was checked."""

    article: str
    checked: Literal["text", "secondary", "no"]


class AnswerPage(Answer):
    verdict: Verdict
    ground: Ground | Literal[""]
    article: str
    text: str
    at: Instant
    by: Named


class StepPage(Answer):
    at: Instant
    act: str
    note: str
    by: Named


class RequestCan(Answer):
    work: bool
    extend: bool
    carry_out: bool
    letter: bool


class ErasureBlocker(Answer):
    """What is open on a case; ``credit``: the person is owed the amount."""

    case_id: str
    name: str
    reason: Literal[
        "owes", "credit", "agreement", "dispute", "payment_under_way", "cash", "visit", "hold",
        "decision", "request",
    ]  # fmt: skip
    amount_minor: int | None
    currency: str


class Goes(Answer):
    code: str
    count: int


class Stays(Answer):
    """``count``: nothing where it is not counted; ``article``: of the law that has it kept."""

    code: str
    count: int | None
    why: str
    article: str


class ErasurePage(Answer):
    """
    How far the erasure of a person's data is. ``goes`` and ``stays`` are counted as things are now,
    and from its approval on as they were then. Nothing is erased while there are ``blockers``.
    """

    state: Literal["open", "asked", "rejected", "running", "done"]
    asked_by: str
    asked_by_name: str
    asked_at: Instant | None
    decided_by: str
    decided_by_name: str
    decided_at: Instant | None
    note: str
    may_decide: bool
    cases_done: int
    cases: int
    finished_at: Instant | None
    blockers: list[ErasureBlocker]
    goes: list[Goes]
    stays: list[Stays]


class RequestPage(RequestLine):
    """
    One request. ``alike``: cases that share a contact, perhaps of the same person. ``in_force``:
    something is still owed, so erasure may be refused by ``keeps``. ``erasure``: of one that asks
    for it, once it was granted.
    """

    version: int
    made_at: Instant
    made_by: Named
    words: str
    reply_to: str
    proof: Proof | Literal[""]
    proven_at: Instant | None
    proven_by: Named | None
    term: TermPage
    case_list: list[RequestCase]
    alike: list[RequestCase]
    keeps: Keeps
    in_force: bool
    answer: AnswerPage | None
    steps: list[StepPage]
    can: RequestCan
    erasure: ErasurePage | None
