"""A visit: what an agent's phone reports of it, and what the server makes of that."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.contact import Ruling


class VisitKind(StrEnum):
    """A VISIT was made at the address; an EXCEPTION says why none could be."""

    VISIT = "visit"
    EXCEPTION = "exception"


#: The doubt of a visit whose photos did not come in time; it goes when they do.
PHOTOS_LATE = "photos"


class VisitState(StrEnum):
    PHOTOS_WANTED = "photos_wanted"
    COMPLETE = "complete"


class Standing(StrEnum):
    """RECEIVED needs nobody's look; REVIEW waits for one; the others are what it came to."""

    RECEIVED = "received"
    REVIEW = "review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A position as the phone had it. ``mock``: the client's own flag; None where it has none."""

    at: datetime
    lat: float
    lng: float
    accuracy_m: float
    mock: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``verified``, ``unsure`` or ``outside``, and why it is not the first."""

    verdict: str
    distance_m: float | None = None
    radius_m: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """
    A picture that was taken; its bytes come apart from the report.

    Args:
        kind: ``door``, ``notice``, ``document``, ``receipt`` or ``signature``.
        sha256: Of the bytes, in hex.
    """

    photo_id: str
    kind: str
    sha256: str
    bytes: int
    width: int
    height: int
    taken_at: datetime
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Who opened: one of ``domain.field.Met``."""

    who: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade:
    """``reason``: ``wrong_address``, ``moved``, ``unsafe``, ``closed`` or ``no_access``."""

    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A questionnaire as it was filled."""

    form_id: str
    version: int
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    promise_id: str
    amount_minor: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReport:
    """What the debtor says was paid already, elsewhere."""

    amount_minor: int
    paid_on: date
    reference: str = ""
    photo_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """
    Money taken at the door.

    Args:
        number: Of the provisional receipt that was given for it (``domain.cash.Receipt``).
        at: When it changed hands, by the phone's clock.
        code_id: Of the one-time code by which the debtor confirmed; empty without one.
    """

    number: str
    amount_minor: int
    at: datetime
    code_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """``kind``: a reason to hold (``contact.HoldReason``), else it is a dispute of that kind."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContact:
    """A phone or e-mail as it was told, in the country's own way of writing."""

    kind: str
    value: str
    party: str = "debtor"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAddress:
    lines: str
    city: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    A visit as the phone reports it. Instants are by the phone's clock.

    Args:
        address_id: None when the visit was made where no address is on file.
        clock_offset_ms: The phone's clock less the server's, measured at its last sync.
        tracked: Whether the phone sends a trail at all.
        fixes: The arrival first.
        stay_s: How long, as the phone reckons it.
        verdict: The phone's own.
        opt_outs: Channels on which the debtor refused further contact.
    """

    case_id: str
    address_id: str | None
    device_id: str
    started_at: datetime
    finished_at: datetime
    kind: VisitKind
    disposition: str
    verdict: Judgement
    fixes: tuple[Fix, ...] = ()
    assignment_id: str | None = None
    app_version: str = ""
    clock_offset_ms: int = 0
    tracked: bool = True
    stay_s: float = 0.0
    exception: Unmade | None = None
    met: Met | None = None
    form: Answers | None = None
    promise: Promised | None = None
    payment_report: PaymentReport | None = None
    cash: Cash | None = None
    dispute: Disputed | None = None
    contacts: tuple[FoundContact, ...] = ()
    address: FoundAddress | None = None
    opt_outs: tuple[str, ...] = ()
    notice_photo_id: str | None = None
    note: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something that speaks against a report; see ``visits.trust``."""

    sign: str
    weight: int
    figure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """``score``: 0 to 100, less what speaks against it, heaviest first."""

    score: int
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What the report says that no longer fits the case; it is kept, its effect is not applied."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """
    What the server makes of a report.

    Args:
        verdict: The server's own; the phone's is in the report.
        counted: Whether it counts as a visit: not an exception, and not from outside the radius.
        doubts: Why a person has to look at it: ``trust``, ``outside``, ``unsure``,
            ``exception``, ``not_allowed``, ``result``, ``cash``, ``photos``; empty when nobody
            has to.
        ruling: The contact decision of that moment; it never refuses what took place.
        cell: The H3 cell of the best fix; empty without one, and of visits before they had it.
    """

    verdict: Judgement
    trust: Trusted
    counted: bool
    doubts: tuple[str, ...] = ()
    ruling: Ruling | None = None
    clashes: tuple[Clash, ...] = ()
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """
    A photo's bytes have come.

    Args:
        problem: ``size`` or ``digest`` when they are not what was reported; it is wanted still.
    """

    photo_id: str
    at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's word on a visit; ``by`` is an actor as on the timeline."""

    accepted: bool
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    Args:
        person_id: Whose phone reported it.
        at: When it ended, by the server's clock.
        digest: sha256 of the bytes that were signed, in hex; a repeat has the same.
        told_at: When its result was sent by e-mail.
        signature: As it came, ``<device id>.<base64url>``.
    """

    visit_id: str
    person_id: str
    at: datetime
    received_at: datetime
    state: VisitState
    standing: Standing
    report: Report
    findings: Findings
    digest: str = ""
    signature: str = ""
    arrived: tuple[Arrived, ...] = ()
    review: Review | None = None
    told_at: datetime | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """Ids of the photos that have not come whole."""
        have = {one.photo_id for one in self.arrived if not one.problem}
        return tuple(one.photo_id for one in self.report.photos if one.photo_id not in have)

    @property
    def looked_for(self) -> bool:
        """Whether its photos are looked for by the clock: some are wanted, nobody was told yet."""
        return self.state is VisitState.PHOTOS_WANTED and PHOTOS_LATE not in self.findings.doubts

    @property
    def counts(self) -> bool:
        """Whether figures count it: it was made at the address, and nobody rejected it."""
        return self.findings.counted and self.standing is not Standing.REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    What a visit leaves to be found by: a key, and one thing that was there.

    Args:
        family: ``visit`` (of: its case), ``photo`` (a digest; of: visit), ``spot`` (a place;
            of: address), ``device`` (device and day; of: person),
            ``point`` (a portfolio; of: case and address for which visits propose one).
    """

    family: str
    value: str
    of: str
