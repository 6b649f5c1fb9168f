"""
The files a creditor would send: messy on purpose.

Title rows, Windows encoding, semicolons, ``$ 1,234.56``, ``dd/mm/yyyy``, a totals row, and a
few rows that are simply wrong.
"""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import xlsxwriter

from local.generator.facts import Payment
from local.generator.lines import Line
from local.generator.portfolio import DemoPortfolio

LOAN_HEADER = (
    "No. Cliente", "Nombre del cliente", "R.F.C.", "Celular", "Otro teléfono",
    "Correo electrónico", "Calle, número y colonia", "Alcaldía", "Estado", "C.P.", "Latitud",
    "Longitud", "No. Crédito", "Producto", "Fecha de otorgamiento", "No. de pago",
    "Fecha de vencimiento", "Fecha de castigo", "Capital", "Intereses", "Comisiones",
    "Saldo total", "Etiquetas",
)  # fmt: skip
INVOICE_HEADER = (
    "Customer no.", "Cliente", "RFC", "Teléfono", "E-mail", "Domicilio", "Ciudad", "CP",
    "Latitud", "Longitud", "Factura", "Fecha factura", "Vence", "Importe USD",
)  # fmt: skip
METHOD_WORDS = {
    "transfer": "SPEI", "deposit": "Depósito", "card": "Tarjeta", "cash": "Efectivo",
}  # fmt: skip
BAD_ROWS = 4
BOOKED_AFTER = timedelta(days=180)  # past due, the lender charges a loan off in its books


@dataclass(frozen=True, slots=True)
class File:
    """
    Args:
        rows: Data rows, neither titles nor totals.
        bad: How many of them must be rejected.
        amount_minor: Sum of the good rows.
    """

    name: str
    mode: str
    content: bytes
    rows: int
    bad: int
    amount_minor: int


def files(portfolio: DemoPortfolio, today: date) -> list[File]:
    """Write a portfolio's debts file and its payments file."""
    write = loans if portfolio.slug == "pesos" else invoices
    return [write(portfolio, today), payments(portfolio)]


def loans(portfolio: DemoPortfolio, today: date) -> File:
    """Pesos: a semicolon CSV in Windows' encoding, the last ``BAD_ROWS`` rows wrong."""
    lines = portfolio.lines
    rows = [_loan_cells(line, today) for line in lines]
    total = sum(line.total_minor for line in lines)
    wrong = [replace(line, folio=f"{line.folio}X") for line in lines[:BAD_ROWS]]
    rows += _bad_cells(wrong, today)
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\r\n").writerow
    blank = [""] * len(LOAN_HEADER)
    write([str(portfolio.settings["creditor"]).upper(), *blank[1:]])
    write([f"Cartera asignada a cobranza al {today:%d/%m/%Y}", *blank[1:]])
    write(blank)
    write(LOAN_HEADER)
    for row in rows:
        write(row)
    write([*blank[:-5], "TOTAL", "", "", _pesos(total), ""])
    return File(
        name=f"Cartera_Jacaranda_{today:%d-%m-%Y}.csv",
        mode="debts",
        content=text.getvalue().encode("cp1252"),
        rows=len(rows),
        bad=BAD_ROWS,
        amount_minor=total,
    )


