"""Rows of a debts file as debts of cases: grouping, comparing, drafting."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter

import orjson

from chalicelib.domain import ids
from chalicelib.domain import newcomer as newcomers
from chalicelib.domain.case import (
    Address,
    CaseChange,
    ContactKind,
    Debt,
    Instalment,
    PointQuality,
)
from chalicelib.domain.charge_off import Booked
from chalicelib.domain.draft import MAX_TAGS, Draft
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import Upload
from chalicelib.intake.rows import AddressValue, DebtRow, Reason
from chalicelib.services import upload_suppressed

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
SOURCE = "upload"
# Debts of a new case that surely fit into one change, with all that is known of the debtor.
MOST_AT_ONE_GO = 8


@dataclass(slots=True)
class DebtGroup:
    """
    The rows of one debt: one, or one an instalment; they share their outcome.

    Args:
        copies: Rows that say the same again of a debt with an id: counted as unchanged,
            whatever the debt's outcome is.
    """

    case_id: str
    debt_id: str
    rows: list[DebtRow]
    copies: list[DebtRow] = field(default_factory=list)
    fingerprint: str = ""


def group(
    rows: Iterable[DebtRow], portfolio_id: str
) -> tuple[list[DebtGroup], list[tuple[DebtRow, Reason]]]:
    """
    Put rows of the same debt together and find those that contradict each other.

    Returns:
        The debts in the order of their first rows, and the rows refused: a second row for a
        debt that says something else, which is not ours to choose between; and a second equal
        row in a file without ids, which may be a copy or another debt: a person has to look.
    """
    groups: dict[tuple[str, str], DebtGroup] = {}
    refused: list[tuple[DebtRow, Reason]] = []
    for row in rows:
        key = (row.debtor_key, row.external_id)
        known = groups.get(key)
        if known is None:
            groups[key] = DebtGroup(
                case_id=ids.case_id(portfolio_id, row.debtor_key),
                debt_id=ids.debt_id(portfolio_id, row.external_id),
                rows=[row],
            )
            continue
        same = next((r for r in known.rows if _instalment(r) == _instalment(row)), None)
        if same is None:
            known.rows.append(row)
        elif _said(same) != _said(row):
            refused.append((row, repeated("row.duplicate", same.row_number)))
        elif row.external_id_given:
            known.copies.append(row)
        else:
            refused.append((row, repeated("row.identical", same.row_number)))
    for debt in groups.values():
        debt.rows.sort(key=_instalment)
        debt.fingerprint = _fingerprint(debt.rows)
    return list(groups.values()), refused


def repeated(code: str, row_number: int) -> Reason:
    """Say that a row repeats an earlier one; *code* says how."""
    return Reason(field="debt_id", code=code, details={"row": row_number})


def incomplete(
    groups: Iterable[DebtGroup], broken: Iterable[str]
) -> tuple[list[DebtGroup], list[tuple[DebtRow, Reason]]]:
    """
    Take out debts of which another row was rejected: half an instalment plan is a wrong debt.

    Args:
        broken: Ids of debts with a rejected row.
    """
    lost = set(broken)
    whole, refused = [], []
    for debt in groups:
        if debt.debt_id not in lost:
            whole.append(debt)
            continue
        reason = Reason(field="", code="row.debt_incomplete", details={})
        refused += [(row, reason) for row in (*debt.rows, *debt.copies)]
    return whole, refused


def booked(rows: Sequence[DebtRow]) -> Booked | None:
    """
    Say what the rows of one debt tell of its charge-off, alike; None where they tell nothing.

    Of instalments the first day counts. What was charged off is then told by the ledger: a column
    may have a part's amount or the whole in each row.
    """
    said = [row.booked for row in rows if row.booked is not None]
    if len(said) <= 1 or not said[0].charged_off:
        return said[0] if said else None
    days = [one.on for one in said if one.on is not None]
    return Booked(charged_off=True, on=min(days, default=None))


def in_part(
    groups: Iterable[DebtGroup],
) -> tuple[list[DebtGroup], list[tuple[DebtRow, Reason]]]:
    """Take out debts of which some instalments are charged off and others not: no debt is so."""
    whole, refused = [], []
    reason = Reason(field="charged_off", code="charge_off.in_part", details={})
    for debt in groups:
        said = {row.booked is not None and row.booked.charged_off for row in debt.rows}
        if len(said) == 1:
            whole.append(debt)
        else:
            refused += [(row, reason) for row in (*debt.rows, *debt.copies)]
    return whole, refused


def _instalment(row: DebtRow) -> int:
    return row.instalment.number if row.instalment else 0


_OF_DEBTOR = attrgetter("party", "name", "tax_id", "phones", "emails", "address")
_SAID = attrgetter(
    *(
        field.name
        for field in fields(DebtRow)
        if field.name not in ("row_number", "warnings", "booked")
    )
)


def _said(row: DebtRow) -> tuple[object, ...]:
    """Everything a row says, but where it stands in the file."""
    said: tuple[object, ...] = _SAID(row)
    # Beside the others, so that what was loaded without such columns stays as it was said.
    return said if row.booked is None else (*said, row.booked)


def _fingerprint(rows: Sequence[DebtRow]) -> str:
    return hashlib.blake2b(orjson.dumps([_said(row) for row in rows]), digest_size=16).hexdigest()


def known_outcome(debt: DebtGroup, stored: Debt | None, upload_id: str) -> str | Reason | None:
    """
    Tell a debt's outcome from the stored debt alone, where that is enough.

    Returns:
        The outcome; a reason when this upload has written the debt from other rows, in
        another chunk; None when the case has to be opened.
    """
    if stored is None:
        return None
    if stored.upload_id == upload_id and stored.upload_outcome:
        if stored.fingerprint == debt.fingerprint:
            return stored.upload_outcome  # this very work was done before, then died
        return Reason(field="debt_id", code="row.repeated_debt", details={})
    if stored.fingerprint == debt.fingerprint and not stored.void:
        return UNCHANGED
    return None


def put(draft: Draft, debt: DebtGroup, upload: Upload) -> str:
    """
    Bring a case up to date with what a group of rows says of one debt.

    Returns:
        ``created``, ``updated`` or ``unchanged``.
    """
    changed = draft.restore()
    known = draft.debt(debt.debt_id)
    anew = known is None or known.void
    # Who owes goes with a debt that is claimed from now on; with one from before, it was erased.
    erased = draft.nameless
    told = anew or not erased
    for row in debt.rows if told else ():
        said = _OF_DEBTOR(row)
        if said != draft.last_said:
            changed |= _put_debtor(draft, row)
            draft.last_said = said
    tags = [tag for row in debt.rows for tag in row.tags]
    if tags and told:
        changed |= draft.set_tags([*draft.tags, *tags][:MAX_TAGS])
    assert upload.mapping is not None  # noqa: S101 - rows are read by a mapping
    outstanding = "balance" in upload.mapping["columns"].values()

    def write(outcome: str) -> str:
        return draft.put_debt(
            _debt(debt, upload.upload_id, outcome),
            source=SOURCE,
            reference=upload.upload_id,
            outstanding=outstanding,
        )

    outcome = CREATED if anew else UPDATED
    restated = write(outcome)
    if (said_of_books := booked(debt.rows)) is not None:
        changed |= draft.put_booked(
            debt.debt_id,
            said_of_books,
            upload_id=upload.upload_id,
            loaded_by=upload.created_by,
        )
    if restated == UNCHANGED and not changed:
        outcome = UNCHANGED
        write(outcome)
    if outcome != UNCHANGED and (erased or upload_suppressed.of_person(debt.rows)):
        draft.hold_erased(upload.upload_id, anew=anew)
    if outcome != UNCHANGED and told:
        for note in dict.fromkeys(row.note for row in debt.rows if row.note):
            draft.note(note)
    return outcome


def new_case(debt: DebtGroup, portfolio: Portfolio, upload: Upload, **context: object) -> Draft:
    """Start the case of a debtor that the portfolio does not have."""
    row = debt.rows[0]
    return Draft.new(
        portfolio,
        row.debtor_key,
        name=_named(row),
        tax_id=row.tax_id,
        key_kept=not upload_suppressed.warned(row) or bool(row.debtor_id),
        city=row.address.city if row.address else "",
        upload_id=upload.upload_id,
        **context,  # type: ignore[arg-type]
    )


def newcomer(
    debts: Sequence[DebtGroup], portfolio: Portfolio, upload: Upload, **context: object
) -> CaseChange | None:
    """
    Make the case of a debtor that the portfolio does not have at one go, from all of its debts.

    Returns:
        None where the rows say more than who owes what: that is for a draft.
    """
    first = debts[0].rows[0]
    said = _OF_DEBTOR(first)
    rows = [row for debt in debts for row in debt.rows]
    plain = first.party == "debtor" and len(debts) <= MOST_AT_ONE_GO
    plain = plain and not upload_suppressed.of_person(rows)
    plain = plain and (bool(first.debtor_id) or not upload_suppressed.warned(first))
    if not plain or any(row.tags or row.note or _OF_DEBTOR(row) != said for row in rows):
        return None
    if any(row.booked is not None and row.booked.charged_off for row in rows):
        return None
    who = newcomers.Newcomer(
        debtor_key=first.debtor_key,
        name=_named(first),
        tax_id=first.tax_id,
        contacts=[
            *((ContactKind.PHONE, phone) for phone in first.phones),
            *((ContactKind.EMAIL, email) for email in first.emails),
        ],
        address=_address(first.address) if first.address else None,
    )
    return newcomers.change(
        who,
        [_debt(debt, upload.upload_id, CREATED) for debt in debts],
        portfolio,
        source=SOURCE,
        upload_id=upload.upload_id,
        **context,  # type: ignore[arg-type]
    )


def _named(row: DebtRow) -> str:
    return row.name or row.debtor_id or row.tax_id


def _put_debtor(draft: Draft, row: DebtRow) -> bool:
    changed = False
    if row.party == "debtor":
        changed |= draft.describe(name=row.name or None, tax_id=row.tax_id or None)
    for phone in row.phones:
        changed |= draft.put_contact(ContactKind.PHONE, phone, party=row.party, source=SOURCE)
    for email in row.emails:
        changed |= draft.put_contact(ContactKind.EMAIL, email, party=row.party, source=SOURCE)
    if row.address is not None and row.party == "debtor":
        changed |= draft.put_address(_address(row.address))
    return changed


def _debt(debt: DebtGroup, upload_id: str, outcome: str) -> Debt:
    first = debt.rows[0]
    instalments = tuple(
        Instalment(
            number=row.instalment.number,
            due_on=row.instalment.due_on,
            amount_minor=row.instalment.amount_minor,
        )
        for row in debt.rows
        if row.instalment is not None
    )
    return Debt(
        debt_id=debt.debt_id,
        external_id=first.external_id,
        product=first.product,
        issued_on=first.issued_on,
        due_on=min([one.due_on for one in instalments], default=first.due_on),
        instalments=tuple(sorted(instalments, key=lambda one: (one.due_on, one.number))),
        documents=tuple(dict.fromkeys(name for row in debt.rows for name in row.documents)),
        stated_principal_minor=sum(row.principal_minor for row in debt.rows),
        stated_interest_minor=sum(row.interest_minor for row in debt.rows),
        stated_fees_minor=sum(row.fees_minor for row in debt.rows),
        fingerprint=debt.fingerprint,
        upload_id=upload_id,
        upload_outcome=outcome,
        seen_upload_id=upload_id,
    )


def _address(value: AddressValue) -> Address:
    return Address(
        address_id="",
        lines=value.lines,
        city=value.city,
        region=value.region,
        postal_code=value.postal_code,
        lat=value.lat,
        lng=value.lng,
        cell=value.cell,
        quality=_quality(value.lat, value.lng),
        source=SOURCE,
    )


def _quality(lat: float | None, lng: float | None) -> PointQuality:
    """
    Judge a creditor's point by its decimals: the fourth is 11 m, the third a street's width off.

    >>> _quality(19.43261, -99.13321).value, _quality(19.4, -99.1).value
    ('rooftop', 'town')
    """
    if lat is None or lng is None:
        return PointQuality.NONE
    decimals = max(len(repr(number).partition(".")[2]) for number in (lat, lng))
    if decimals >= 4:
        return PointQuality.ROOFTOP
    return PointQuality.STREET if decimals == 3 else PointQuality.TOWN
