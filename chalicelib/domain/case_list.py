"""Cases as lists show them, and what a list is asked to hold."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.case import CaseHead, CaseStatus
from chalicelib.domain.names import folded

NOBODY = "none"  # answers for a case


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """What a list shows of a case: a part of its head, read from an index."""

    case_id: str
    portfolio_id: str
    currency: str
    name: str
    tax_id: str
    status: CaseStatus
    balance_minor: int
    oldest_due_on: date | None = None
    city: str = ""
    tags: tuple[str, ...] = ()
    debts: int = 0
    last_payment_on: date | None = None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """
    Which cases a list holds; everything given must hold.

    Args:
        city: Compared folded (without case and accents).
        due_from, due_to: Bounds of ``oldest_due_on``, inclusive; a band is such a range.
        min_minor, max_minor: Bounds of the balance, inclusive.
        owner: Who answers for it: a person's id, or ``NOBODY``. Heads alone know: what indexes
            hold of a case cannot be changed where there are cases already.
        untouched_before: Owes, and nobody turned to its debtor on that day or since (see
            ``coverage.contacted_on``). Heads alone know, as of the owner.
        charged_off: Whether any of its debts is charged off and owes; heads alone know, too.
    """

    city: str = ""
    status: CaseStatus | None = None
    tag: str = ""
    min_minor: int | None = None
    max_minor: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    owner: str = ""
    untouched_before: date | None = None
    charged_off: bool | None = None

    @property
    def asks_heads(self) -> bool:
        """Whether lines do not know enough to say which cases these are."""
        asked = (self.untouched_before, self.charged_off)
        return bool(self.owner) or any(one is not None for one in asked)

    def holds(self, case: "CaseLine | CaseHead") -> bool:
        """Say whether *case* is one of those; a line, as far as it knows."""
        if isinstance(case, CaseHead) and not self._known_by_heads(case):
            return False
        due_on = case.oldest_due_on
        dated = self.due_from is not None or self.due_to is not None
        return (
            (self.status is None or case.status is self.status)
            and (not self.tag or self.tag in case.tags)
            and (not self.city or folded(case.city) == folded(self.city))
            and (self.min_minor is None or case.balance_minor >= self.min_minor)
            and (self.max_minor is None or case.balance_minor <= self.max_minor)
            and (not dated or due_on is not None)
            and (self.due_from is None or due_on is None or due_on >= self.due_from)
            and (self.due_to is None or due_on is None or due_on <= self.due_to)
        )

    def _known_by_heads(self, case: CaseHead) -> bool:
        if self.owner and (case.owner or NOBODY) != self.owner:
            return False
        if self.charged_off not in (None, bool(case.charged_off)):
            return False
        before, touched_on = self.untouched_before, case.touched_on
        return before is None or (
            case.status not in (CaseStatus.SETTLED, CaseStatus.VOID)
            and (touched_on is None or touched_on < before)
        )
