"""What may be agreed for which debts: limits by band, balance and product, and who may say more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Frequency(StrEnum):
    """WEEKLY every seven days; FORTNIGHTLY on the 15th and the last of a month; MONTHLY."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class Earned(StrEnum):
    """
    When what is forgiven leaves the ledger.

    START all at once when the agreement is signed. SHARE with each payment of the plan, in
    proportion to it. END when the last one is paid. A broken agreement gives back whatever left.
    """

    START = "start"
    SHARE = "share"
    END = "end"


class Approver(StrEnum):
    """Whose word is needed beyond the limits; never that of who asked."""

    SUPERVISOR = "supervisor"
    ADMIN = "admin"


EVERY_FREQUENCY = tuple(Frequency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLimits:
    """
    What may be agreed without a second person; ppm = parts per million.

    Args:
        min_down_payment_ppm: Of what is to be paid in all.
        min_share_minor: The least that one payment of a plan may be; an offer below is refused
            at once, with the nearest plan that keeps to it.
        frequencies: Which rhythms may be chosen.
        first_within_days: How far ahead the first payment of a plan may be.
        valid_days: How long an offer can be accepted; the day it is made counts.
        earned: When the discount leaves the ledger.
        missed: So many payments late beyond their grace break an agreement.
        grace_days: Days after a payment's day on which it still counts as on time.
        extension_days: How far an extension of time may move a debt; 0 = none is given.
        restructures: How often the agreements of a case may be put into new terms.
        capitalise: Whether new terms may make principal of interest and fees; see
            docs/adr/0025-capitalising.md for why nobody may unless it is said here.
        approver: Who may agree to more.
        approval_hours: How long a request for more waits before it lapses.
    """

    min_down_payment_ppm: int = 100_000
    max_instalments: int = 12
    max_discount_principal_ppm: int = 0
    max_discount_interest_ppm: int = 500_000
    max_discount_fees_ppm: int = 1_000_000
    min_share_minor: int = 0
    frequencies: tuple[Frequency, ...] = EVERY_FREQUENCY
    first_within_days: int = 45
    valid_days: int = 10
    earned: Earned = Earned.SHARE
    missed: int = 1
    grace_days: int = 5
    extension_days: int = 30
    restructures: int = 1
    capitalise: bool = False
    approver: Approver = Approver.SUPERVISOR
    approval_hours: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRule:
    """
    Limits for some cases; the first rule that fits a case holds, else the portfolio's own.

    Args:
        bands: Codes of ageing bands; empty = any.
        products: Of the debts, all of which must be among them; empty = any.
        min_minor, max_minor: Bounds of what is owed, inclusive.
    """

    name: str
    limits: AgreementLimits
    bands: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    min_minor: int | None = None
    max_minor: int | None = None

    def fits(self, band: str, owed_minor: int, products: Iterable[str]) -> bool:
        return (
            (not self.bands or band in self.bands)
            and (not self.products or set(products) <= set(self.products))
            and (self.min_minor is None or owed_minor >= self.min_minor)
            and (self.max_minor is None or owed_minor <= self.max_minor)
        )


def limits_for(
    rules: Sequence[AgreementRule],
    otherwise: AgreementLimits,
    *,
    band: str,
    owed_minor: int,
    products: Iterable[str],
) -> AgreementLimits:
    """
    Find the limits of a case.

    >>> late = AgreementRule(name="late", bands=("180+",), limits=AgreementLimits(missed=2))
    >>> limits_for([late], AgreementLimits(), band="180+", owed_minor=1, products=()).missed
    2
    """
    found = rule_for(rules, band=band, owed_minor=owed_minor, products=products)
    return otherwise if found is None else rules[found].limits


def rule_for(
    rules: Sequence[AgreementRule], *, band: str, owed_minor: int, products: Iterable[str]
) -> int | None:
    """Find which rule a case falls under, counted from 0; None for none of them."""
    known = tuple(products)
    fitting = (n for n, rule in enumerate(rules) if rule.fits(band, owed_minor, known))
    return next(fitting, None)
