"""The letter that tells a debtor how their dispute ended, as a PDF in their language."""

import functools
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.dispute import DisputeKind, DisputeState
from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import formats, paper
from chalicelib.messages.naming import clean, person

_MARGIN = 20
_QR_MM = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """
    What the letter says.

    Args:
        debts: References of the debts it was about; empty = the whole account.
        adjusted_minor: What was taken off (negative) or put on what is owed.
        owed_minor: What the account owes now.
        code, url: By which anybody can check it; see ``services.issued``.
    """

    debtor: str
    kind: DisputeKind
    verdict: DisputeState
    reason: str
    opened_on: date
    today: date
    debts: tuple[str, ...]
    adjusted_minor: int
    owed_minor: int
    code: str
    url: str


def render(letter: Letter, portfolio: Portfolio, language: str, *, made_at: datetime) -> bytes:
    """
    Lay the letter out; the same letter at the same moment gives the same bytes.

    Where the debtor has died it is addressed to whoever it concerns, and asks for nothing.
    """
    words = wording.of("resolution", language)
    locale = formats.locale_of(language, portfolio.country)
    own = portfolio.identification
    creditor = clean(own.creditor or portfolio.creditor)
    pdf = paper.sheet(words["title"], portfolio, locale, made_at=made_at, margin=_MARGIN)
    line = functools.partial(paper.line, pdf)

    line(clean(portfolio.branding.display_name) or creditor, style="B", size=16)
    line(words["title"], style="B", size=13)
    line(formats.day(letter.today, locale), after=6)
    died = letter.kind is DisputeKind.DECEASED
    line(words["to_whom"] if died else f"{words['to']} {person(letter.debtor)}", after=4)
    about = ", ".join(letter.debts) or words["whole"]
    line(
        words["asked"].format(
            day=formats.day(letter.opened_on, locale), kind=words[letter.kind.value], debts=about
        )
    )
    line(words[letter.verdict.value], style="B", size=12, after=3)
    line(letter.reason, after=4)
    if letter.adjusted_minor:
        write = formats.amounts(portfolio.currency, locale)
        less = letter.adjusted_minor < 0
        line(
            words["less" if less else "more"].format(
                amount=write(abs(letter.adjusted_minor)), owed=write(letter.owed_minor)
            )
        )
    line(words["paused_died" if died else "paused"])
    if complaints := clean(own.complaints):
        line(words["complaints"].format(where=complaints))
    line(words["check"].format(code=letter.code), size=9, after=1)
    paper.qr(pdf, letter.url, x=_MARGIN, y=pdf.get_y() + 2, side=_QR_MM)
    pdf.set_y(pdf.get_y() + _QR_MM + 5)
    signed = [creditor, clean(own.agency), clean(own.address), clean(own.phone)]
    line(" - ".join(one for one in signed if one), size=9)
    return bytes(pdf.output())


def file_name(language: str, today: date) -> str:
    """Name the file by what it is and its day, and by nothing personal."""
    title = {"es": "respuesta-aclaracion", "en": "dispute-answer", "pt": "resposta-contestacao"}
    return f"{title[language]}-{today.isoformat()}.pdf"
