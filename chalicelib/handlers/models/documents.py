"""Documents that were issued, as staff see them and as anybody may check them."""

from typing import Literal

from chalicelib.handlers.models import Answer
from chalicelib.handlers.models.common import Instant

Kind = Literal["receipt", "cash", "agreement", "settlement", "resolution", "statement"]


class Document(Answer):
    """
    ``sha256`` is of the file behind ``url``, which works for some minutes.

    ``of``: what caused it. ``facts``: what the public check says beside kind, day and issuer.
    """

    document_id: str
    kind: Kind
    code: str
    of: str
    issued_at: Instant
    sha256: str
    size_bytes: int
    filename: str
    annulled_at: Instant | None
    annulled_why: str
    facts: dict[str, object]
    url: str


class Documents(Answer):
    items: list[Document]


class Checked(Answer):
    """
    What anybody may know of a document who holds it; it names no debtor.

    ``stands``: false once it was annulled; ``annulled_why`` is then a code such as ``refunded``.
    """

    code: str
    kind: Kind
    creditor: str
    agency: str
    issued_at: Instant
    sha256: str
    size_bytes: int
    stands: bool
    annulled_at: Instant | None
    annulled_why: str
    facts: dict[str, object]
