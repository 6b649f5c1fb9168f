"""What an agreement does to the ledger: what it forgives, and what it makes principal."""

from collections.abc import Iterable

from chalicelib.domain.agreement_policy import Earned
from chalicelib.domain.agreements import SOURCE, Agreement, AgreementStanding
from chalicelib.domain.ledger import Balance, Entry, EntryKind, reversals


def earned(agreement: Agreement, now: AgreementStanding) -> dict[str, Balance]:
    """
    Say how much of each debt's discount should have left the ledger by now.

    Meant for an agreement in force: what is over when it is completed is forgiven whole.
    """
    if agreement.earned is Earned.END:
        return {one.debt_id: Balance() for one in agreement.covered}
    done, of = 1, 1
    if agreement.earned is Earned.SHARE:
        of = agreement.to_pay_minor
        done = sum(one.share.amount_minor for one in now.shares if one.paid_on is not None)
    return {
        one.debt_id: Balance(
            *(
                part * done // of if of else 0
                for part in (
                    one.less_principal_minor,
                    one.less_interest_minor,
                    one.less_fees_minor,
                )
            )
        )
        for one in agreement.covered
    }


def waivers(agreement_id: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """List what an agreement forgave and was not taken back."""
    known = tuple(entries)
    undone = reversals(known)
    return tuple(
        entry
        for entry in known
        if entry.kind is EntryKind.WAIVER
        and entry.source == SOURCE
        and entry.reference.partition(":")[0] == agreement_id
        and entry.entry_id not in undone
    )


def capital(agreement_id: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """List what an agreement made principal of and was not taken back."""
    known = tuple(entries)
    undone = reversals(known)
    return tuple(
        entry
        for entry in known
        if entry.kind is EntryKind.ADJUSTMENT
        and entry.source == SOURCE
        and entry.reference.startswith(f"{agreement_id}:")
        and entry.entry_id not in undone
    )
