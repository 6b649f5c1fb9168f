"""What printed pages share: paper by country, and text that the PDF's own fonts can draw."""

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.portfolio import Portfolio

if TYPE_CHECKING:
    from fpdf import FPDF

# ISO 216 is law in most of Latin America, but the paper in the printers of these is Letter.
LETTER_COUNTRIES = frozenset({"MX", "CO", "CL", "CR", "PA", "US", "BO"})


def paper_of(country: str) -> str:
    """
    Name the paper that a country's printers hold.

    >>> paper_of("MX"), paper_of("BR")
    ('Letter', 'A4')
    """
    return "Letter" if country in LETTER_COUNTRIES else "A4"


def sheet(
    title: str, portfolio: Portfolio, locale: str, *, made_at: datetime, margin: float
) -> "FPDF":
    """
    Begin a document on the portfolio's paper, its colour on top.

    Args:
        made_at: Goes into the PDF's own record of when it was made.
        margin: Millimetres, on all sides.
    """
    from fpdf import FPDF

    pdf = FPDF(format=paper_of(portfolio.country))
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_lang(locale.replace("_", "-"))
    pdf.set_title(latin(title))
    pdf.set_creation_date(made_at)
    pdf.set_margins(margin, margin, margin)
    pdf.add_page()
    colour = portfolio.branding.colour
    pdf.set_fill_color(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))
    pdf.rect(0, 0, pdf.w, 4, style="F")
    return pdf


def line(pdf: "FPDF", text: str, *, style: str = "", size: float = 11, after: float = 2) -> None:
    """Write a paragraph, *after* millimetres above what follows."""
    pdf.set_font("helvetica", style, size)
    pdf.multi_cell(0, size / 2, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(after)


def latin(text: str) -> str:
    """
    Write *text* with what the PDF's own fonts have: Windows-1252.

    >>> latin("₡12 Łódź")
    'CRC 12  ódz'
    """
    return "".join(_drawable(c) for c in text.replace("₲", "Gs. ").replace("₡", "CRC "))


def qr(pdf: "FPDF", text: str, *, x: float, y: float, side: float) -> None:
    """
    Draw a QR code as filled squares, its quiet zone within *side*.

    Args:
        x, y, side: In the document's unit.
    """
    import segno

    # Paper is folded and stained: medium correction brings it back from a seventh that is lost.
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=4)]
    step = side / len(rows)
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        across = 0
        while across < len(row):
            run = across
            while run < len(row) and row[run]:
                run += 1
            if run > across:
                # A hair more than its share: viewers would draw white lines between the squares.
                pdf.rect(
                    x + across * step, y + down * step, (run - across) * step, step * 1.02, "F"
                )
            across = max(run, across + 1)


def _drawable(character: str) -> str:
    if _encodes(character):
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare if bare and _encodes(bare) else " "


def _encodes(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
