"""The creditor's documents as proof of debts."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Form, Instant, Scanned
from chalicelib.handlers.models.visits import Named

Kind = Literal["invoice", "note", "contract", "statement", "delivery", "guarantee", "other"]
Mark = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,40}$")]
FileName = Annotated[str, Field(min_length=1, max_length=120)]
DebtId = Annotated[str, Field(max_length=80)]


class NewForms(Body):
    """``count``: of files that follow, one form each; 20 at most."""

    count: Annotated[int, Field(ge=1, le=20)] = 1


class MarkedForm(Answer):
    mark: str
    post: Form


class Forms(Answer):
    """The forms work for an hour; each takes one PDF, PNG, JPEG or WebP of up to 10 MB."""

    items: list[MarkedForm]


class OfferedFile(Body):
    """``sha256``: of the file's bytes, so that what is there already is told; may be empty."""

    name: FileName
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class OfferedFiles(Body):
    items: Annotated[list[OfferedFile], Field(min_length=1, max_length=50)]


class MatchedDebt(Answer):
    debt: str
    case_id: str
    case_name: str


class MatchedFile(Answer):
    """
    ``ambiguous``: its name may mean several debts, the likeliest first. ``known``: the same bytes
    stand there already; a photo is known only once it is sent, as it is kept without metadata.
    """

    name: str
    outcome: Literal["matched", "ambiguous", "known", "no_debt"]
    kind: Kind | None
    debts: list[MatchedDebt]


class Matches(Answer):
    items: list[MatchedFile]


class NamedFile(Body):
    """``debt``: the creditor's id of it. Empty, like ``kind`` null: as the name says."""

    mark: Mark
    name: FileName
    debt: Annotated[str, Field(max_length=200)] = ""
    kind: Kind | None = None
    shown: bool | None = None


class ManyPapers(Body):
    """``kind``: of those whose name says none."""

    items: Annotated[list[NamedFile], Field(min_length=1, max_length=20)]
    kind: Kind = "other"


class PlacedFile(Answer):
    """
    ``known``: the same bytes were there already. ``refused``: ``reason`` says why, such as
    ``missing``, ``too_large``, ``not_one_of`` (no PDF or picture), ``too_many``.
    """

    mark: str
    name: str
    outcome: Literal["placed", "known", "no_debt", "refused"]
    reason: str
    debt: str
    kind: Kind | None
    case_id: str | None
    paper_id: str | None


class Placed(Answer):
    items: list[PlacedFile]


class NewPaper(Body):
    """
    ``debt_id`` empty: of the whole case. ``shown``: whether the debtor may see it; null = as is
    usual for its kind. ``replaces``: the document it stands in place of, with a ``reason``.
    """

    mark: Mark
    name: FileName
    kind: Kind
    debt_id: DebtId = ""
    shown: bool | None = None
    replaces: Annotated[str, Field(max_length=80)] = ""
    reason: Annotated[str, Field(max_length=500)] = ""


class ChangePaper(Body):
    """What is not sent stays. ``state`` goes with a ``reason`` and with nothing else."""

    name: FileName | None = None
    kind: Kind | None = None
    debt_id: DebtId | None = None
    shown: bool | None = None
    state: Literal["withdrawn", "erased"] | None = None
    reason: Annotated[str, Field(max_length=500)] = ""


class Paper(Answer):
    """``debt_id`` null: of the whole case. ``why``: it was withdrawn or replaced."""

    paper_id: str
    kind: Kind
    name: str
    debt_id: str | None
    media_type: str
    size_bytes: int
    sha256: str
    shown: bool
    at: Instant
    by: Named
    state: Literal["stands", "replaced", "withdrawn", "erased"]
    replaces: str | None
    replaced_by: str | None
    ended_at: Instant | None
    ended_by: Named | None
    why: str
    url: str | None
    scan: Scanned


class NewPack(Body):
    """``evidence``: all of the case, to be proven. ``access``: what is held on its debtor."""

    purpose: Literal["evidence", "access"] = "evidence"
    reason: Annotated[str, Field(max_length=500)]


class Pack(Answer):
    """A ZIP: JSON that proves itself (``./recobro verify --pack``) and a PDF to read."""

    url: str
    sha256: str
    events: int
    size_bytes: int


class PapersCan(Answer):
    add: bool
    erase: bool


class Papers(Answer):
    """``shown_kinds``: the kinds that the debtor sees unless somebody says otherwise."""

    items: list[Paper]
    can: PapersCan
    shown_kinds: list[Kind]
