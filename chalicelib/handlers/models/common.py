"""Pieces that many requests and answers share."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from chalicelib.handlers.models import Answer
from chalicelib.handlers.queries import FIRST_DAY, LAST_DAY

Language = Literal["es", "en", "pt"]
Email = Annotated[
    str,
    # Enough to refuse what cannot be an address; the invitation e-mail proves the rest.
    Field(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}$", max_length=254),
]
Phone = Annotated[str, Field(pattern=r"^(\+[1-9]\d{6,14})?$", description="E.164; may be empty.")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{1,80}$")]
Instant = Annotated[str, Field(description="ISO 8601 in UTC, such as 2026-11-22T10:00:00Z.")]
Minor = Annotated[int, Field(description="Integer count of the currency's smallest unit.")]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
ChargeOffReason = Literal["age", "insolvent", "deceased", "unlocated", "fraud", "cost", "creditor"]
DayText = Annotated[str, Field(description="yyyy-mm-dd, in the portfolio's time zone.")]


class Money(Answer):
    minor: Minor
    currency: str


class Who(Answer):
    id: str
    name: str


class Problem(Answer):
    """A refusal (RFC 9457). Branch on ``code``; docs/errors.md lists them all."""

    type: str
    title: str
    status: int
    code: str
    details: dict[str, object]
    request_id: str


Scanned = Annotated[
    Literal["off", "waiting", "clean", "infected", "unknown"],
    Field(
        description="What a scanner for malware said: `off`: none looks here; `waiting`: no result "
        "yet; `unknown`: it could not tell; of what is `infected` there is no address."
    ),
]


class Link(Answer):
    """A presigned address; it works for a few minutes."""

    url: str
    scan: Scanned = "off"


class Form(Answer):
    """A presigned POST: send ``fields`` and then ``file`` as multipart/form-data to ``url``."""

    url: str
    fields: dict[str, str]


class OpenApi(Answer):
    """An OpenAPI 3.1 document."""

    model_config = ConfigDict(extra="allow")

    openapi: str


class Health(Answer):
    status: Literal["ok"]
