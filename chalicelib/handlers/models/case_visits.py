"""The visits that were made of a case, as its page lists them."""

from typing import Literal

from chalicelib.handlers.models import Answer
from chalicelib.handlers.models.common import Instant


class CaseVisitor(Answer):
    id: str
    name: str


class CaseVisitResult(Answer):
    code: str
    label: dict[str, str]


class CaseVisit(Answer):
    """
    A visit that was made, or could not be.

    ``trust``, ``doubts``, ``lat`` and ``lng`` (where the phone was) are for who may judge visits:
    null and empty for others, who cannot open it either.
    """

    visit_id: str
    at: Instant
    person: CaseVisitor
    kind: Literal["visit", "exception"]
    disposition: CaseVisitResult
    met: str
    exception: str
    verdict: Literal["verified", "unsure", "outside"]
    distance_m: float | None
    standing: Literal["received", "review", "accepted", "rejected"]
    photos: int
    photos_wanted: int
    trust: int | None
    doubts: list[str]
    lat: float | None
    lng: float | None
