"""The letter that answers what somebody asked about their own data, as a PDF in their language."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.data_request import DataRequest, RequestState, Verdict
from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import formats, paper
from chalicelib.messages.naming import clean, person

_MARGIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """
    What became of a person's data, by codes that have words.

    Args:
        goes: What was erased.
        stays: What is kept: its code, why, and the article; empty where the reason is no law's.
    """

    goes: tuple[str, ...]
    stays: tuple[tuple[str, str, str], ...]


def render(
    one: DataRequest,
    portfolio: Portfolio,
    language: str,
    *,
    name: str,
    today: date,
    made_at: datetime,
    erased: Erased | None = None,
) -> bytes:
    """
    Lay the letter of an answered request out; the same at the same moment gives the same bytes.

    Args:
        name: Of whoever asked; empty where it is not known, or no more.
        erased: What was erased and what stays, once it was carried out.

    Raises:
        ValueError: Nobody has answered it yet.
    """
    said = one.answer
    if said is None:
        raise ValueError("a letter tells what was answered")
    words = wording.of("rights", language)
    locale = formats.locale_of(language, portfolio.country)
    own = portfolio.identification
    creditor = clean(own.creditor or portfolio.creditor)
    pdf = paper.sheet(words["title"], portfolio, locale, made_at=made_at, margin=_MARGIN)
    line = functools.partial(paper.line, pdf)

    def day(on: date) -> str:
        return formats.day(on, locale)

    line(clean(portfolio.branding.display_name) or creditor, style="B", size=16)
    line(words["title"], style="B", size=13)
    line(f"{day(today)} - {words['number'].format(number=one.number)}", after=6)
    line(f"{words['to']} {person(name)}" if name else words["to_whom"], after=4)
    line(words["asked"].format(day=day(one.received_on), kind=words[one.kind.value]))
    term = one.term
    last = day(term.extended_to or term.answer_by)
    if term.own or not term.article:
        line(words["own"].format(day=last))
    else:
        line(words["law"].format(day=last, article=term.article))
    line(words[said.verdict.value], style="B", size=12, after=3)
    if said.ground is not None:
        line(words[f"ground.{said.ground.value}"])
    if said.article:
        line(words["article"].format(article=said.article))
    if said.text:  # what was said to somebody is erased with the rest
        line(said.text, after=4)
    if one.state is RequestState.DONE and one.ended_at is not None:
        ended = one.ended_at.astimezone(ZoneInfo(portfolio.time_zone)).date()
        line(words["done" if erased is None else "erased"].format(day=day(ended)))
        if erased is not None:
            _tell_erased(erased, words, line)
    elif said.verdict is not Verdict.REFUSED and term.carry_by is not None:
        line(words["carry_by"].format(day=day(term.carry_by)))
    if complaints := clean(own.complaints):
        line(words["complaints"].format(where=complaints))
    line(words["keep"], size=9, after=6)
    signed = [creditor, clean(own.agency), clean(own.address), clean(own.phone)]
    line(" - ".join(part for part in signed if part), size=9)
    return bytes(pdf.output())


def file_name(language: str, one: DataRequest) -> str:
    """Name the file by the request's number, and by nothing personal."""
    title = {"es": "respuesta-datos", "en": "data-answer", "pt": "resposta-dados"}
    return f"{title[language]}-{one.number}.pdf"


def _tell_erased(erased: Erased, words: Mapping[str, str], line: Callable[..., None]) -> None:
    line(words["erased.goes"], style="B")
    for code in erased.goes:
        line(f"- {words[f'goes.{code}']}", after=0)
    line("", after=0)
    line(words["erased.stays"], style="B")
    for code, why, article in erased.stays:
        reason = words[f"why.{why}"] + (f" ({article})" if article else "")
        line(f"- {words[f'stays.{code}']}. {reason}.", after=0)
    line("", after=0)
    line(words["erased.links"])
