"""Texts of messages, their checks and previews."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant, Language

Channel = Literal["whatsapp", "sms", "email", "letter", "call"]
Stage = Literal["preventive", "due", "friendly", "firm", "formal", "offer", "service"]
Family = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")]


class Button(Body):
    code: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    title: Annotated[str, Field(min_length=1, max_length=40)]


class Text(Body):
    """What a text is made of; `body` and `subject` have `{{ variables }}`."""

    stage: Stage
    subject: Annotated[str, Field(max_length=500)] = ""
    body: Annotated[str, Field(max_length=20_000)]
    buttons: Annotated[list[Button], Field(max_length=10, default_factory=list)]
    approved_name: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,120}$")] = ""
    attach_statement: bool = False


class Save(Text):
    version: Annotated[int, Field(ge=0, description="Its own version changed; 0 = it has none.")]
    note: Annotated[str, Field(max_length=300)] = ""


class Withdraw(Body):
    version: Annotated[int, Field(ge=1)]


class Trial(Text):
    """A text, saved or not, to be tried."""

    template_id: Family = "prueba"
    channel: Channel
    language: Language


class PreviewOf(Trial):
    case_id: Annotated[str, Field(max_length=80)] = Field(
        default="", description="Empty = an invented debtor who has everything."
    )


class TestTo(Trial):
    to: Annotated[str, Field(min_length=3, max_length=254, description="Phone or e-mail.")]


class Line(Answer):
    """A text as a list shows it. `version` 0 = the built-in one is used."""

    template_id: str
    channel: Channel
    language: Language
    stage: Stage
    subject: str
    version: int
    built_in: bool
    saved_at: Instant | None
    saved_by: str | None


class Lines(Answer):
    items: list[Line]
    cursor: None


class ShownButton(Answer):
    code: str
    title: str


class Saved(Answer):
    version: int
    saved_at: Instant
    saved_by: str | None
    note: str
    active: bool
    subject: str
    body: str


class Whole(Line):
    body: str
    buttons: list[ShownButton]
    approved_name: str
    attach_statement: bool
    own_version: Annotated[int, Field(description="To save over; 0 = it has none of its own.")]
    built_in_body: str | None
    built_in_subject: str | None
    versions: list[Saved]


class Finding(Answer):
    """`where` is `body`, `subject`, `buttons`, `approved_name` or `portfolio`; `line` from 1."""

    level: Literal["error", "warning"]
    code: str
    where: str
    line: int
    facts: dict[str, Any]


class Sms(Answer):
    encoding: Literal["gsm7", "ucs2"]
    units: int
    segments: int
    left: int
    outside: str


class Preview(Answer):
    """What it would be; the texts are null where the case lacks what it speaks of."""

    text: str | None
    subject: str
    html: str
    buttons: list[ShownButton]
    sms: Sms | None
    approvable: str
    findings: list[Finding]
    ok: bool


class Sent(Answer):
    provider: str
    provider_id: str
    units: int


class Variable(Answer):
    name: str
    group: str
    kind: Literal["text", "money", "date", "number", "link", "list"]
    always: bool
    about: str
    fields: list[str]
    filters: list[str]


class Offered(Answer):
    """What an editor completes and offers."""

    variables: list[Variable]
    families: list[str]
    channels: list[Channel]
    stages: list[Stage]
    buttons: list[ShownButton]
