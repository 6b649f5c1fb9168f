"""From raw cells to typed rows, by one mapping: what the workers run for every row."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.domain.charge_off import Booked
from chalicelib.geo.cells import cell_of
from chalicelib.intake import charge_offs, conventions
from chalicelib.intake.cell_reader import CellReader
from chalicelib.intake.cells import Cell
from chalicelib.intake.identity import debtor_key, made_debt_id, made_reference, party_of
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

_LIST = re.compile(r"\s*[;,|]\s*")
_MAX_MINOR = 10**15  # no debt of ours is larger; an id mapped as an amount often is


# What else is wrong with such a row follows from it, and would lead astray.
OPEN_QUOTE = (Reason(field="", code="quote.open", details={}),)


class RowReader(CellReader):
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
        super().__init__(mapping, inspection, country=country, currency=currency, mode=mode)
        self._one_point = _one_point(inspection, mapping)
        mapped = {name for name, _, _ in self._plan}
        self._names_debtor = bool(mapped & {"debtor_id", "tax_id", "name"})
        self._has_books = bool(mapped & charge_offs.FIELDS)
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
            return Rejected(
                row_number=row_number,
                cells=tuple(cells),
                reasons=OPEN_QUOTE if self._swallowed(cells) else tuple(self._reasons),
            )
        return row

    def _swallowed(self, cells: Sequence[Cell]) -> bool:
        """Whether a mark that is never closed took the end of the row and others into a cell."""
        broken = any(isinstance(cell, str) and "\n" in cell for cell in cells)
        return broken and len(cells) < self._width

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
        booked = self._booked(v, issued_on) if self._has_books else None
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
            booked=booked,
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
        booked = self._booked(v, None) if self._has_books else None
        if balance == 0 and booked is not None and booked.charged_off:
            self._refuse("balance", "charge_off.nothing_owed")
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
            booked=booked,
            warnings=tuple(self._notes),
        )

    def _booked(self, v: dict[str, Any], issued_on: date | None) -> Booked | None:
        if any(reason.field in charge_offs.FIELDS for reason in self._reasons):
            return None  # a cell of them could not be read
        said = charge_offs.booked(v, _MAX_MINOR, self._refuse)
        if said.on is not None and issued_on is not None and said.on < issued_on:
            self._refuse("charged_off_on", "charge_off.before_issued")
        return said

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


def _parts(said: str) -> tuple[str, ...]:
    return tuple(part for part in _LIST.split(said) if part) if said else ()


def _one_point(inspection: dict[str, Any], mapping: dict[str, Any]) -> bool:
    """Say whether all rows share one point: what a failed geocoder leaves behind."""
    fields = {field: int(index) for index, field in mapping["columns"].items() if field}
    if "lat" not in fields or "lng" not in fields or inspection["rows"] < 10:
        return False
    columns = {c["index"]: c for c in inspection["columns"]}
    return all(columns[fields[f]]["distinct"] == 1 for f in ("lat", "lng"))
