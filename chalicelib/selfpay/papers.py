"""Documents as the page lists them: those issued to a debtor, those that prove a debt."""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.case import CaseFile
from chalicelib.domain.creditor_paper import PaperKind
from chalicelib.domain.days import local_day
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages.naming import clean


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A document of the creditor, and the day on which it was put there."""

    paper_id: str
    kind: PaperKind
    name: str
    day: date


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


def proofs(file: CaseFile, portfolio: Portfolio, debt_id: str) -> tuple[Proof, ...]:
    """List what the debtor is shown as proof of a debt: what stands, kind by kind."""
    kinds = list(PaperKind)
    found = [one for one in file.papers if one.shown and one.proves(debt_id)]
    return tuple(
        Proof(
            paper_id=one.paper_id,
            kind=one.kind,
            name=clean(one.name),
            day=local_day(one.at, portfolio.time_zone),
        )
        for one in sorted(found, key=lambda one: (kinds.index(one.kind), one.name))
    )
