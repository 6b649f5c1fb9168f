"""Money that came in for what was charged off (recuperación de castigados): told apart."""

from collections.abc import Iterable

from chalicelib.domain.case import Debt
from chalicelib.domain.charge_off import stood_at
from chalicelib.domain.ledger import Entry, EntryKind


def recoveries(debts: Iterable[Debt], entries: Iterable[Entry]) -> frozenset[str]:
    """
    Give the entries that are payments of a debt that was charged off when they came in, and the
    reversals of such: what is taken back was counted there.
    """
    charged_off = {debt.debt_id: debt.charge_offs for debt in debts if debt.charge_offs}
    if not charged_off:
        return frozenset()
    own = [entry for entry in entries if entry.debt_id in charged_off]
    paid = {
        entry.entry_id
        for entry in own
        if entry.kind is EntryKind.PAYMENT
        and stood_at(charged_off[entry.debt_id], entry.recorded_at) is not None
    }
    return frozenset(paid | {entry.entry_id for entry in own if entry.reverses in paid})
