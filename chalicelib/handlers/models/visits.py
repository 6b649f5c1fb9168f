"""Visits as phones report them, and what they and their supervisors are answered."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.cases import Amount
from chalicelib.handlers.models.common import Day, Form, Id, Instant

VisitId = Annotated[str, Field(pattern=r"^vis_[A-Za-z0-9_\-]{8,60}$")]
DeviceId = Annotated[str, Field(pattern=r"^dev_[A-Za-z0-9_\-]{8,60}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_\-.]{1,60}$")]
Lat = Annotated[float, Field(ge=-90, le=90)]
Lng = Annotated[float, Field(ge=-180, le=180)]
Metres = Annotated[float, Field(ge=0, le=1_000_000)]
Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]
Coordinate = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{43}$")]
ChannelName = Literal["call", "sms", "whatsapp", "email", "letter", "visit"]
Who = Literal["holder", "codebtor", "family", "neighbour", "employer", "nobody"]
Unmade = Literal["wrong_address", "moved", "unsafe", "closed", "no_access"]
VerdictName = Literal["verified", "unsure", "outside"]


class PublicKey(Body):
    """A JSON Web Key of P-256, public half only; WebCrypto's own export."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate
    ext: bool = True
    key_ops: list[str] = Field(default_factory=list)


class NewDevice(Body):
    device_id: DeviceId
    name: Annotated[str, Field(min_length=1, max_length=80)]
    public_key: PublicKey
    platform: Annotated[str, Field(max_length=200)] = ""


class DeviceRegistered(Answer):
    """``server_time``: to measure the phone's clock against."""

    device_id: str
    server_time: Instant


class Named(Answer):
    id: str
    name: str


class Device(Answer):
    device_id: str
    person: Named
    name: str
    platform: str
    created_at: Instant
    revoked_at: Instant | None


class Devices(Answer):
    items: list[Device]
    cursor: str | None


class Fix(Body):
    at: AwareDatetime
    lat: Lat
    lng: Lng
    accuracy_m: Metres
    mock: bool | None = None


class Verdict(Body):
    verdict: VerdictName
    distance_m: Annotated[float, Field(ge=0)] | None = None
    radius_m: Metres = 0.0
    reasons: Annotated[list[Code], Field(max_length=20, default_factory=list)]


class NoVisit(Body):
    reason: Unmade
    text: Text = ""


class Met(Body):
    who: Who
    name: Short = ""


class Filled(Body):
    form_id: Id
    version: Annotated[int, Field(ge=1)]
    answers: dict[str, Any]


class Promise(Body):
    promise_id: Id
    amount_minor: Amount
    due_on: Day


class PaymentReport(Body):
    amount_minor: Amount
    paid_on: Day
    reference: Annotated[str, Field(max_length=120)] = ""
    photo_id: Id | None = None


class Cash(Body):
    """
    Money taken at the door, under the number of the provisional receipt that was given for it.

    ``code_id``: of the one-time code by which the debtor confirmed, if one did.
    """

    number: Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{8}-[0-9]{6}$")]
    amount_minor: Amount
    at: AwareDatetime
    code_id: Annotated[str, Field(max_length=80)] = ""


class Dispute(Body):
    kind: Code
    text: Text = ""


class Contact(Body):
    kind: Literal["phone", "email"]
    value: Annotated[str, Field(min_length=3, max_length=254)]
    party: Code = "debtor"


class FoundAddress(Body):
    lines: Annotated[str, Field(min_length=1, max_length=300)]
    city: Short = ""
    lat: Lat | None = None
    lng: Lng | None = None


class Photo(Body):
    photo_id: Id
    kind: Literal["door", "notice", "document", "receipt", "signature"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=1, le=10_000_000)]
    width: Annotated[int, Field(ge=1, le=20_000)]
    height: Annotated[int, Field(ge=1, le=20_000)]
    taken_at: AwareDatetime
    lat: Lat | None = None
    lng: Lng | None = None
    accuracy_m: Metres | None = None


class VisitReport(Body):
    """
    A visit as the phone has it, signed: header ``X-Recobro-Signature``.

    The instants are the phone's own; ``clock_offset_ms`` is its clock less the server's.
    """

    visit_id: VisitId
    assignment_id: Id | None = None
    case_id: Id
    address_id: Id | None
    device_id: DeviceId
    app_version: Annotated[str, Field(max_length=60)] = ""
    started_at: AwareDatetime
    finished_at: AwareDatetime
    clock_offset_ms: Annotated[int, Field(ge=-(10**11), le=10**11)] = 0
    tracked: bool = True
    fixes: Annotated[list[Fix], Field(max_length=50)]
    stay_s: Annotated[float, Field(ge=0, le=10**7)] = 0.0
    verdict: Verdict
    kind: Literal["visit", "exception"]
    exception: NoVisit | None = None
    met: Met | None = None
    disposition: Code
    form: Filled | None = None
    promise: Promise | None = None
    payment_report: PaymentReport | None = None
    cash: Cash | None = None
    dispute: Dispute | None = None
    contacts: Annotated[list[Contact], Field(max_length=10, default_factory=list)]
    address: FoundAddress | None = None
    opt_outs: Annotated[list[ChannelName], Field(max_length=6, default_factory=list)]
    notice_photo_id: Id | None = None
    note: Text = ""
    photos: Annotated[list[Photo], Field(max_length=20, default_factory=list)]


class Judged(Answer):
    verdict: VerdictName
    distance_m: float | None
    radius_m: float
    reasons: list[str]


class Sign(Answer):
    """``figure``: what raised it: km/h, metres, doors, people, seconds; 1 for a flag."""

    sign: str
    weight: int
    figure: float


class Trust(Answer):
    score: int
    signs: list[Sign]


class Conflict(Answer):
    """What the report says that no longer fits the case; kept, and not applied."""

    code: str
    details: dict[str, Any]


class PhotoAsked(Body):
    """The photo as the visit's report has it."""

    visit_id: VisitId
    photo_id: Id
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=1)]
    content_type: str


class PhotoPart(Answer):
    """Bytes ``start`` to ``end`` (not included) of the photo, and the form that takes them."""

    start: int
    end: int
    post: Form


class PhotoForm(Answer):
    """
    ``have``: it is here already; else ``post`` it, within the hour.

    ``parts``: a large one may go in parts instead; those named have not come. When they have been
    sent, ask again: the photo is put together then.
    """

    have: bool
    post: Form | None
    parts: list[PhotoPart]


class Receipt(Answer):
    """``counted``: not an exception, and not from outside the radius."""

    visit_id: str
    state: Literal["photos_wanted", "complete"]
    verdict: Judged
    trust: Trust
    counted: bool
    photos_wanted: list[str]
    conflicts: list[Conflict]
