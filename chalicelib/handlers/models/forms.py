"""Questionnaires."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant
from chalicelib.handlers.models.policies import FormUse

Revision = Annotated[int, Field(ge=1, description="The revision that was read; 409 on another.")]
Base64 = Annotated[str, Field(min_length=4, max_length=4_200_000, description="Base64.")]
Texts = Annotated[dict[str, Annotated[str, Field(max_length=4_000)]], Field(max_length=20)]
Path = Annotated[
    list[Annotated[str, Field(max_length=120)]],
    Field(max_length=20, description="Names from the root; empty is the form itself."),
]


class SentTable(Body):
    """A CSV that the form chooses from, by the name that the form gives it."""

    filename: Annotated[str, Field(min_length=1, max_length=120)]
    content: Base64


class SentForm(Body):
    filename: Annotated[str, Field(min_length=1, max_length=120)]
    content: Base64
    tables: Annotated[list[SentTable], Field(default_factory=list, max_length=10)]


class QuestionChange(Body):
    """What is sent changes; a blank text takes it away."""

    path: Path
    label: Texts | None = None
    hint: Texts | None = None
    required_message: Texts | None = None
    constraint_message: Texts | None = None
    required: bool | None = None


class OrderChange(Body):
    path: Path
    names: Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=2_000)]


class ChoiceChange(Body):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    label: Texts


class FormChanges(Body):
    """Other texts, order or choices than the base version's; its logic stays."""

    base: Annotated[int, Field(ge=1)]
    title: Annotated[str, Field(max_length=200)] | None = None
    questions: Annotated[list[QuestionChange], Field(default_factory=list, max_length=2_000)]
    order: Annotated[list[OrderChange], Field(default_factory=list, max_length=200)]
    lists: Annotated[
        dict[str, Annotated[list[ChoiceChange], Field(max_length=2_000)]],
        Field(default_factory=dict, max_length=200),
    ]


class NewVersion(Body):
    """Either a file or changes."""

    revision: Revision
    file: SentForm | None = None
    changes: FormChanges | None = None


class Publication(Body):
    revision: Revision
    version: Annotated[int, Field(ge=1)]
    without_forbidden: Annotated[
        bool, Field(description="Questions that the country forbids may be left out.")
    ] = False


class Archival(Body):
    revision: Revision
    archived: bool = True


class Line(Answer):
    form_id: str
    title: str
    state: Literal["draft", "published", "archived"]
    languages: list[str]
    questions: int
    latest: int
    published: Annotated[int, Field(description="0 when none is.")]
    without_forbidden: bool
    revision: int
    created_at: Instant
    updated_at: Instant
    updated_by: dict[str, str]
    uses: list[FormUse]


class Lines(Answer):
    items: list[Line]
    cursor: str | None


class VersionLine(Answer):
    number: int
    title: str
    source: Literal["file", "panel"]
    base: int
    filename: str
    digest: str
    questions: int
    made_at: Instant
    made_by: dict[str, str]


class Whole(Line):
    versions: list[VersionLine]


class Version(Answer):
    """``compiled`` is what phones fill: docs/questionnaires.md."""

    form_id: str
    number: int
    title: str
    compiled: dict[str, Any]
    warnings: list[dict[str, Any]]
    forbidden: list[dict[str, Any]]
