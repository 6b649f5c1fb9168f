"""Rows of balance and payment files, applied to cases that are already there."""

from collections.abc import Sequence

from chalicelib.domain.case import Debt
from chalicelib.domain.draft import Draft
from chalicelib.domain.ledger import Balance, Entry, reversals
from chalicelib.domain.portfolio import Component, Portfolio
from chalicelib.domain.upload import Upload
from chalicelib.intake.rows import BalanceRow, PaymentRow, Reason
from chalicelib.services.upload_debts import CREATED, SOURCE, UNCHANGED, UPDATED


def find_debt(draft: Draft, external_id: str) -> Debt | Reason:
    """
    Find the debt a row means; without an id the case must have exactly one.

    Returns:
        The debt, or why there is no telling.
    """
    alive = [debt for debt in draft.debts if not debt.void]
    if external_id:
        found = next((debt for debt in alive if debt.external_id == external_id), None)
        return found or Reason(field="debt_id", code="debt.unknown", details={})
    if len(alive) == 1:
        return alive[0]
    code = "debt.ambiguous" if alive else "debt.unknown"
    return Reason(field="debt_id", code=code, details={"debts": len(alive)})


def put_balance(
    draft: Draft,
    debt: Debt,
    row: BalanceRow,
    *,
    upload: Upload,
    portfolio: Portfolio,
) -> str | Reason:
    """
    Adjust a debt so that it owes what the creditor states, and have it charged off as it says.

    Whatever the last file said: a payment of ours that the creditor has not seen is taken back
    by this, and the timeline shows it. More is more principal; less comes off in the
    portfolio's allocation order.

    Returns:
        ``updated`` or ``unchanged``; or why not: it was charged off before there was the debt.
        Safe to repeat: an upload adjusts a debt once.
    """
    upload_id, said = upload.upload_id, row.booked
    if any(_of_upload(entry, upload_id) for entry in draft.entries(debt.debt_id)):
        return UPDATED
    if draft.booked_by(upload_id, debt.debt_id):
        return UPDATED
    if said is not None and said.on is not None and said.on < (debt.issued_on or said.on):
        return Reason(field="charged_off_on", code="charge_off.before_issued", details={})
    parts = _parts(
        draft.balance(debt.debt_id), row.balance_minor, portfolio.policies.allocation_order
    )
    for component, amount_minor in parts:
        draft.adjust(
            debt.debt_id,
            component,
            amount_minor,
            reason="",
            source=SOURCE,
            reference=f"{upload_id}:{component.value}",
        )
    booked = said is not None and draft.put_booked(
        debt.debt_id, said, upload_id=upload_id, loaded_by=upload.created_by
    )
    return UPDATED if parts or booked else UNCHANGED


def _of_upload(entry: Entry, upload_id: str) -> bool:
    return entry.source == SOURCE and entry.reference.partition(":")[0] == upload_id


def _parts(
    owed: Balance, stated_minor: int, order: tuple[Component, ...]
) -> list[tuple[Component, int]]:
    """
    Spread the difference to a stated balance over the components.

    >>> _parts(Balance(100, 20, 5), 90, (Component.FEES, Component.INTEREST, Component.PRINCIPAL))
    [(<Component.FEES: 'fees'>, -5), (<Component.INTEREST: 'interest'>, -20), \
(<Component.PRINCIPAL: 'principal'>, -10)]
    """
    missing = stated_minor - owed.total_minor
    if missing >= 0:
        return [(Component.PRINCIPAL, missing)] if missing else []
    parts: dict[Component, int] = {}
    for component in order:
        held = getattr(owed, f"{component.value}_minor")
        take = min(max(held, 0), -missing)
        if take:
            parts[component] = -take
            missing += take
    if missing:  # stated below every component: the rest is principal, a credit
        parts[Component.PRINCIPAL] = parts.get(Component.PRINCIPAL, 0) + missing
    return list(parts.items())


def put_payment(draft: Draft, row: PaymentRow, *, upload_id: str) -> str | Reason:
    """
    Post a payment of the file, once for its reference.

    A payment that was undone with its upload may come again: it is then posted under the
    next source, ``upload.2`` and so on, since an entry's key is for ever.

    Returns:
        ``created``; ``unchanged`` when an earlier file or person posted it; or why not: the
        reference was used for another amount or day.
    """
    source = next_source(draft.entries(), row.reference)
    earlier = draft.payment(source, row.reference)
    if not earlier:
        debt = find_debt(draft, row.external_id) if row.external_id else None
        if isinstance(debt, Reason):
            return debt
        draft.pay(
            row.amount_minor,
            paid_on=row.paid_on,
            source=source,
            reference=row.reference,
            method=row.method,
            debt_id=debt.debt_id if debt else None,
        )
        return CREATED
    paid = -sum(entry.amount_minor for entry in earlier)
    if (paid, earlier[0].effective_on) != (row.amount_minor, row.paid_on):
        return Reason(field="payment_reference", code="payment.reference_used", details={})
    return CREATED if earlier[0].actor == f"upload:{upload_id}" else UNCHANGED


def next_source(entries: Sequence[Entry], reference: str) -> str:
    """Return the first of ``upload``, ``upload.2``... not used up by a payment since undone."""
    undone = reversals(entries)
    source, number = SOURCE, 1
    while True:
        posted = [e for e in entries if e.source == source and e.reference == reference]
        if not posted or any(e.entry_id not in undone for e in posted):
            return source
        number += 1
        source = f"{SOURCE}.{number}"
