"""The document of an agreement and the letter that ends it, as PDFs in the debtor's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import Agreement, AgreementKind, terms_digest
from chalicelib.domain.days import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import formats
from chalicelib.messages.naming import clean, person
from chalicelib.messages.paper import latin, line, qr, sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN = 18
_ROW = 6.0
_QR_MM = 28
_DEBT_WIDTHS = (0.19, 0.13, 0.13, 0.13, 0.12, 0.14, 0.16)  # of the line
_SHARE_WIDTHS = (0.34, 0.33, 0.33)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """
    What both say beside the agreement.

    Args:
        references: The creditor's own id of each debt, by our id.
        today: The portfolio's day.
        sender: What the law of the country wants said of who collects, and for whom.
        code, url: By which anybody can check it; empty on a proposal, which is not issued.
    """

    debtor: str
    references: Mapping[str, str]
    today: date
    sender: str = ""
    code: str = ""
    url: str = ""


def render(
    agreement: Agreement, paper: Paper, portfolio: Portfolio, language: str, *, made_at: datetime
) -> bytes:
    """
    Lay out an agreement: who, what is owed and of what it is made, what is forgiven, what is paid
    and when, where to, what happens if it is not, and how the debtor said yes.

    One that is not signed yet says that it is a proposal and until when it stands. The same
    agreement at the same moment gives the same bytes.
    """
    page = _Page(portfolio, language, made_at)
    words, write = page.words, page.write
    signed = agreement.signed_at is not None
    page.line(words[f"title_{agreement.kind.value}"], style="B", size=14)
    if not signed:
        until = formats.day(local_day(agreement.until, portfolio.time_zone), page.locale)
        page.line(words["proposal"].format(day=until), style="B")
    page.line(formats.day(paper.today, page.locale), after=4)
    page.line(words["parties"].format(creditor=page.creditor, debtor=person(paper.debtor)))
    if page.agency != page.creditor:
        page.line(words["agency"].format(agency=page.agency, creditor=page.creditor))
    page.heading(words["owed"])
    _owed(page, agreement, paper)
    page.line(words["to_pay"].format(amount=write(agreement.to_pay_minor)), style="B", size=12)
    if agreement.saved_minor:
        saved = write(agreement.saved_minor)
        page.line(words[f"saved_{agreement.earned.value}"].format(amount=saved))
    if agreement.capitalised:
        page.line(words["capitalised"].format(amount=write(agreement.capital_minor)))
    page.line(words["settles"])
    page.heading(words["schedule"])
    page.table(
        [words["share"], words["day"], words["amount"]],
        [
            [
                words["down"] if share.number == 0 else str(share.number),
                formats.day(share.due_on, page.locale),
                write(share.amount_minor),
            ]
            for share in agreement.shares
        ],
        _SHARE_WIDTHS,
        numbers=1,
    )
    page.heading(words["where"])
    own = portfolio.identification
    if means := clean(own.payment_means):
        page.line(means)
    page.line(words["only_creditor"].format(creditor=page.creditor))
    page.heading(words["if_not"])
    key = "refinanced" if agreement.kind is AgreementKind.REFINANCE else "broken"
    if key == "broken" and not agreement.saved_minor:
        key = "broken_plain"
    page.line(words[key].format(missed=agreement.missed, grace=agreement.grace_days))
    page.line(words["letter_follows"])
    if law := words.get(f"law_{portfolio.country}"):
        page.line(law)
    if signed:
        page.heading(words["accepted"])
        page.line(_accepted(agreement, page))
    page.line(words["terms"].format(digest=terms_digest(agreement)), size=8)
    page.foot(paper)
    return page.bytes()


def letter(
    agreement: Agreement, paper: Paper, portfolio: Portfolio, language: str, *, made_at: datetime
) -> bytes:
    """Lay out the letter that nothing is owed any more (carta finiquito, de no adeudo)."""
    page = _Page(portfolio, language, made_at)
    words = page.words
    page.line(words["letter_title"], style="B", size=14)
    page.line(formats.day(paper.today, page.locale), after=6)
    page.line(f"{words['to']} {person(paper.debtor)}", after=4)
    debts = [paper.references.get(key, "") for key in agreement.debt_ids]
    debts += [paper.references.get(one.debt_id, "") for one in agreement.covered]
    named = ", ".join(dict.fromkeys(clean(one) for one in debts if one))
    signed_on = local_day(agreement.signed_at or made_at, portfolio.time_zone)
    page.line(
        words["letter_paid"].format(
            creditor=page.creditor,
            day=formats.day(signed_on, page.locale),
            debts=named,
            amount=page.write(agreement.to_pay_minor),
        )
    )
    page.line(words["letter_nothing"].format(creditor=page.creditor), style="B", after=4)
    page.line(words["letter_bureau"])
    page.foot(paper)
    return page.bytes()


def file_name(language: str, today: date, *, ended: bool = False) -> str:
    """Name the file by what it is and its day, and by nothing personal."""
    titles = {
        "es": ("convenio", "carta-finiquito"),
        "en": ("agreement", "settlement-letter"),
        "pt": ("acordo", "carta-de-quitacao"),
    }
    return f"{titles[language][ended]}-{today.isoformat()}.pdf"


def _owed(page: "_Page", agreement: Agreement, paper: Paper) -> None:
    words, write = page.words, page.write
    rows = []
    for one in agreement.covered:
        rows.append(
            [
                clean(paper.references.get(one.debt_id, "")),
                write(one.principal_minor),
                write(one.interest_minor - one.moratory_minor),
                write(one.moratory_minor),
                write(one.fees_minor),
                write(one.discount.total_minor),
                write(one.to_pay.total_minor),
            ]
        )
    titles = ["debt", "principal", "interest", "moratory", "fees", "forgiven", "pays"]
    page.table([words[name] for name in titles], rows, _DEBT_WIDTHS, numbers=6)
    if agreement.saved_minor:
        less = [0, 0, 0]
        for one in agreement.covered:
            less[0] += one.less_principal_minor
            less[1] += one.less_interest_minor
            less[2] += one.less_fees_minor
        page.line(
            words["forgiven_parts"].format(
                principal=write(less[0]), interest=write(less[1]), fees=write(less[2])
            )
        )


def _accepted(agreement: Agreement, page: "_Page") -> str:
    proof, at = agreement.proof, agreement.signed_at
    if proof is None or at is None:
        raise ValueError("only a signed agreement says how it was accepted")
    local = formats.day(local_day(at, page.portfolio.time_zone), page.locale)
    said = page.words[f"accepted_{proof.kind.value}"].format(
        day=local, to=proof.to, reference=proof.reference
    )
    return f"{said} SHA-256: {proof.sha256}" if proof.sha256 else said


class _Page:
    """A page being written from the top down."""

    def __init__(self, portfolio: Portfolio, language: str, made_at: datetime) -> None:
        own = portfolio.identification
        self.portfolio = portfolio
        self.words = wording.of("agreement", language)
        self.locale = formats.locale_of(language, portfolio.country)
        self.write = formats.amounts(portfolio.currency, self.locale)
        name = clean(own.creditor or portfolio.creditor)
        more = (clean(own.creditor_tax_id), clean(own.creditor_address))
        self.creditor = name
        self.agency = clean(own.agency) or name
        self._creditor_line = ", ".join(one for one in (name, *more) if one)
        self._pdf = sheet(
            self.words["title"], portfolio, self.locale, made_at=made_at, margin=_MARGIN
        )
        self._pdf.set_auto_page_break(auto=True, margin=16)
        self.line(clean(portfolio.branding.display_name) or name, style="B", size=16)

    def line(self, text: str, *, style: str = "", size: float = 10, after: float = 2) -> None:
        line(self._pdf, text, style=style, size=size, after=after)

    def heading(self, text: str) -> None:
        self._pdf.ln(1)
        self.line(text, style="B", size=11, after=1)

    def table(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        numbers: int,
    ) -> None:
        """Draw rows of one line each; the last *numbers* columns are set to the right."""
        pdf = self._pdf
        line = pdf.w - 2 * _MARGIN
        pdf.set_draw_color(170)
        for index, cells in enumerate([titles, *rows]):
            if pdf.get_y() > pdf.h - 16 - _ROW:
                pdf.add_page()
            pdf.set_font("helvetica", "" if index else "B", 8.5)
            for column, cell in enumerate(cells):
                right = column >= len(cells) - numbers
                width = line * widths[column]
                text = _fitted(pdf, latin(cell), width - 2)
                pdf.cell(
                    width, _ROW, text, border="" if index else "B", align="R" if right else "L"
                )
                pdf.set_font_size(8.5)
            pdf.ln(_ROW)
        pdf.ln(2)

    def foot(self, paper: Paper) -> None:
        own, pdf = self.portfolio.identification, self._pdf
        if complaints := clean(own.complaints):
            self.line(self.words["complaints"].format(where=complaints))
        self.line(self._creditor_line, size=8, after=1)
        if paper.sender:
            self.line(paper.sender, size=8)
        if paper.code:
            if pdf.get_y() > pdf.h - _QR_MM - 30:
                pdf.add_page()
            self.line(self.words["check"].format(code=paper.code), size=9, after=1)
            qr(pdf, paper.url, x=_MARGIN, y=pdf.get_y() + 2, side=_QR_MM)

    def bytes(self) -> bytes:
        return bytes(self._pdf.output())


def _fitted(pdf: "FPDF", text: str, width: float) -> str:
    """A number is written smaller rather than cut; a text is cut."""
    if pdf.get_string_width(text) <= width:
        return text
    if any(character.isdigit() for character in text) and " " not in text.strip():
        pdf.set_font_size(max(5.5, pdf.font_size_pt * width / pdf.get_string_width(text)))
        return text
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text + "…"
