"""
Money as providers tell of it: what came in, what went back, and what they are asked for.

A provider's news comes twice, late and out of order. So what travels is not a change but how a
payment stands (``ProviderPayment``): two such states of one payment are put together by
``together``, in any order and as often as one likes, to the same result.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.money import Money

# One list of the reasons, so that every adapter's refusals can be told alike.
REASONS = frozenset(
    {"unavailable", "throttled", "rejected", "credentials", "not_found", "not_supported"}
)


class ProviderProblem(Exception):
    """
    A provider did not do what it was asked.

    Args:
        code: One of ``REASONS``.
        retry: Whether the same request may be made again later; it carries its own key, so that
            one which was carried out after all is not carried out twice.
    """

    def __init__(self, code: str, *, retry: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry


class Forged(Exception):
    """
    A notification whose signature is not the provider's.

    Args:
        reason: As of ``webhooks.signatures.Verdict``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PaymentState(StrEnum):
    """PENDING is promised only (a voucher is printed, a bank asks again); no money is there."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class BackKind(StrEnum):
    REFUND = "refund"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """
    Money of a payment that went back.

    Args:
        back_id: The provider's id of the refund or dispute.
        reason: The provider's own code.
        returned: A chargeback that was won: the money is here again.
    """

    back_id: str
    kind: BackKind
    amount_minor: int
    at: datetime
    reason: str = ""
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayment:
    """
    How a payment stands at its provider.

    Args:
        payment_id: The provider's id of the money: with the provider's name the ledger's key, for
            ever. A checkout that is only waiting or was refused may have none yet.
        provider_id: Of the checkout (session, preference) it belongs to; empty for a transfer.
        reference: What we gave the provider (``checkout.reference``), or the number that the
            debtor paid to (a CLABE, a voucher's).
        amount_minor: What came in, before the provider's fee.
        paid_at: When; None while PENDING.
        method: ``card``, ``oxxo``, ``spei``, ``transfer``, ``cash``, ``wallet``...
        backs: What of it went back, each refund and chargeback by its id.
        problem: Why it failed: ``declined``, ``insufficient_funds``, ``authentication``,
            ``expired``, ``fraud``, ``other``.
    """

    provider: str
    state: PaymentState
    amount_minor: int
    currency: str
    payment_id: str = ""
    provider_id: str = ""
    reference: str = ""
    paid_at: datetime | None = None
    method: str = ""
    backs: tuple[Back, ...] = ()
    problem: str = ""

    @property
    def kept_minor(self) -> int:
        """What of it stays: what came in less what went back."""
        gone = sum(back.amount_minor for back in self.backs if not back.returned)
        return max(0, self.amount_minor - gone) if self.state is PaymentState.PAID else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """
    A notification whose signature was good.

    Args:
        event_id: The provider's; for the log only, the ledger needs none.
        kind: The provider's own word, for the log.
        read_id: What ``Provider.read`` is to be asked for, where the notification does not say
            how the payment stands (or not to be believed).
        payment: How it stands, where the notification says so itself.
    """

    event_id: str
    kind: str
    at: datetime
    read_id: str = ""
    payment: ProviderPayment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """
    What a provider is asked to take.

    Args:
        key: Names this request for ever: a second one with it gives the same answer.
        reference: To be given back with the money.
        title: What the debtor reads on the provider's page; names the creditor and nobody else.
        return_url, cancel_url: Where the debtor goes on.
        notify_url: Where the provider tells what came of it.
    """

    key: str
    reference: str
    amount: Money
    title: str
    language: str
    country: str
    return_url: str
    cancel_url: str
    notify_url: str
    expires_at: datetime
    method: str = ""
    debt_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """
    Args:
        url: The provider's page; empty where there is none and ``instructions`` say how to pay.
        expires_at: When the provider ends it, where that is sooner than asked.
    """

    url: str
    provider_id: str
    instructions: tuple[tuple[str, str], ...] = ()
    expires_at: datetime | None = None


def together(one: ProviderPayment, other: ProviderPayment) -> ProviderPayment:
    """
    Put two states of one payment together; the order does not matter.

    What is final stays: a payment that was paid is, whatever older news says, a refund that took
    place took place, and a chargeback that was won was.
    """
    first, second = sorted((one, other), key=lambda p: (_FINAL.index(p.state), p.amount_minor))
    known: dict[str, list[Back]] = {}
    for back in (*one.backs, *other.backs):
        known.setdefault(back.back_id, []).append(back)
    return replace(
        second,
        payment_id=second.payment_id or first.payment_id,
        provider_id=second.provider_id or first.provider_id,
        reference=second.reference or first.reference,
        method=second.method or first.method,
        paid_at=min(filter(None, (one.paid_at, other.paid_at)), default=None),
        backs=tuple(_same(known[key]) for key in sorted(known)),
    )


# The later in this list, the less there is to be said against it.
_FINAL = (PaymentState.PENDING, PaymentState.EXPIRED, PaymentState.FAILED, PaymentState.PAID)


def _same(told: list[Back]) -> Back:
    """Put together what was told of one refund or chargeback."""
    most = max(told, key=lambda back: (back.amount_minor, back.kind, back.reason))
    return replace(
        most, at=min(back.at for back in told), returned=any(back.returned for back in told)
    )
