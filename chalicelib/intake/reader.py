"""From raw cells to typed rows, by one mapping: what the workers run for every row."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.geo.cells import cell_of
from chalicelib.intake import conventions
from chalicelib.intake.answers import with_answers
from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.fields import FIELDS
from chalicelib.intake.identity import debtor_key, made_debt_id, made_reference, party_of
from chalicelib.intake.names import unscramble
from chalicelib.intake.phones import phone_reader, split_phones
from chalicelib.intake.rows import (
    AddressValue,
    AnyRow,
    BalanceRow,
    DebtRow,
    InstalmentValue,
    PaymentRow,
    Reason,
    Rejected,
)
from chalicelib.intake.tax_ids import tax_id_reader
from chalicelib.intake.values import (
    BadValue,
    date_converter,
    degrees_converter,
    email,
    id_converter,
    is_empty,
    money_converter,
)

_ADDRESSES = re.compile(r"[;,/\s]+")
_LIST = re.compile(r"\s*[;,|]\s*")
_MAX_MINOR = 10**15  # no debt of ours is larger; an id mapped as an amount often is
_LONGEST_TEXT = 500
_FEW = 1_000  # values that are worth remembering

Read = Callable[[Cell], Any]

# What a field is worth in a row that has none, by kind.
_ABSENT: dict[str, Any] = {
    "money": None, "date": None, "coordinate": None, "text": "", "id": "", "number": "",
    "phone": (), "email": (), "tax_id": ("", ""),
}  # fmt: skip


class RowReader:
    """
    Reads rows of one file by one mapping. Make it once per chunk; it keeps caches.

    A row is rejected for what would make the ledger wrong: no debtor, no readable amount, an
    amount of zero or less, no due date, due before issued, an id whose digits are lost, parts
    that do not add up. What is wrong beside the debt (a bad phone, a point abroad) is left out
    and told as a warning: the debt is true all the same.

    Args:
        mapping: Shape M of the API, complete for *mode* (``mapping.mapping_problems``).
        inspection: Shape I, of the same file.
        country: ISO 3166 alpha-2 of the portfolio.
        currency: ISO 4217 of the portfolio.
    """

    def __init__(
        self,
        mapping: dict[str, Any],
        inspection: dict[str, Any],
        *,
        country: str,
        currency: str,
        mode: str,
    ) -> None:
        self._mode = mode
        self._country = country
        self._notes: list[Reason] = []
        self._reasons: list[Reason] = []
        self._phone = phone_reader(country)
        self._tax_id = tax_id_reader(country)
        self._one_point = _one_point(inspection, mapping)
        by_index = {c["index"]: c for c in inspection["columns"]}
        self._absent = {name: _ABSENT[field.kind] for name, field in FIELDS.items()}
        self._plan: list[tuple[str, int, Read]] = []
        for key, name in mapping["columns"].items():
            if name is None or mode not in FIELDS[name].modes:
                continue
            column = by_index[int(key)]
            asked = [q for q in inspection["questions"] if q["column"] == column["index"]]
            reading = with_answers(
                column["kind"], column["reading"], asked, mapping.get("answers", {})
            )
            read = self._reader_for(FIELDS[name].kind, name, reading, DECIMALS[currency])
            if read is text_of and column["distinct"] < _FEW:
                read = _remembering(read)
            self._plan.append((name, column["index"], read))
        self._width = max((index for _, index, _ in self._plan), default=-1) + 1
        mapped = {name for name, _, _ in self._plan}
        self._names_debtor = bool(mapped & {"debtor_id", "tax_id", "name"})
        self._has_place = bool(mapped & {"address", "city", "region", "postal_code", "lat"})
        self._make = {
            "debts": self._debt,
            "balances": self._balance,
            "payments": self._payment,
        }[mode]

    def read(self, row_number: int, cells: Sequence[Cell]) -> AnyRow | Rejected:
        """
        Read one row; never raises for what a file may hold. The same row, the same answer.

        Args:
            row_number: 1-based, as ``open_rows`` gives it.
        """
        self._notes = []
        self._reasons = []
        row = self._make(row_number, self._values(cells))
        if self._reasons or row is None:
            return Rejected(row_number=row_number, cells=tuple(cells), reasons=tuple(self._reasons))
        return row

    def _values(self, cells: Sequence[Cell]) -> dict[str, Any]:
        """Read every mapped field; a bad value refuses the row and counts as absent."""
        values = self._absent.copy()
        if len(cells) < self._width:  # a spreadsheet's row ends with its last filled cell
            cells = [*cells, *[""] * (self._width - len(cells))]
        try:
            for name, index, read in self._plan:
                values[name] = read(cells[index])
        except BadValue:
            self._notes.clear()
            self._values_one_by_one(cells, values)
        return values

    def _values_one_by_one(self, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        for name, index, read in self._plan:
            values[name] = self._absent[name]
            try:
                values[name] = read(cells[index])
            except BadValue as bad:
                beside = FIELDS[name].kind == "coordinate"  # a debt is true without its point
                told = self._notes if beside else self._reasons
                told.append(Reason(field=name, code=bad.code, details=bad.details))

    def _reader_for(self, kind: str, name: str, reading: dict[str, Any], decimals: int) -> Read:
        if kind == "money":
            return money_converter(reading, decimals, lambda: self._note(name, "money.rounded"))
        if kind in ("id", "tax_id"):
            if name == "postal_code" and self._country in conventions.POSTAL_DIGITS:
                reading = {**reading, "pad": conventions.POSTAL_DIGITS[self._country]}
            as_id = id_converter(reading)
            return as_id if kind == "id" else lambda cell: self._tax_id(as_id(cell))
        makers: dict[str, Callable[[], Read]] = {
            "date": lambda: date_converter(reading),
            "coordinate": lambda: degrees_converter(reading),
            "number": lambda: id_converter({"form": "whole_float"}),
            "phone": lambda: self._read_phones,
            "email": lambda: self._read_emails,
            "text": lambda: text_of,
        }
        return makers[kind]()

    def _note(self, name: str, code: str, **details: Any) -> None:
        self._notes.append(Reason(field=name, code=code, details=details))

    def _refuse(self, name: str, code: str, **details: Any) -> None:
        self._reasons.append(Reason(field=name, code=code, details=details))

    def _debtor(self, v: dict[str, Any], contact: str = "") -> tuple[str, str, str, str] | None:
        """Key, debtor id, name and tax id; refuses the row when it names nobody."""
        debtor_id, name = v["debtor_id"], v["name"]
        tax_id, kind = v["tax_id"]
        if kind in ("invalid", "placeholder"):
            self._note("tax_id", f"tax_id.{kind}")
        if not (debtor_id or tax_id or name):
            if not self._reasons:
                self._refuse("name", "debtor.missing")
            return None
        return debtor_key(debtor_id, tax_id, name, contact), debtor_id, name, tax_id

    def _debt(self, row_number: int, v: dict[str, Any]) -> DebtRow | None:
        phones, emails = v["phone"], v["email"]
        if v["phone2"] or v["phone3"] or len(phones) > 1:
            phones = tuple(dict.fromkeys((*phones, *v["phone2"], *v["phone3"])))
        if v["email2"] or len(emails) > 1:
            emails = tuple(dict.fromkeys((*emails, *v["email2"])))
        who = self._debtor(v, phones[0] if phones else emails[0] if emails else "")
        issued_on: date | None = v["issued_on"]
        due: date | None = v["instalment_due_on"] or v["due_on"]
        amounts = self._amounts(v)
        if due is None and not any(
            r.field in ("due_on", "instalment_due_on") for r in self._reasons
        ):
            self._refuse("due_on", "due_on.missing")
        if due and issued_on and due < issued_on:
            self._refuse("due_on", "due_on.before_issued")
        if self._reasons or who is None or amounts is None or due is None:
            return None
        amount, principal, interest, fees = amounts
        key, debtor_id, name, tax_id = who
        product, external_id = v["product"], v["debt_id"]
        made = external_id or made_debt_id(key, product, issued_on, due, amount)
        return DebtRow(
            row_number=row_number,
            debtor_key=key,
            debtor_id=debtor_id,
            name=name,
            tax_id=tax_id,
            external_id=made,
            external_id_given=bool(external_id),
            product=product,
            issued_on=issued_on,
            due_on=due,
            amount_minor=amount,
            principal_minor=principal,
            interest_minor=interest,
            fees_minor=fees,
            instalment=self._instalment(v["instalment_number"], due, amount),
            party=self._party(v["party"]),
            phones=phones,
            emails=emails,
            address=self._address(v) if self._has_place else None,
            documents=_parts(v["document"]),
            tags=_parts(v["tags"]),
            note=v["note"],
            warnings=tuple(self._notes),
        )

    def _balance(self, row_number: int, v: dict[str, Any]) -> BalanceRow | None:
        external_id = v["debt_id"]
        who = self._debtor(v) if self._names_debtor or not external_id else None
        if who is None and external_id:
            self._reasons = [r for r in self._reasons if r.code != "debtor.missing"]
            who = ("", "", "", "")
        balance, due_on = v["balance"], v["due_on"]
        if balance is None:
            self._missing("balance", "money.missing")
        elif balance < 0:
            self._refuse("balance", "money.negative")
        if self._reasons or who is None or balance is None:
            return None
        key, debtor_id, name, tax_id = who
        return BalanceRow(
            row_number=row_number,
            debtor_key=key,
            debtor_id=debtor_id,
            name=name,
            tax_id=tax_id,
            external_id=external_id,
            balance_minor=balance,
            due_on=due_on,
            warnings=tuple(self._notes),
        )

    def _payment(self, row_number: int, v: dict[str, Any]) -> PaymentRow | None:
        external_id = v["debt_id"]
        who = self._debtor(v) if self._names_debtor or not external_id else None
        if who is None and external_id:
            self._reasons = [r for r in self._reasons if r.code != "debtor.missing"]
            who = ("", "", "", "")
        amount, paid_on, reference = v["payment_amount"], v["paid_on"], v["payment_reference"]
        if amount is None:
            self._missing("payment_amount", "money.missing")
        elif amount <= 0:
            self._refuse("payment_amount", "money.not_positive")
        elif amount > _MAX_MINOR:
            self._refuse("payment_amount", "money.too_large")
        if paid_on is None:
            self._missing("paid_on", "paid_on.missing")
        if self._reasons or who is None or amount is None or paid_on is None:
            return None
        key, debtor_id, name, tax_id = who
        return PaymentRow(
            row_number=row_number,
            debtor_key=key,
            debtor_id=debtor_id,
            name=name,
            tax_id=tax_id,
            external_id=external_id,
            amount_minor=amount,
            paid_on=paid_on,
            reference=reference or made_reference(key, external_id, paid_on, amount),
            reference_given=bool(reference),
            method=v["payment_method"],
            warnings=tuple(self._notes),
        )

    def _missing(self, name: str, code: str) -> None:
        if not any(r.field == name for r in self._reasons):
            self._refuse(name, code)

    def _amounts(self, v: dict[str, Any]) -> tuple[int, int, int, int] | None:
        """
        Give what is owed now and its split; refuses the row when they contradict each other.

        The instalment's amount comes before the balance, the balance before the original
        amount; without any, the parts make it. Parts without a principal leave the rest to it.
        """
        instalment, balance, original = v["instalment_amount"], v["balance"], v["amount"]
        principal, interest, fees = v["principal"], v["interest"] or 0, v["fees"] or 0
        field, amount = "amount", original
        if instalment is not None:
            field, amount = "instalment_amount", instalment
        elif balance is not None:
            field, amount = "balance", balance
        elif original is None and principal is not None:
            field, amount = "principal", principal + interest + fees
        if amount is None:
            money = ("instalment_amount", "balance", "amount", "principal")
            if not any(r.field in money for r in self._reasons):
                self._refuse("amount", "money.missing")
            return None
        if amount <= 0:
            self._refuse(field, "money.not_positive")
            return None
        if amount > _MAX_MINOR:
            self._refuse(field, "money.too_large")
            return None
        if interest < 0 or fees < 0 or (principal or 0) < 0:
            self._refuse("principal", "money.negative_part")
            return None
        rest = amount - interest - fees
        if rest < 0 or (principal is not None and principal != rest):
            if interest or fees:
                self._refuse(field, "money.parts_differ")
                return None
            self._note("principal", "money.principal_differs")
        return amount, rest, interest, fees

    def _instalment(self, number: str, due: date, amount: int) -> InstalmentValue | None:
        if not number:
            return None
        found = re.match(r"\d{1,4}", number)
        if found is None:
            self._note("instalment_number", "instalment.unreadable")
            return None
        return InstalmentValue(number=int(found[0]), due_on=due, amount_minor=amount)

    def _party(self, said: str) -> str:
        if not said:
            return "debtor"
        party = party_of(said)
        if party is None:
            self._note("party", "party.unknown")
            return "reference"  # nobody is contacted as a debtor who is not known to be one
        return party

    def _read_phones(self, cell: Cell) -> tuple[str, ...]:
        if cell == "":
            return ()
        if isinstance(cell, str) and len(cell) < 15 and not is_empty(cell):
            try:
                return (self._phone(cell),)
            except BadValue as bad:
                self._note("phone", bad.code)
                return ()
        found: list[str] = []
        for piece in split_phones(cell):
            try:
                found.append(self._phone(piece))
            except BadValue as bad:
                self._note("phone", bad.code)
        return tuple(found)

    def _read_emails(self, cell: Cell) -> tuple[str, ...]:
        text = as_text(cell)
        if len(text) <= 4 and is_empty(text):
            return ()
        found: list[str] = []
        for piece in _ADDRESSES.split(text) if text.count("@") > 1 else (text,):
            if piece:
                try:
                    found.append(email(piece))
                except BadValue as bad:
                    self._note("email", bad.code)
        return tuple(found)

    def _address(self, v: dict[str, Any]) -> AddressValue | None:
        lines, city, region, postal = v["address"], v["city"], v["region"], v["postal_code"]
        lat, lng = self._point(v["lat"], v["lng"])
        if not (lines or city or region or postal or lat is not None):
            return None
        return AddressValue(
            lines=lines,
            city=city,
            region=region,
            postal_code=postal,
            lat=lat,
            lng=lng,
            cell=cell_of(lat, lng) if lat is not None and lng is not None else None,
        )

    def _point(self, lat: float | None, lng: float | None) -> tuple[float | None, float | None]:
        if lat is None or lng is None:
            return None, None
        if self._one_point:
            self._note("lat", "point.same_for_all")
        elif conventions.inside(self._country, lat, lng):
            return lat, lng
        elif lat == 0 and lng == 0:
            self._note("lat", "point.zero")
        elif conventions.inside(self._country, lng, lat):
            self._note("lat", "point.swapped")
        else:
            self._note("lat", "point.outside_country")
        return None, None


def _remembering(read: Read) -> Read:
    """Read a value that comes again, such as a city, once."""
    known: dict[Cell, Any] = {}

    def convert(cell: Cell) -> Any:
        if cell not in known:
            known[cell] = read(cell)
        return known[cell]

    return convert


def text_of(cell: Cell) -> str:
    """
    Give a text with its blanks put in order, letters repaired and placeholders taken for nothing.

    >>> text_of("  José   Peña "), text_of("N/A")
    ('José Peña', '')
    """
    text = cell.strip() if isinstance(cell, str) else as_text(cell)
    if "  " in text or not text.isprintable():  # line breaks and tabs do not print
        text = " ".join(text.split())
    if len(text) <= 4 and is_empty(text):
        return ""
    return (text if text.isascii() else unscramble(text))[:_LONGEST_TEXT]


def _parts(said: str) -> tuple[str, ...]:
    return tuple(part for part in _LIST.split(said) if part) if said else ()


def _one_point(inspection: dict[str, Any], mapping: dict[str, Any]) -> bool:
    """Say whether all rows share one point: what a failed geocoder leaves behind."""
    fields = {field: int(index) for index, field in mapping["columns"].items() if field}
    if "lat" not in fields or "lng" not in fields or inspection["rows"] < 10:
        return False
    columns = {c["index"]: c for c in inspection["columns"]}
    return all(columns[fields[f]]["distinct"] == 1 for f in ("lat", "lng"))
