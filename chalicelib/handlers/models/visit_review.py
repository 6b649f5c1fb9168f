"""Visits as supervisors see and judge them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Instant, Minor, Scanned
from chalicelib.handlers.models.visits import Conflict, Judged, Named, Sign, VerdictName

Standing = Literal["received", "review", "accepted", "rejected"]
Doubt = Literal[
    "trust", "outside", "unsure", "exception", "not_allowed", "result", "cash", "photos"
]


class VisitReview(Body):
    """``reason``: needed to reject."""

    accept: bool
    reason: Annotated[str, Field(max_length=500)] = ""


class VisitResult(Answer):
    """``label`` by language; empty where the portfolio's list has changed since."""

    code: str
    label: dict[str, str]


class VisitLine(Answer):
    """
    What a list shows. ``verdict`` is the server's; ``counted``: figures count it as a visit.

    ``doubts``: why a person has to look at it.
    """

    visit_id: str
    case_id: str
    case_name: str
    portfolio_id: str
    person: Named
    at: Instant
    received_at: Instant
    kind: Literal["visit", "exception"]
    disposition: VisitResult
    met: str
    exception: str
    verdict: VerdictName
    distance_m: float | None
    trust: int
    doubts: list[Doubt]
    counted: bool
    state: Literal["photos_wanted", "complete"]
    standing: Standing
    photos: int


class VisitLines(Answer):
    items: list[VisitLine]
    cursor: str | None


class VisitPortfolio(Answer):
    id: str
    name: str
    currency: str
    time_zone: str


class VisitRuling(Answer):
    at: Instant
    allowed: bool
    reason_code: str
    article: str
    rules: str
    next_allowed_at: Instant | None


class VisitPromise(Answer):
    promise_id: str
    amount_minor: Minor
    due_on: DayText


class VisitPayment(Answer):
    amount_minor: Minor
    paid_on: DayText
    reference: str
    photo_id: str | None


class VisitCash(Answer):
    number: str
    amount_minor: int
    at: Instant


class VisitDispute(Answer):
    kind: str
    text: str


class VisitContact(Answer):
    kind: str
    value: str
    party: str


class VisitAddress(Answer):
    lines: str
    city: str
    lat: float | None
    lng: float | None


class VisitAnswer(Answer):
    question: str
    answer: str


class VisitForm(Answer):
    """``answers`` in words of the reader's language; None when the form is not known."""

    form_id: str
    version: int
    answers: list[VisitAnswer] | None


class VisitPhoto(Answer):
    """``url`` works for some minutes; None until the picture has come."""

    photo_id: str
    kind: str
    taken_at: Instant
    width: int
    height: int
    lat: float | None
    lng: float | None
    url: str | None
    scan: Scanned


class Spot(Answer):
    lat: float
    lng: float
    lines: str


class EvidenceFix(Answer):
    at: Instant
    lat: float
    lng: float
    accuracy_m: float


class EvidencePoint(Answer):
    at: Instant
    lat: float
    lng: float


class Evidence(Answer):
    """What a map of the visit shows."""

    address: Spot | None
    quality: str
    radius_m: float
    fixes: list[EvidenceFix]
    trail: list[EvidencePoint]


class VisitReviewed(Answer):
    accepted: bool
    by: Named
    at: Instant
    reason: str


class VisitCan(Answer):
    review: bool


class VisitPage(VisitLine):
    """
    A visit with all that speaks for and against it.

    ``told_at``: when its result went out by e-mail.
    """

    portfolio: VisitPortfolio
    started_at: Instant
    finished_at: Instant
    stay_s: float
    told_at: Instant | None
    device_id: str
    app_version: str
    met_name: str
    exception_text: str
    phone_verdict: Judged
    server_verdict: Judged
    signs: list[Sign]
    review_below: int
    ruling: VisitRuling | None
    conflicts: list[Conflict]
    promise: VisitPromise | None
    payment_report: VisitPayment | None
    cash: VisitCash | None
    dispute: VisitDispute | None
    contacts: list[VisitContact]
    address_found: VisitAddress | None
    opt_outs: list[str]
    note: str
    form: VisitForm | None
    photos_taken: list[VisitPhoto]
    evidence: Evidence
    review: VisitReviewed | None
    can: VisitCan
