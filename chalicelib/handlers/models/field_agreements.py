"""Agreements signed at the door: what the phone is offered, and what it sends."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.agreements import DayText, Frequency, Kind, NewOffer, State
from chalicelib.handlers.models.common import Day, Id, Instant, Minor
from chalicelib.handlers.models.visits import VisitId


class FieldShare(Body):
    number: Annotated[int, Field(ge=0, le=120)]
    due_on: Day
    amount_minor: Annotated[Minor, Field(ge=1)]


class FieldAgreement(Body):
    """
    What a debtor signed on the phone's glass; the visit holds the signature.

    ``shares``: the payments as they were shown; ``signed_at`` by the server's clock.
    """

    case_id: Id
    visit_id: VisitId
    kind: Kind
    offer: NewOffer
    shares: Annotated[list[FieldShare], Field(min_length=1, max_length=121)]
    signed_at: AwareDatetime


class Taken(Answer):
    agreement_id: str
    state: State
    document_id: str


class OfferedShare(Answer):
    number: int
    due_on: DayText
    amount_minor: int


class OfferTerms(Answer):
    instalments: int
    frequency: Frequency
    down_payment_minor: int | None
    first_on: DayText | None
    discount_principal_ppm: int
    discount_interest_ppm: int
    discount_fees_ppm: int
    affordable_minor: int | None
    capitalise: bool


class FieldOffer(Answer):
    kind: Kind
    offer: OfferTerms
    owed_minor: int
    saved_minor: int
    to_pay_minor: int
    currency: str
    shares: list[OfferedShare]


class OffersOfCase(Answer):
    """``why`` nothing is offered: ``hidden``, ``in_force``, ``nothing``; empty where some is."""

    case_id: str
    offers: list[FieldOffer]
    why: str


class FieldOffers(Answer):
    as_of: Instant
    items: list[OffersOfCase]
