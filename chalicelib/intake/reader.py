"""From raw cells to typed rows, by one mapping: what the workers run for every row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.domain.ids import derived_id
from chalicelib.domain.money import DECIMALS
from chalicelib.intake.cells import Cell, as_text
from chalicelib.intake.rows import AnyRow, BalanceRow, DebtRow, PaymentRow, Reason, Rejected


class RowReader:
    """
    Reads rows of one file by one mapping. Make it once per chunk; it keeps caches.

    Args:
        mapping: Shape M of the API, complete for *mode* (``fields.missing_fields``).
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
        self._columns = {
            field: int(index) for index, field in mapping["columns"].items() if field is not None
        }
        self._scale = DECIMALS[currency]
        self._mode = mode
        self._readings = {c["index"]: c["reading"] for c in inspection["columns"]}
        self._country = country

    def read(self, row_number: int, cells: Sequence[Cell]) -> AnyRow | Rejected:
        """Read one row; never raises for what a file may hold. Pure: the same row, same answer."""
        text = {f: as_text(cells[i]) if i < len(cells) else "" for f, i in self._columns.items()}
        reasons: list[Reason] = []

        def money(field: str) -> int:
            try:
                return int(Decimal(text.get(field, "")).scaleb(self._scale))
            except (InvalidOperation, ValueError):
                reasons.append(Reason(field=field, code="money.unreadable", details={}))
                return 0

        def day(field: str) -> date:
            try:
                return date.fromisoformat(text.get(field, ""))
            except ValueError:
                reasons.append(Reason(field=field, code="date.unreadable", details={}))
                return date.min

        debtor_id, tax_id, name = (text.get(f, "") for f in ("debtor_id", "tax_id", "name"))
        key = debtor_id or tax_id or name.casefold()
        external = text.get("debt_id", "")
        row: AnyRow
        if self._mode == "debts":
            amount = money("balance" if "balance" in text else "amount")
            due_on = day("due_on")
            row = DebtRow(
                row_number=row_number,
                debtor_key=key,
                debtor_id=debtor_id,
                name=name,
                tax_id=tax_id,
                external_id=external or derived_id("auto", key, str(due_on), str(amount)),
                external_id_given=bool(external),
                product=text.get("product", ""),
                issued_on=None,
                due_on=due_on,
                amount_minor=amount,
                principal_minor=amount,
                interest_minor=0,
                fees_minor=0,
            )
        elif self._mode == "balances":
            row = BalanceRow(
                row_number=row_number,
                debtor_key=key,
                debtor_id=debtor_id,
                name=name,
                tax_id=tax_id,
                external_id=external,
                balance_minor=money("balance"),
            )
        else:
            amount, paid_on = money("payment_amount"), day("paid_on")
            reference = text.get("payment_reference", "")
            row = PaymentRow(
                row_number=row_number,
                debtor_key=key,
                debtor_id=debtor_id,
                name=name,
                tax_id=tax_id,
                external_id=external,
                amount_minor=amount,
                paid_on=paid_on,
                reference=reference or derived_id("auto", key, str(paid_on), str(amount)),
                reference_given=bool(reference),
            )
        if reasons:
            return Rejected(row_number=row_number, cells=tuple(cells), reasons=tuple(reasons))
        return row
