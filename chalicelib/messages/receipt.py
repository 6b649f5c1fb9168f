"""The receipt of a payment: what came in, what it paid, and how to check that it is genuine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import formats
from chalicelib.messages.formats import locale_of
from chalicelib.messages.naming import clean, person
from chalicelib.messages.paper import latin, qr, sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN = 18
_QR_SIDE = 38
_TITLES = {"es": "recibo", "en": "receipt", "pt": "recibo"}
_WIDTHS = (0.32, 0.17, 0.17, 0.17, 0.17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What of a payment a debt received, in minor units; ``reference`` is the creditor's own."""

    reference: str
    principal_minor: int
    interest_minor: int
    fees_minor: int

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fees_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """
    Args:
        amount_minor: What came in and stays.
        over_minor: What of it nobody owed; it is to be given back.
        balance_minor: What is owed once it counts; a credit is negative.
        reference: Of the payment, at its provider.
        code, url: By which the receipt is checked.
    """

    name: str
    amount_minor: int
    currency: str
    paid_on: date
    method: str
    reference: str
    paid: Sequence[Paid]
    over_minor: int
    balance_minor: int
    code: str = ""
    url: str = ""


def render(facts: ReceiptFacts, portfolio: Portfolio, *, language: str, made_at: datetime) -> bytes:
    """
    Lay the receipt out on one page. What the debts received adds up to the amount.

    The same facts give the same bytes.
    """
    words = texts(language)
    locale = locale_of(language, portfolio.country)
    write = formats.amounts(facts.currency, locale)
    pdf = sheet(words["title"], portfolio, locale, made_at=made_at, margin=_MARGIN)
    _head(pdf, facts, portfolio, words, locale)
    _table(pdf, facts, words, write)
    _left(pdf, facts, words, write)
    _foot(pdf, facts, portfolio, words)
    return bytes(pdf.output())


def _head(
    pdf: "FPDF", facts: ReceiptFacts, portfolio: Portfolio, words: Mapping[str, str], locale: str
) -> None:
    creditor = clean(portfolio.identification.creditor or portfolio.creditor)
    _line(pdf, clean(portfolio.branding.display_name) or creditor, 16, "B", 9)
    _line(pdf, words["title"], 13, "B", 8)
    pdf.ln(2)
    write = formats.amounts(facts.currency, locale)
    _line(pdf, f"{write(facts.amount_minor)} {facts.currency}", 22, "B", 12)
    pdf.ln(2)
    for name, value in (
        ("paid_on", formats.day(facts.paid_on, locale)),
        ("debtor", person(facts.name)),
        ("creditor", creditor),
        ("method", words.get(f"method.{facts.method}", "")),
        ("reference", clean(facts.reference)),
    ):
        if value:
            _line(pdf, f"{words[name]}: {value}")
    pdf.ln(3)


def _table(
    pdf: "FPDF", facts: ReceiptFacts, words: Mapping[str, str], write: formats.Amounts
) -> None:
    """What each debt received, and of what."""
    wide = pdf.w - 2 * _MARGIN

    def row(cells: Sequence[str], style: str, border: str) -> None:
        pdf.set_font("helvetica", style, 9)
        for index, cell in enumerate(cells):
            text = latin(cell)
            while index == 0 and len(text) > 1 and pdf.get_string_width(text) > wide * 0.3:
                text = text[:-1]
            align = "L" if index == 0 else "R"
            pdf.cell(wide * _WIDTHS[index], 6, text, border=border, align=align)
        pdf.ln(6)

    pdf.set_draw_color(170)
    row([words[name] for name in ("debt", "principal", "interest", "fees", "total")], "B", "B")
    for one in facts.paid:
        parts = (one.principal_minor, one.interest_minor, one.fees_minor, one.total_minor)
        row([clean(one.reference), *(write(part) for part in parts)], "", "")
    row([words["total"], "", "", "", write(sum(p.total_minor for p in facts.paid))], "B", "T")
    pdf.ln(3)


def _left(
    pdf: "FPDF", facts: ReceiptFacts, words: Mapping[str, str], write: formats.Amounts
) -> None:
    """What is still owed, and what was paid beyond it."""
    owes = words["balance"].format(amount=write(facts.balance_minor))
    _line(pdf, owes if facts.balance_minor > 0 else words["nothing"], 11, "B")
    if facts.over_minor:
        pdf.set_font("helvetica", "", 10)
        said = words["over"].format(amount=write(facts.over_minor))
        pdf.multi_cell(0, 5, latin(said), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def _foot(pdf: "FPDF", facts: ReceiptFacts, portfolio: Portfolio, words: Mapping[str, str]) -> None:
    """How to check it, and who issued it."""
    top = pdf.get_y()
    qr(pdf, facts.url, x=_MARGIN, y=top, side=_QR_SIDE)
    pdf.set_xy(_MARGIN + _QR_SIDE + 4, top + 6)
    pdf.set_font("helvetica", "", 9)
    check = words["check"].format(page=facts.url.partition("#")[0], code=facts.code)
    pdf.multi_cell(pdf.w - 2 * _MARGIN - _QR_SIDE - 4, 5, latin(check), align="L")
    pdf.set_y(top + _QR_SIDE + 4)
    pdf.set_font("helvetica", "", 8.5)
    for text in (_who(portfolio, words), words["keep"]):
        if text:
            pdf.multi_cell(0, 4.5, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _line(
    pdf: "FPDF", text: str, size: float = 10, style: Literal["", "B"] = "", height: float = 6
) -> None:
    pdf.set_font("helvetica", style, size)
    pdf.cell(0, height, latin(text), new_x="LMARGIN", new_y="NEXT")


def file_name(language: str, day: date) -> str:
    """Name the file by what it is and its day, and by nothing personal."""
    return f"{_TITLES.get(language, _TITLES['es'])}-{day.isoformat()}.pdf"


def texts(language: str) -> Mapping[str, str]:
    """The words of a language (``i18n/receipt.<language>.json``)."""
    return wording.of("receipt", language)


def _who(portfolio: Portfolio, words: Mapping[str, str]) -> str:
    """Who collects for the creditor, and where they are to be found."""
    own = portfolio.identification
    if not own.agency:
        return ""
    where = ", ".join(filter(None, (own.address, own.phone, own.email)))
    return words["agency"].format(agency=clean(own.agency), where=clean(where))
