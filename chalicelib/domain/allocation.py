"""What a payment pays: oldest part first, each debt's share split by the policy's order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.ageing import Part
from chalicelib.domain.ledger import Balance
from chalicelib.domain.portfolio import Component


@dataclass(frozen=True, slots=True)
class Owed:
    """A debt as a payment meets it; the open amounts of *parts* add up to the balance."""

    debt_id: str
    balance: Balance
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one debt receives of a payment, in minor units, all positive or zero."""

    debt_id: str
    principal_minor: int
    interest_minor: int
    fees_minor: int

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fees_minor


def allocate(
    amount_minor: int,
    owed: Sequence[Owed],
    order: Sequence[Component],
    *,
    first: str | None = None,
    before: Collection[str] = (),
) -> tuple[Share, ...]:
    """
    Split a payment over debts. The shares always add up to *amount_minor*.

    The oldest open part of any debt is paid first, whole, before the next (on one day: by
    debt id). Each debt's share then pays its components in the policy's *order*. Money beyond
    everything owed is kept as a credit on principal of the debt named *first*, else of the
    debt whose last part falls due last: it is there to see, to move or to give back.

    Args:
        owed: Every debt of the case that is not void; at least one.
        first: The debt the payer named; its parts are paid before all others.
        before: Debts whose parts are paid before those of the rest: they are under an agreement.

    Raises:
        ValueError: There is no debt, or the amount is not positive.
    """
    if not owed or amount_minor <= 0:
        raise ValueError("a payment needs a positive amount and a debt")
    left = amount_minor
    received = dict.fromkeys((debt.debt_id for debt in owed), 0)
    for debt_id, open_minor in _in_order(owed, first, before):
        taken = min(left, open_minor)
        received[debt_id] += taken
        left -= taken
    shares = [_share(debt, received[debt.debt_id], order) for debt in owed]
    if left:
        keeper = first if first in received else max(owed, key=_last_due).debt_id
        shares = [
            _with_credit(share, left) if share.debt_id == keeper else share for share in shares
        ]
    return tuple(share for share in shares if share.total_minor)


def _in_order(
    owed: Iterable[Owed], first: str | None, before: Collection[str]
) -> list[tuple[str, int]]:
    queue = [
        (
            debt.debt_id != first,
            debt.debt_id not in before,
            part.due_on,
            debt.debt_id,
            part.number,
            part.open_minor,
        )
        for debt in owed
        for part in debt.parts
    ]
    return [(debt_id, open_minor) for _, _, _, debt_id, _, open_minor in sorted(queue)]


def _last_due(debt: Owed) -> tuple[str, str]:
    return max(part.due_on for part in debt.parts).isoformat(), debt.debt_id


def _share(debt: Owed, received: int, order: Sequence[Component]) -> Share:
    open_by = {
        Component.PRINCIPAL: debt.balance.principal_minor,
        Component.INTEREST: debt.balance.interest_minor,
        Component.FEES: debt.balance.fees_minor,
    }
    paid = dict.fromkeys(open_by, 0)
    for component in order:
        paid[component] = min(received, max(0, open_by[component]))
        received -= paid[component]
    # An order that leaves a component out still pays it, last, and through principal.
    paid[Component.PRINCIPAL] += received
    return Share(
        debt.debt_id, paid[Component.PRINCIPAL], paid[Component.INTEREST], paid[Component.FEES]
    )


def _with_credit(share: Share, credit_minor: int) -> Share:
    return Share(
        share.debt_id,
        share.principal_minor + credit_minor,
        share.interest_minor,
        share.fees_minor,
    )
