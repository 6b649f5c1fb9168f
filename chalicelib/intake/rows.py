"""Rows as the business reads them: typed, normalised, or rejected with reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.charge_off import Booked
from chalicelib.domain.quick import quick
from chalicelib.intake.cells import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    Why a row was rejected, or what to look at in one that was accepted.

    Args:
        field: Canonical field it is about; ``""`` = the row as a whole.
        code: Stable name; its text is in ``i18n/intake.<language>.json``.
        details: JSON-safe facts for the text. Never a personal value.
    """

    field: str
    code: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """
    Args:
        row_number: 1-based, as a spreadsheet shows it (line breaks in quotes do not count).
        cells: The row exactly as read, to be written back.
    """

    row_number: int
    cells: tuple[Cell, ...]
    reasons: tuple[Reason, ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AddressValue:
    """
    Args:
        lat, lng: WGS 84 degrees inside the portfolio's country, or None.
        cell: H3 index (hex string) of the point at ``geo.cells.INDEX_RESOLUTION``, or None.
    """

    lines: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    lat: float | None = None
    lng: float | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentValue:
    number: int
    due_on: date
    amount_minor: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRow:
    """
    One debt, or one instalment of a debt, of one debtor.

    Args:
        debtor_key: Says which case the row belongs to; see ``identity.debtor_key``.
        external_id: The creditor's id of the debt, or one made by ``identity.made_debt_id``.
        external_id_given: False when it was made.
        amount_minor: What is owed now, minor units > 0: the balance column when there is one,
            else the amount. Equals principal + interest + fees.
        instalment: With instalment columns, the one this row is about; rows with the same
            ``external_id`` are instalments of one debt and their amounts add up.
        booked: What it says of a charge-off; None = the file has no column of it.
        party: Whose the phones and e-mails are (debtor, codebtor, guarantor, reference).
        phones: E.164. emails: lower case.
        warnings: What was accepted but deserves a look (a phone left out, an amount rounded).
    """

    row_number: int
    debtor_key: str
    debtor_id: str
    name: str
    tax_id: str
    external_id: str
    external_id_given: bool
    product: str
    issued_on: date | None
    due_on: date
    amount_minor: int
    principal_minor: int
    interest_minor: int
    fees_minor: int
    instalment: InstalmentValue | None = None
    booked: Booked | None = None
    party: str = "debtor"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: AddressValue | None = None
    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    warnings: tuple[Reason, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """
    What a debt's balance is now.

    Args:
        external_id: The debt; ``""`` when the file names only debtors (``debtor_key`` then
            finds the case, which must have exactly one debt).
        balance_minor: Minor units >= 0.
        booked: As in ``DebtRow``.
    """

    row_number: int
    debtor_key: str
    debtor_id: str
    name: str
    tax_id: str
    external_id: str
    balance_minor: int
    due_on: date | None = None
    booked: Booked | None = None
    warnings: tuple[Reason, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """
    Money received.

    Args:
        reference: The source's own reference, or one made from the row's facts and their
            ordinal in the file when there is none.
        amount_minor: Minor units > 0.
    """

    row_number: int
    debtor_key: str
    debtor_id: str
    name: str
    tax_id: str
    external_id: str
    amount_minor: int
    paid_on: date
    reference: str
    reference_given: bool
    method: str = ""
    warnings: tuple[Reason, ...] = ()


AnyRow = DebtRow | BalanceRow | PaymentRow
