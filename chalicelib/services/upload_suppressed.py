"""
Rows of a file that bring back what somebody had erased: what of them is left out, and told.

The debt is the creditor's fact and is loaded. What was erased is not: it is stored in no case and
written into no file of rejected rows, and the upload tells of row and field, never of the value.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.quick import replaced
from chalicelib.domain.suppressed import SuppressedKind, address_text
from chalicelib.intake.cell_reader import CellReader
from chalicelib.intake.cells import Cell
from chalicelib.intake.rows import AnyRow, DebtRow, Reason, Rejected
from chalicelib.services.suppression import Value

Find = Callable[[Iterable[Value]], frozenset[Value]]
Read = AnyRow | Rejected

VALUE, PERSON = "value.suppressed", "debtor.suppressed"
# Cells that go with the one which says the street.
_OF_AN_ADDRESS = frozenset({"address", "postal_code", "lat", "lng"})
# One value may be a household's; so many kinds of them together are the person.
SURELY = 2


def nobody(_: Iterable[Value]) -> frozenset[Value]:
    """The answer of a list that nobody is on."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Sieve:
    """What of a chunk is on the portfolio's list."""

    found: frozenset[Value]
    reader: CellReader

    def stripped(self, row: AnyRow) -> AnyRow:
        """
        Take out of a row what is on the list; its warnings name the fields.

        A row that is of somebody who had their data erased is warned of as such, too: by the tax
        id, or by several kinds of what is the debtor's.
        """
        if not self.found or not isinstance(row, DebtRow):
            return row
        phones = tuple(one for one in row.phones if (_PHONE, one) not in self.found)
        emails = tuple(one for one in row.emails if (_EMAIL, one) not in self.found)
        address = row.address
        if address is not None and _address(row) in self.found:
            address = None
        gone = [
            field
            for field, left, said in (
                ("phone", phones, row.phones),
                ("email", emails, row.emails),
                ("address", address, row.address),
            )
            if left != said
        ]
        known = bool(row.tax_id) and (_TAX, row.tax_id) in self.found
        if not gone and not known:
            return row
        told = [Reason(field=field, code=VALUE, details={}) for field in gone]
        if known or (len(gone) >= SURELY and row.party == "debtor"):
            field = "tax_id" if known else gone[0]
            told.append(Reason(field=field, code=PERSON, details={}))
        return replaced(
            row,
            tax_id="" if known else row.tax_id,
            phones=phones,
            emails=emails,
            address=address,
            warnings=(*row.warnings, *told),
        )

    def blanked(self, rejected: Rejected) -> Rejected:
        """Take the cells of what is on the list out of a row that goes back to the creditor."""
        if not self.found:
            return rejected
        cells = list(rejected.cells)
        personal = self.reader.personal(cells)
        lost = {
            index
            for index, field, value in personal
            if field != "address" and not self.found.isdisjoint(_of_cell(field, value))
        }
        if _address_of(personal) in self.found:
            lost |= {index for index, field, _ in personal if field in _OF_AN_ADDRESS}
        if not lost:
            return rejected
        blank: list[Cell] = ["" if index in lost else cell for index, cell in enumerate(cells)]
        return replace(rejected, cells=tuple(blank))


def sieve(rows: Iterable[tuple[Sequence[Cell], Read]], reader: CellReader, *, find: Find) -> Sieve:
    """Ask once for all that a chunk says of people."""
    return Sieve(
        find(value for cells, row in rows for value in _values(cells, row, reader)), reader
    )


def warned(row: Read) -> tuple[Reason, ...]:
    """What a row is told to bring back."""
    warnings = row.warnings if isinstance(row, DebtRow) else ()
    return tuple(one for one in warnings if one.code in (VALUE, PERSON))


def of_person(rows: Iterable[DebtRow]) -> bool:
    """Say whether rows are of somebody who had their data erased."""
    return any(one.code == PERSON for row in rows for one in row.warnings)


_PHONE, _EMAIL, _TAX, _ADDRESS = (kind.value for kind in SuppressedKind)


def _values(cells: Sequence[Cell], row: Read, reader: CellReader) -> Iterator[Value]:
    if isinstance(row, DebtRow):
        yield from ((_PHONE, one) for one in row.phones)
        yield from ((_EMAIL, one) for one in row.emails)
        if row.tax_id:
            yield _TAX, row.tax_id
        if row.address is not None:
            yield _address(row)
    elif isinstance(row, Rejected):
        personal = reader.personal(cells)
        for _, field, value in personal:
            yield from _of_cell(field, value)
        yield _address_of(personal)


def _address(row: DebtRow) -> Value:
    said = row.address
    return _ADDRESS, address_text(said.lines, said.city, said.postal_code) if said else ""


def _address_of(personal: Iterable[tuple[int, str, object]]) -> Value:
    said = {field: str(value) for _, field, value in personal}
    lines, city, postal = (said.get(name, "") for name in ("address", "city", "postal_code"))
    return _ADDRESS, address_text(lines, city, postal)


def _of_cell(field: str, value: object) -> list[Value]:
    if field == "tax_id" and isinstance(value, tuple):
        return [(_TAX, value[0])] if value[0] else []
    kind = {"phone": _PHONE, "email": _EMAIL}.get(field.rstrip("23"))
    return [(kind, one) for one in value] if kind and isinstance(value, tuple) else []