def invoices(portfolio: DemoPortfolio, today: date) -> File:
    """Dollars: a workbook with a title, real dates and numbers, and a totals row."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("Facturas")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": '"US$" #,##0.00'})
    bold = book.add_format({"bold": True})
    sheet.write(0, 0, f"Mayoreo Ocelote · Antigüedad de saldos al {today:%d/%m/%Y}", bold)
    for column, title in enumerate(INVOICE_HEADER):
        sheet.write(2, column, title, bold)
    at = 3
    for line in portfolio.lines:
        door = line.debtor.door
        texts = (
            line.debtor.key, line.debtor.name, line.debtor.tax_id, _spaced(line.debtor.phones[0]),
            line.debtor.email, door.lines, door.street.city, door.street.postal_code,
        )  # fmt: skip
        for column, value in enumerate(texts):
            sheet.write_string(at, column, value)
        sheet.write_number(at, 8, door.lat)
        sheet.write_number(at, 9, door.lng)
        sheet.write_string(at, 10, line.folio)
        sheet.write_datetime(at, 11, _midnight(line.issued_on), day)
        sheet.write_datetime(at, 12, _midnight(line.due_on), day)
        sheet.write_number(at, 13, float(Decimal(line.total_minor) / 100), money)
        at += 1
    total = sum(line.total_minor for line in portfolio.lines)
    sheet.write(at, 12, "Total general", bold)
    sheet.write_number(at, 13, float(Decimal(total) / 100), money)
    book.close()
    return File(
        name=f"Antiguedad de saldos {today:%Y-%m-%d}.xlsx",
        mode="debts",
        content=content.getvalue(),
        rows=len(portfolio.lines),
        bad=0,
        amount_minor=total,
    )


def payments(portfolio: DemoPortfolio) -> File:
    """Payments of the days before today: comma CSV with a byte order mark."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    folio = "No. Crédito" if portfolio.slug == "pesos" else "Factura"
    write(("Fecha de pago", "Referencia", "No. Cliente", folio, "Monto pagado", "Medio de pago"))
    for payment in portfolio.facts.payments:
        write(_payment_cells(payment))
    made = portfolio.facts.payments
    return File(
        name=f"pagos_{portfolio.slug}.csv",
        mode="payments",
        content=text.getvalue().encode("utf-8-sig"),
        rows=len(made),
        bad=0,
        amount_minor=sum(payment.amount_minor for payment in made),
    )


def _payment_cells(payment: Payment) -> tuple[str, ...]:
    return (
        f"{payment.paid_on:%d/%m/%Y}",
        payment.reference,
        payment.debtor_key,
        payment.folio,
        f"{Decimal(payment.amount_minor) / 100:,.2f}",
        METHOD_WORDS[payment.method],
    )


def _booked_on(line: Line, today: date) -> str:
    """The day on which the lender charged a loan off, if it did; one in instalments never is."""
    on = line.due_on + BOOKED_AFTER
    return f"{on:%d/%m/%Y}" if line.instalment is None and on <= today else ""


def _loan_cells(line: Line, today: date) -> list[str]:
    debtor, street = line.debtor, line.debtor.door.street
    second = _spaced(debtor.phones[1]) if len(debtor.phones) > 1 else ""
    return [
        debtor.key, debtor.name, debtor.tax_id, _spaced(debtor.phones[0]), second, debtor.email,
        debtor.door.lines, street.city, street.region, street.postal_code,
        f"{debtor.door.lat:.6f}", f"{debtor.door.lng:.6f}", line.folio, line.product,
        f"{line.issued_on:%d/%m/%Y}", "" if line.instalment is None else str(line.instalment),
        f"{line.due_on:%d/%m/%Y}", _booked_on(line, today), _pesos(line.principal_minor),
        _pesos(line.interest_minor), _pesos(line.fees_minor), _pesos(line.total_minor),
        ", ".join(debtor.tags),
    ]  # fmt: skip


def _bad_cells(lines: list[Line], today: date) -> list[list[str]]:
    """Turn good lines into rows that nobody may accept: one defect each."""
    rows = [_loan_cells(line, today) for line in lines]
    due, balance, principal, interest, fees = (
        LOAN_HEADER.index(title)
        for title in ("Fecha de vencimiento", "Saldo total", "Capital", "Intereses", "Comisiones")
    )
    rows[0][due] = "31/02/2026"
    rows[1][due] = "por definir"
    for column in (balance, principal, interest, fees):
        rows[2][column] = "$ 0.00"
        rows[3][column] = "pendiente" if column == balance else ""
    return rows


def _pesos(minor: int) -> str:
    return f"$ {Decimal(minor) / 100:,.2f}"


def _spaced(phone: str) -> str:
    """As people write it: ``55 0012 3456``."""
    return f"{phone[:2]} {phone[2:6]} {phone[6:]}"


def _midnight(day: date) -> datetime:
    """A day as the workbook writer wants it."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day, not a moment
