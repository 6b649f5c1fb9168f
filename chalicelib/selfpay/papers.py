"""The documents that were issued to a debtor, as the page lists them."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """
    Args:
        code: Printed on it; anybody can check it by that.
        stands: False once it was annulled; it stays on file and is shown as such.
    """

    document_id: str
    kind: DocumentKind
    code: str
    day: date
    stands: bool


def build(file: CaseFile, portfolio: Portfolio) -> tuple[Issued, ...]:
    """List the documents of a case, the newest first."""
    newest = sorted(file.documents, key=lambda one: one.issued_at, reverse=True)
    return tuple(
        Issued(
            document_id=one.document_id,
            kind=one.kind,
            code=one.code,
            day=local_day(one.issued_at, portfolio.time_zone),
            stands=one.annulled_at is None,
        )
        for one in newest
    )
