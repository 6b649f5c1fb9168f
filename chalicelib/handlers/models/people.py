"""People and what was done to them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Email, Id, Instant, Language, Name, Phone
from chalicelib.handlers.models.sessions import Me

Role = Literal["admin", "supervisor", "agent"]
Team = Annotated[str, Field(max_length=80)]
Portfolios = Annotated[list[Id | Literal["*"]], Field(max_length=500)]


class Invite(Body):
    email: Email
    name: Name
    role: Role
    portfolios: Portfolios = Field(default_factory=list)
    team: Team = ""
    language: Language = "es"


class ChangePerson(Body):
    name: Name | None = None
    role: Role | None = None
    portfolios: Portfolios | None = None
    team: Team | None = None
    phone: Phone | None = None
    disabled: bool | None = None


class NewPhoto(Body):
    image: Annotated[str, Field(min_length=4, max_length=180_000, description="Base64.")]


class Person(Me):
    disabled: bool
    invited_at: Instant | None
    last_seen_at: Instant | None
    status: Literal["invited", "active", "disabled"]
    photo_key: Annotated[str, Field(description="On this site; empty where there is none.")]


class PeoplePage(Answer):
    items: list[Person]
    cursor: str | None


class AuditEvent(Answer):
    event_id: str
    kind: str
    at: Instant
    actor: str
    subject: str
    facts: dict[str, object]


class AuditPage(Answer):
    items: list[AuditEvent]
    cursor: str | None
