"""How a case stands by the agreement in force, and what is paid of it."""

from dataclasses import dataclass

from chalicelib.domain.agreements import Agreement, AgreementStanding, in_force, standing
from chalicelib.domain.case import CaseFile
from chalicelib.domain.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    agreement: Agreement
    standing: AgreementStanding


def agreed(file: CaseFile, portfolio: Portfolio) -> Agreed | None:
    """The agreement in force with what is paid of it; None when the case has none."""
    known = in_force(file.agreements)
    if known is None:
        return None
    tolerance = portfolio.policies.tolerance_minor
    return Agreed(
        agreement=known, standing=standing(known, file.entries, tolerance_minor=tolerance)
    )
