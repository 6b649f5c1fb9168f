"""
Paying by oneself: what a debtor sets out to pay, and how far that got.

A checkout asks a provider for money once. It moves nothing in the ledger: only what the provider
says came in does (``domain.payment``), whatever has become of the checkout meanwhile.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.agreements import Covered
from chalicelib.domain.money import Money

# Why a checkout was closed that asks for more than is owed by now.
PAID_OTHERWISE = "paid_otherwise"
# Between the parts of the reference that a provider is given and gives back.
_MARK = "."


class Pays(StrEnum):
    """What a checkout is for; OFFER is a discount accepted, SHARE one payment of an agreement."""

    ALL = "all"
    AMOUNT = "amount"
    DEBT = "debt"
    INSTALMENT = "instalment"
    OFFER = "offer"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """
    What is paid.

    Args:
        debt_id: For DEBT and INSTALMENT; with AMOUNT, the debt that is paid first.
        of: The id of the agreement or offer, for SHARE and OFFER.
        number: Of the instalment or share.
    """

    pays: Pays
    debt_id: str = ""
    of: str = ""
    number: int = 0

    @property
    def key(self) -> str:
        """
        Name the thing that is paid: two checkouts of the same key would pay it twice.

        >>> Target(pays=Pays.INSTALMENT, debt_id="dbt_1", number=2).key
        'instalment:dbt_1::2'
        """
        return f"{self.pays.value}:{self.debt_id}:{self.of}:{self.number}"


class CheckoutState(StrEnum):
    """
    How far a checkout got.

    OPEN may be paid. PENDING has what is paid elsewhere (a voucher, a transfer) under way. PAID
    was, in whole or in part. FAILED was refused. CLOSED was given up or another took its place.
    EXPIRED had its time run out. Money that still comes to one that ended is posted all the same.
    """

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """
    What paying an offer whole and in time saves, as it stood when that was begun.

    Args:
        until: The last day on which the money may be paid.
    """

    covered: tuple[Covered, ...]
    until: date


# May still be paid by who has its page open.
LIVE = frozenset({CheckoutState.OPEN, CheckoutState.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """
    Args:
        checkout_id: Also the provider's idempotency key: starting it again starts the same.
        amount_minor: What is asked for; what comes may differ.
        provider: The adapter's name.
        provider_id: The provider's id of it; empty until the provider has answered.
        url: Where the debtor pays; empty until then.
        instructions: (code, value) pairs to show where there is no page: ``clabe``, ``reference``.
        started_by: An actor: ``debtor:<case id>``, ``user:<id>``.
        language: In which the debtor pays and gets the receipt.
        contact_id: The contact point whose link the debtor came by; the receipt goes there.
        paid_minor: What came in for it so far.
        problem: Why it failed, as a stable code.
        discount: For OFFER.
    """

    checkout_id: str
    target: Target
    amount_minor: int
    currency: str
    provider: str
    state: CheckoutState
    started_at: datetime
    started_by: str
    expires_at: datetime
    language: str = "es"
    contact_id: str = ""
    method: str = ""
    provider_id: str = ""
    url: str = ""
    instructions: tuple[tuple[str, str], ...] = ()
    paid_minor: int = 0
    ended_at: datetime | None = None
    problem: str = ""
    discount: Discount | None = None

    def live_at(self, now: datetime) -> bool:
        """Say whether somebody may pay it now."""
        return self.state in LIVE and now < self.expires_at

    def shown_at(self, now: datetime) -> CheckoutState:
        """Its state as it is shown: one whose time ran out is EXPIRED, noted or not."""
        ended = self.state in LIVE and now >= self.expires_at
        return CheckoutState.EXPIRED if ended else self.state

    @property
    def asked(self) -> bool:
        """Whether the provider has answered: there is a page, or a number to pay to."""
        return bool(self.url or self.instructions)

    @property
    def left_open(self) -> bool:
        """Whether its provider may still take money for it, though it came another way."""
        otherwise = (self.state, self.problem) == (CheckoutState.CLOSED, PAID_OTHERWISE)
        return otherwise and bool(self.provider_id)

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


def reference(case_id: str, checkout_id: str) -> str:
    """
    Write what a provider is given to know a checkout by, and gives back with its money.

    >>> reference("cas_1", "chk_2")
    'cas_1.chk_2'
    """
    return f"{case_id}{_MARK}{checkout_id}"


def read_reference(text: str) -> tuple[str, str] | None:
    """
    Give (case id, checkout id) of a reference; None when it is none of ours.

    >>> read_reference("cas_1.chk_2"), read_reference("012180001234567897")
    (('cas_1', 'chk_2'), None)
    """
    case_id, mark, checkout_id = text.partition(_MARK)
    ours = mark and case_id.startswith("cas_") and checkout_id.startswith("chk_")
    return (case_id, checkout_id) if ours else None
