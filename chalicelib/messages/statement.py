"""The account statement: what a debtor owes and of what it is made, as a PDF in their language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.i18n import wording
from chalicelib.messages import formats
from chalicelib.messages.facts import MessageFacts
from chalicelib.messages.formats import Amount
from chalicelib.messages.naming import clean
from chalicelib.messages.paper import latin, paper_of

if TYPE_CHECKING:
    from fpdf import FPDF

MOVEMENTS = 60  # the newest; the page would otherwise grow with the years
_MARGIN = 15
_ROW = 6.0
_DEBT_WIDTHS = (0.2, 0.13, 0.14, 0.13, 0.13, 0.12, 0.15)  # of the line
_MOVE_WIDTHS = (0.15, 0.33, 0.32, 0.2)


def render(file: CaseFile, facts: MessageFacts, *, made_at: datetime) -> bytes:
    """
    Lay out the statement of a case as of ``facts.today``.

    The split of every debt adds up to its total, and the totals to what is owed. The same case
    on the same day gives the same bytes.

    Args:
        made_at: Goes into the PDF's own record of when it was made.
    """
    words = wording.of("statement", facts.language)
    write = formats.amounts(facts.total.currency, facts.locale)
    pdf = _document(facts, words)
    pdf.set_creation_date(made_at)
    pdf.add_page()
    _head(pdf, facts, words)
    _debts(pdf, facts, words, write)
    _movements(pdf, file.entries, facts, words, write)
    _foot(pdf, facts, words)
    return bytes(pdf.output())


def file_name(facts: MessageFacts) -> str:
    """Name the file by what it is and its day, and by nothing personal."""
    title = {"es": "estado-de-cuenta", "en": "account-statement", "pt": "extrato"}
    return f"{title[facts.language]}-{facts.today.isoformat()}.pdf"


def _document(facts: MessageFacts, words: Mapping[str, str]) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("helvetica", "", 8)
            page = words["page"].format(page=self.page_no(), pages="{nb}")
            self.cell(0, 5, latin(page), align="R")

    pdf = Document(format=paper_of(facts.country))
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_lang(facts.locale.replace("_", "-"))
    pdf.set_title(latin(words["title"]))
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(auto=True, margin=16)
    return pdf


def _head(pdf: "FPDF", facts: MessageFacts, words: Mapping[str, str]) -> None:
    red, green, blue = (int(facts.colour[at : at + 2], 16) for at in (1, 3, 5))
    pdf.set_fill_color(red, green, blue)
    pdf.rect(0, 0, pdf.w, 4, style="F")
    pdf.set_font("helvetica", "B", 16)
    pdf.cell(0, 9, latin(facts.brand), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", "", 12)
    day = words["as_of"].format(day=formats.day(facts.today, facts.locale))
    pdf.cell(0, 7, latin(f"{words['title']}. {day}"), new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("helvetica", "", 10)
    debtor = f"{words['debtor']}: {facts.full_name}"
    pdf.cell(0, 6, latin(debtor), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def _debts(
    pdf: "FPDF", facts: MessageFacts, words: Mapping[str, str], write: Callable[[int], str]
) -> None:
    if not facts.debts:
        pdf.set_font("helvetica", "B", 11)
        pdf.cell(0, _ROW, latin(words["nothing"]), new_x="LMARGIN", new_y="NEXT")
        return
    parts = ("principal", "interest", "moratory", "fees", "total")
    titles = [words["debt"], words["due_on"], *(words[part] for part in parts)]
    rows = [
        [
            debt.reference,
            formats.short(debt.due_on, facts.locale),
            *(write(getattr(debt, part).minor) for part in parts),
        ]
        for debt in facts.debts
    ]
    sums: Sequence[Amount] = [getattr(facts, part) for part in parts]
    last = [words["total"], "", *(write(amount.minor) for amount in sums)]
    _table(pdf, titles, rows, _DEBT_WIDTHS, numbers=5, last=last)


def _movements(
    pdf: "FPDF",
    entries: Sequence[Entry],
    facts: MessageFacts,
    words: Mapping[str, str],
    write: Callable[[int], str],
) -> None:
    if not entries:
        return
    pdf.ln(4)
    pdf.set_font("helvetica", "B", 11)
    pdf.cell(0, 7, latin(words["movements"]), new_x="LMARGIN", new_y="NEXT")
    newest = sorted(entries, key=lambda each: (each.effective_on, each.recorded_at), reverse=True)
    rows = [
        [
            formats.short(entry.effective_on, facts.locale),
            words["interest_entry" if entry.kind is EntryKind.INTEREST else entry.kind.value],
            # What an upload posted carries the upload's own id, which says nothing to a reader.
            clean(entry.reference) if entry.kind is EntryKind.PAYMENT else "",
            write(entry.amount_minor),
        ]
        for entry in newest[:MOVEMENTS]
    ]
    titles = [words[name] for name in ("day", "what", "reference", "amount")]
    _table(pdf, titles, rows, _MOVE_WIDTHS, numbers=1)


def _foot(pdf: "FPDF", facts: MessageFacts, words: Mapping[str, str]) -> None:
    pdf.ln(5)
    pdf.set_font("helvetica", "", 9)
    for text in (
        words["explained"],
        f"{words['how_to_pay']}: {facts.how_to_pay}" if facts.debts and facts.how_to_pay else "",
        facts.identification[Channel.LETTER],
    ):
        if text:
            pdf.multi_cell(0, 4.5, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(2)


def _table(
    pdf: "FPDF",
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    numbers: int,
    last: Sequence[str] | None = None,
) -> None:
    """Draw rows of one line each; the last *numbers* columns are set to the right."""
    line = pdf.w - 2 * _MARGIN
    pdf.set_draw_color(170)

    def row(cells: Sequence[str], style: str, border: str) -> None:
        pdf.set_font("helvetica", style, 8.5)
        for index, cell in enumerate(cells):
            width = line * widths[index]
            right = index >= len(cells) - numbers
            text = _fitted(pdf, latin(cell), width - 2)
            pdf.cell(width, _ROW, text, border=border, align="R" if right else "L")
        pdf.ln(_ROW)

    row(titles, "B", "B")
    for cells in rows:
        if pdf.get_y() > pdf.h - 16 - _ROW:
            pdf.add_page()
            row(titles, "B", "B")
        row(cells, "", "")
    if last is not None:
        row(last, "B", "T")


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
