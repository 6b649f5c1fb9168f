"""One row of a debts file."""

from dataclasses import dataclass
from datetime import date

from local.generator.people import Debtor


@dataclass(frozen=True, slots=True)
class Line:
    """
    A debt, or one instalment of a debt.

    Args:
        instalment: Its number, or None for a debt that is due at once.
    """

    debtor: Debtor
    folio: str
    product: str
    issued_on: date
    due_on: date
    principal_minor: int
    interest_minor: int
    fees_minor: int
    instalment: int | None = None

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fees_minor
