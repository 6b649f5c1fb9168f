"""Creditors' accounts at providers of payments."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant

Method = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
Name = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
Setting = Annotated[str, Field(max_length=120)]
Key = Annotated[str, Field(max_length=512)]


class ConnectAccount(Body):
    """
    ``keys`` holds those that change only; none is ever shown again. ``version`` is the one that
    was seen, 0 for a provider that is not connected yet.
    """

    enabled: bool = True
    methods: Annotated[list[Method], Field(max_length=8)]
    settings: dict[Name, Setting] = Field(default_factory=dict)
    keys: dict[Name, Key] = Field(default_factory=dict)
    version: Annotated[int, Field(ge=0)]


class Account(Answer):
    """``problem`` is what the provider said when it was last asked; empty = the keys are good."""

    enabled: bool
    methods: list[str]
    settings: dict[str, str]
    key_hint: str
    label: str
    tested_at: Instant | None
    problem: str
    changed_at: Instant
    changed_by: str
    version: int


class ProviderOfPayments(Answer):
    """``keys`` and ``settings`` are what it has to be told; ``notify_url`` goes into its panel."""

    provider: str
    methods: list[str]
    keys: list[str]
    settings: list[str]
    notify_url: str
    account: Account | None


class ProvidersOfPayments(Answer):
    items: list[ProviderOfPayments]
    can_connect: bool


class BankFile(Body):
    """``content`` in base64; ``answers`` by question id; ``from_row`` goes on with a long file."""

    filename: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[str, Field(min_length=1)]
    answers: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=40)]] = (
        Field(default_factory=dict)
    )
    from_row: Annotated[int, Field(ge=0)] = 0


class BankFileReject(Answer):
    row: int
    field: str
    code: str
    text: str


class BankFileQuestion(Answer):
    id: str
    kind: str
    suggested: str | None
    choices: list[dict[str, Any]]


class BankFileReport(Answer):
    """
    ``outcomes`` counts rows: posted, known, unmatched (in the tray), ignored. With ``questions``
    nothing was posted yet; with ``next_row`` the same file is to be sent again from there.
    """

    rows: int
    outcomes: dict[str, int]
    rejects: list[BankFileReject]
    rejected: int
    next_row: int | None
    questions: list[BankFileQuestion]
