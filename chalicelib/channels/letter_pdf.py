"""
The page of a letter: address where the envelope's window is, fold marks, QR of its link.

A4 follows DIN 5008 form B (recipient 45-90 mm from the top, 20 mm from the left, for DL and C5/6
envelopes). US Letter places the recipient for a No. 10 envelope with a left window (22 mm from
the left, 51 mm from the top, folded in three).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.contact import Outgoing
from chalicelib.messages.paper import latin, paper_of

if TYPE_CHECKING:
    from fpdf import FPDF

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)]")
WORDS = {
    "es": ("Página {page} de {pages}", "Correo certificado n.º", "Escanee para ver su cuenta"),
    "pt": ("Página {page} de {pages}", "Correio registrado n.º", "Escaneie para ver sua conta"),
    "en": ("Page {page} of {pages}", "Certified mail no.", "Scan to see your account"),
}
QR_MM = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """Measures in mm from the top left corner; ``folds`` are marked at the left edge."""

    size: str
    left: float
    address_top: float
    address_width: float
    address_height: float
    body_top: float
    folds: tuple[float, ...]


A4 = Sheet("A4", 20, 62.7, 85, 27.3, 105, (105, 210))
US_LETTER = Sheet("Letter", 22, 51, 95, 25, 96, (93.1, 186.3))


def sheet(country: str) -> Sheet:
    """Choose paper and window by the country the letter is posted in."""
    return US_LETTER if paper_of(country) == US_LETTER.size else A4


def render(message: Outgoing, *, made_at: datetime) -> tuple[bytes, int]:
    """
    Lay out *message*.

    Args:
        made_at: Goes into the PDF's own record of when it was made.

    Returns:
        The PDF and its number of pages.
    """
    content = message.content
    plan = sheet(message.country)
    page_word, certified_word, scan_word = WORDS.get(content.language, WORDS["es"])
    pdf = _document(plan, page_word)
    pdf.set_creation_date(made_at)
    pdf.set_lang(content.language)
    pdf.set_title(latin(content.subject) or message.message_id)
    pdf.add_page()
    _address(pdf, plan, message)
    _certified(pdf, plan, certified_word, message.message_id)
    link = _link(content.text)
    if link:
        _qr(pdf, link, scan_word)
    pdf.set_y(plan.body_top)
    if content.subject:
        pdf.set_font("helvetica", "B", 11)
        pdf.multi_cell(0, 5.5, latin(content.subject), align="L")
        pdf.ln(5.5)
    pdf.set_font("helvetica", "", 11)
    for paragraph in re.split(r"\n\s*\n", content.text.strip()):
        pdf.multi_cell(0, 5.5, latin(paragraph), align="L")
        pdf.ln(3)
    return bytes(pdf.output()), pdf.pages_count


def _document(plan: Sheet, page_word: str) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def header(self) -> None:
            self.set_draw_color(150)
            for fold in plan.folds:
                self.line(4, fold, 8, fold)

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("helvetica", "", 8)
            text = page_word.replace("{page}", str(self.page_no())).replace("{pages}", "{nb}")
            self.cell(0, 5, text, align="R")

    pdf = Document(format=plan.size)
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_margins(plan.left, 20, 20)
    pdf.set_auto_page_break(auto=True, margin=22)
    return pdf


def _address(pdf: "FPDF", plan: Sheet, message: Outgoing) -> None:
    """Write the recipient so that every line shows in the window; the sender small above."""
    lines = [line.strip() for line in message.content.to.splitlines() if line.strip()]
    sender = " · ".join(line.strip() for line in message.sender.splitlines() if line.strip())
    if sender:
        pdf.set_font("helvetica", "U", 7)
        pdf.set_xy(plan.left, plan.address_top - 5)
        pdf.cell(plan.address_width, 4, _fit(pdf, latin(sender), plan.address_width))
    height = min(5.0, plan.address_height / len(lines))
    size = min(10.5, height * 2.1)
    pdf.set_font("helvetica", "", size)
    for number, line in enumerate(lines):
        pdf.set_xy(plan.left, plan.address_top + number * height)
        pdf.cell(plan.address_width, height, _fit(pdf, latin(line), plan.address_width))


def _certified(pdf: "FPDF", plan: Sheet, word: str, message_id: str) -> None:
    """The field where the post's number is written or its sticker goes; our own beneath."""
    left, top, width = pdf.w - 20 - 62, plan.address_top + 2, 62
    pdf.set_draw_color(120)
    pdf.rect(left, top, width, 12)
    pdf.set_font("helvetica", "", 7)
    pdf.set_xy(left + 1, top + 0.5)
    pdf.cell(width - 2, 4, latin(word))
    pdf.set_xy(left, top + 12.5)
    pdf.cell(width, 4, message_id, align="R")


def _qr(pdf: "FPDF", link: str, word: str) -> None:
    import segno

    code = segno.make(link, error="m", micro=False)
    size = QR_MM / code.symbol_size(border=0)[0]
    left, top = pdf.w - 20 - QR_MM, 14.0
    pdf.set_fill_color(0)
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            if dark:
                # A hair wider than its place: else printers leave white lines between.
                pdf.rect(left + x * size, top + y * size, size + 0.02, size + 0.02, style="F")
    pdf.set_font("helvetica", "", 7)
    pdf.set_xy(left - 30, top + QR_MM + 1)
    pdf.cell(QR_MM + 30, 3.5, latin(word), align="R", link=link)


def _link(text: str) -> str:
    found = LINK.findall(text)
    return str(found[-1]) if found else ""


def _fit(pdf: "FPDF", text: str, width: float) -> str:
    """Cut *text* where it would leave the window."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text + "…"
