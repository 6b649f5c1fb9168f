"""From raw cells to typed rows, by one mapping: what the workers run for every row."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.geo.cells import cell_of
from chalicelib.intake import conventions, readings
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

_SPACES = re.compile(r"\s+")
_LIST = re.compile(r"\s*[;,|]\s*")
_MAX_MINOR = 10**15  # no debt of ours is larger; an id mapped as an amount often is
_LONGEST_TEXT = 500

Read = Callable[[Cell], Any]


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
        self._rounding = ""
        self._phone = phone_reader(country)
        self._tax_id = tax_id_reader(country)
        self._texts: dict[Cell, str] = {}
        self._one_point = _one_point(inspection, mapping)
        by_index = {c["index"]: c for c in inspection["columns"]}
        self._readers: dict[str, tuple[int, Read]] = {}
        for key, name in mapping["columns"].items():
            if name is None or mode not in FIELDS[name].modes:
                continue
            column = by_index[int(key)]
            asked = [q for q in inspection["questions"] if q["column"] == column["index"]]
            reading = readings.with_answers(
                column["kind"], column["reading"], asked, mapping.get("answers", {})
            )
            read = self._reader_for(FIELDS[name].kind, name, reading, DECIMALS[currency])
            self._readers[name] = (column["index"], read)
        get = self._readers.get
        self._phones = [get(f) for f in ("phone", "phone2", "phone3")]
        self._emails = [get(f) for f in ("email", "email2")]
        self._read_row = {
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
        row = self._read_row(row_number, cells)
        if self._reasons or row is None:
            return Rejected(row_number=row_number, cells=tuple(cells), reasons=tuple(self._reasons))
        return row

    def _reader_for(self, kind: str, name: str, reading: dict[str, Any], decimals: int) -> Read:
        if kind == "money":
            return money_converter(reading, decimals, lambda: self._note(name, "money.rounded"))
        if kind == "date":
            return date_converter(reading)
        if kind == "coordinate":
            return degrees_converter(reading)
        if kind in ("id", "tax_id", "phone"):
            if name == "postal_code" and self._country in conventions.POSTAL_DIGITS:
                reading = {**reading, "pad": conventions.POSTAL_DIGITS[self._country]}
            return id_converter(reading)
        if kind == "number":
            return id_converter({"form": "whole_float"})
        return self._text

    def _note(self, name: str, code: str, **details: Any) -> None:
        self._notes.append(Reason(field=name, code=code, details=details))

    def _refuse(self, name: str, code: str, **details: Any) -> None:
        self._reasons.append(Reason(field=name, code=code, details=details))

    def _text(self, cell: Cell) -> str:
        known = self._texts.get(cell)
        if known is not None:
            return known
        text = unscramble(_SPACES.sub(" ", as_text(cell)))[:_LONGEST_TEXT]
        if is_empty(text):
            text = ""
        if len(self._texts) > 20_000:
            self._texts.clear()
        self._texts[cell] = text
        return text

    def _value(self, name: str, cells: Sequence[Cell], absent: Any = None) -> Any:
        """Read one field; a bad value refuses the row and counts as absent."""
        found = self._readers.get(name)
        if found is None or found[0] >= len(cells):
            return absent
        try:
            return found[1](cells[found[0]])
        except BadValue as bad:
            self._refuse(name, bad.code, **bad.details)
            return absent

    def _debtor(self, cells: Sequence[Cell], contact: str = "") -> tuple[str, str, str, str] | None:
        """Key, debtor id, name and tax id; refuses the row when it names nobody."""
        debtor_id = self._value("debtor_id", cells, "")
        name = self._value("name", cells, "")
        tax_id = ""
        raw = self._value("tax_id", cells, "")
        if raw:
            tax_id, kind = self._tax_id(raw)
            if kind == "invalid":
                self._note("tax_id", "tax_id.invalid")
            elif not tax_id:
                self._note("tax_id", "tax_id.placeholder")
        if not (debtor_id or tax_id or name):
            if not self._reasons:
                self._refuse("name", "debtor.missing")
            return None
        return debtor_key(debtor_id, tax_id, name, contact), debtor_id, name, tax_id

    def _debt(self, row_number: int, cells: Sequence[Cell]) -> DebtRow | None:
        phones = self._read_phones(cells)
        emails = self._read_emails(cells)
        contact = phones[0] if phones else emails[0] if emails else ""
        who = self._debtor(cells, contact)
        issued_on: date | None = self._value("issued_on", cells)
        due_on: date | None = self._value("due_on", cells)
        instalment_due: date | None = self._value("instalment_due_on", cells)
        amounts = self._amounts(cells)
        external_id = self._value("debt_id", cells, "")
        number = self._value("instalment_number", cells, "")
        due = instalment_due or due_on
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
        instalment = self._instalment(number, due, amount)
        product = self._value("product", cells, "")
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
            instalment=instalment,
            party=self._party(cells),
            phones=phones,
            emails=emails,
            address=self._address(cells),
            documents=self._list("document", cells),
            tags=self._list("tags", cells),
            note=self._value("note", cells, ""),
            warnings=tuple(self._notes),
        )

    def _balance(self, row_number: int, cells: Sequence[Cell]) -> BalanceRow | None:
        external_id = self._value("debt_id", cells, "")
        who = self._debtor(cells) if self._names_debtor() or not external_id else None
        if who is None and external_id:
            self._reasons = [r for r in self._reasons if r.code != "debtor.missing"]
            who = ("", "", "", "")
        balance = self._value("balance", cells)
        due_on = self._value("due_on", cells)
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

    def _payment(self, row_number: int, cells: Sequence[Cell]) -> PaymentRow | None:
        external_id = self._value("debt_id", cells, "")
        who = self._debtor(cells) if self._names_debtor() or not external_id else None
        if who is None and external_id:
            self._reasons = [r for r in self._reasons if r.code != "debtor.missing"]
            who = ("", "", "", "")
        amount = self._value("payment_amount", cells)
        paid_on = self._value("paid_on", cells)
        if amount is None:
            self._missing("payment_amount", "money.missing")
        elif amount <= 0:
            self._refuse("payment_amount", "money.not_positive")
        elif amount > _MAX_MINOR:
            self._refuse("payment_amount", "money.too_large")
        if paid_on is None:
            self._missing("paid_on", "paid_on.missing")
        reference = self._value("payment_reference", cells, "")
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
            method=self._value("payment_method", cells, ""),
            warnings=tuple(self._notes),
        )

    def _names_debtor(self) -> bool:
        return any(f in self._readers for f in ("debtor_id", "tax_id", "name"))

    def _missing(self, name: str, code: str) -> None:
        if not any(r.field == name for r in self._reasons):
            self._refuse(name, code)

    def _amounts(self, cells: Sequence[Cell]) -> tuple[int, int, int, int] | None:
        """
        Give what is owed now and its split; refuses the row when they contradict each other.

        The instalment's amount comes before the balance, the balance before the original
        amount; without any, the parts make it. Parts without a principal leave the rest to it.
        """
        instalment = self._value("instalment_amount", cells)
        balance = self._value("balance", cells)
        original = self._value("amount", cells)
        principal = self._value("principal", cells)
        interest = self._value("interest", cells) or 0
        fees = self._value("fees", cells) or 0
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

    def _party(self, cells: Sequence[Cell]) -> str:
        said = self._value("party", cells, "")
        if not said:
            return "debtor"
        party = party_of(said)
        if party is None:
            self._note("party", "party.unknown")
            return "reference"  # nobody is contacted as a debtor who is not known to be one
        return party

    def _list(self, name: str, cells: Sequence[Cell]) -> tuple[str, ...]:
        if name not in self._readers:
            return ()
        said = self._value(name, cells, "")
        return tuple(part for part in _LIST.split(said) if part) if said else ()

    def _read_phones(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        found: list[str] = []
        for place in self._phones:
            if place is None or place[0] >= len(cells):
                continue
            cell = cells[place[0]]
            if cell == "":
                continue
            for piece in split_phones(cell):
                try:
                    phone = self._phone(piece)
                except BadValue as bad:
                    self._note("phone", bad.code)
                    continue
                if phone not in found:
                    found.append(phone)
        return tuple(found)

    def _read_emails(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        found: list[str] = []
        for place in self._emails:
            if place is None or place[0] >= len(cells):
                continue
            cell = cells[place[0]]
            if not isinstance(cell, str) or is_empty(cell.strip()):
                continue
            for piece in re.split(r"[;,/\s]+", cell.strip()) if "@" in cell else [cell]:
                if not piece:
                    continue
                try:
                    address = email(piece)
                except BadValue as bad:
                    self._note("email", bad.code)
                    continue
                if address not in found:
                    found.append(address)
        return tuple(found)

    def _address(self, cells: Sequence[Cell]) -> AddressValue | None:
        lines, city, region, postal = (
            self._value(f, cells, "") for f in ("address", "city", "region", "postal_code")
        )
        lat, lng = self._point(cells)
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

    def _point(self, cells: Sequence[Cell]) -> tuple[float | None, float | None]:
        if "lat" not in self._readers or "lng" not in self._readers:
            return None, None
        before = len(self._reasons)
        lat, lng = self._value("lat", cells), self._value("lng", cells)
        if len(self._reasons) > before:
            del self._reasons[before:]
            self._note("lat", "point.unreadable")
            return None, None
        if lat is None or lng is None:
            return None, None
        if self._one_point:
            self._note("lat", "point.same_for_all")
            return None, None
        if conventions.inside(self._country, lat, lng):
            return lat, lng
        if lat == 0 and lng == 0:
            self._note("lat", "point.zero")
        elif conventions.inside(self._country, lng, lat):
            self._note("lat", "point.swapped")
        else:
            self._note("lat", "point.outside_country")
        return None, None


def _one_point(inspection: dict[str, Any], mapping: dict[str, Any]) -> bool:
    """Say whether all rows share one point: what a failed geocoder leaves behind."""
    fields = {field: int(index) for index, field in mapping["columns"].items() if field}
    if "lat" not in fields or "lng" not in fields or inspection["rows"] < 10:
        return False
    columns = {c["index"]: c for c in inspection["columns"]}
    return all(columns[fields[f]]["distinct"] == 1 for f in ("lat", "lng"))
