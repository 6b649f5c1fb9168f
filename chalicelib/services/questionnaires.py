"""Questionnaires of a portfolio: to be looked at, tried, and filled by agents."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.compliance import packs
from chalicelib.domain.errors import (
    FormFileRefused,
    FormNotFound,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.questionnaire import CompiledForm, FormVersion, Questionnaire
from chalicelib.domain.scan import Wanted
from chalicelib.forms import topics
from chalicelib.forms.errors import FormRefused
from chalicelib.forms.texts import reason
from chalicelib.services import scans
from chalicelib.services.access import (
    STAFF,
    Portfolios,
    known_portfolio,
    need_portfolio,
    open_portfolio,
)

MOST_PACKED = 250_000  # bytes of a compiled form, compressed: a row of the store holds 400 KB
LINK_EXPIRES_S = 300
LANGUAGES = ("es", "en", "pt")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Forms(Protocol):
    def get(self, portfolio_id: str, form_id: str) -> Questionnaire | None: ...
    def all(self, portfolio_id: str) -> list[Questionnaire]: ...
    def versions(self, portfolio_id: str, form_id: str) -> list[FormVersion]: ...
    def version(
        self, portfolio_id: str, form_id: str, number: int
    ) -> tuple[FormVersion, CompiledForm] | None: ...
    def compiled(
        self, portfolio_id: str, wanted: Iterable[tuple[str, int]]
    ) -> dict[tuple[str, int], CompiledForm]: ...
    def save(
        self, form: Questionnaire, version: FormVersion | None, compiled: CompiledForm | None
    ) -> bool:
        """Write over the revision before it; False when somebody else has."""
        ...


class Files(scans.Gives, Protocol):
    def write(self, key: str, body: bytes, *, content_type: str) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """
    A spreadsheet as it came, with the tables that it chooses from.

    Args:
        tables: CSV, by file name.
    """

    filename: str
    content: bytes
    tables: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One version with its form, the forbidden questions marked."""

    form: Questionnaire
    version: FormVersion
    compiled: CompiledForm
    forbidden: tuple[dict[str, Any], ...]


def listed(portfolio_id: str, *, actor: Actor, forms: Forms) -> list[Questionnaire]:
    """List a portfolio's questionnaires by title, archived ones last."""
    need_portfolio(actor, portfolio_id, *STAFF)
    return sorted(forms.all(portfolio_id), key=lambda each: (each.archived, each.title.casefold()))


def get(portfolio_id: str, form_id: str, *, actor: Actor, forms: Forms) -> Questionnaire:
    """
    Raises:
        FormNotFound: None that the actor may see.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    return one(portfolio_id, form_id, forms)


def opened(
    portfolio_id: str,
    form_id: str,
    number: int,
    *,
    actor: Actor,
    forms: Forms,
    portfolios: Portfolios,
) -> Opened:
    """Open a version, to be looked at or tried."""
    form = get(portfolio_id, form_id, actor=actor, forms=forms)
    return open_version(form, number, forms, known_portfolio(portfolio_id, portfolios))


def original_link(
    portfolio_id: str, form_id: str, number: int, *, actor: Actor, forms: Forms, files: Files
) -> dict[str, Any]:
    """
    Give the ``url`` of the spreadsheet that a version was made of, and what a scanner said of it.

    Raises:
        FileInfected: A scanner found malware in it.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    found = forms.version(portfolio_id, form_id, number)
    if found is None:
        raise FormNotFound(form_id=form_id, version=number)
    version = found[0]
    wanted = Wanted(version.original_key, version.filename)
    return scans.taken(wanted, files, expires_s=LINK_EXPIRES_S)


def starter_link(
    portfolio_id: str, *, language: str, actor: Actor, portfolios: Portfolios, files: Files
) -> str:
    """Give a short-lived address of a spreadsheet to start from, in the reader's language."""
    from chalicelib.forms.starter import starter

    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    name, body = starter(language)
    key = f"templates/{portfolio.country}/{portfolio.currency}/{language}/{name}"
    files.write(key, body, content_type=XLSX)
    return files.link(key, filename=name, expires_s=LINK_EXPIRES_S)


def asked(portfolio_id: str, forms: Forms) -> dict[str, int]:
    """Give the published version of every questionnaire that agents may fill."""
    found = forms.all(portfolio_id)
    return {each.form_id: each.published for each in found if each.published and not each.archived}


def for_phones(
    portfolio: Portfolio, wanted: Mapping[str, int], forms: Forms
) -> list[dict[str, Any]]:
    """
    Give questionnaires as phones take them: ``form_id``, ``version``, ``compiled``.

    Args:
        wanted: Versions by form, as ``asked`` gives them.
    """
    found = forms.compiled(portfolio.portfolio_id, wanted.items())
    return [
        {
            "form_id": form_id,
            "version": number,
            "compiled": {
                key: value
                for key, value in within_the_law(compiled, portfolio).items()
                if key != "warnings"  # the author's, not the agent's
            },
        }
        for (form_id, number), compiled in sorted(found.items(), key=lambda each: each[0])
    ]


def within_the_law(compiled: CompiledForm, portfolio: Portfolio) -> CompiledForm:
    """Mark the questions that the portfolio's country forbids: they are never asked."""
    return topics.without(compiled, packs.forbidden_questions(portfolio.country))


def compiled_of(sent: SentFile) -> CompiledForm:
    """
    Raises:
        FormFileRefused: With every cell that has to be corrected.
    """
    from chalicelib.forms.compiling import compile_form  # pyxform: most of a second

    try:
        compiled = compile_form(sent.content, sent.filename, attachments=sent.tables)
        packed = len(zlib.compress(json.dumps(compiled).encode()))
        if packed > MOST_PACKED:
            raise FormRefused("form.too_large", f"{packed} > {MOST_PACKED}")
    except FormRefused as refused:
        told = [_told(each.plain()) for each in (refused, *refused.others)]
        raise FormFileRefused(problems=told) from refused
    return compiled


def warnings_of(compiled: CompiledForm) -> list[dict[str, Any]]:
    """Give what was left out of a spreadsheet or may be a slip, in words."""
    return [_told(each) for each in compiled.get("warnings", [])]


def count(items: list[dict[str, Any]]) -> int:
    """Count the questions; groups and repeats are none."""
    return sum(count(item["items"]) if "items" in item else 1 for item in items)


def _told(plain: dict[str, Any]) -> dict[str, Any]:
    texts = {code: reason(plain["code"], plain["detail"], code) for code in LANGUAGES}
    return {**plain, "text": texts}


def one(portfolio_id: str, form_id: str, forms: Forms) -> Questionnaire:
    form = forms.get(portfolio_id, form_id)
    if form is None:
        raise FormNotFound(form_id=form_id)
    return form


def open_version(form: Questionnaire, number: int, forms: Forms, portfolio: Portfolio) -> Opened:
    found = forms.version(form.portfolio_id, form.form_id, number)
    if found is None:
        raise FormNotFound(form_id=form.form_id, version=number)
    compiled = within_the_law(found[1], portfolio)
    return Opened(
        form=form,
        version=found[0],
        compiled=compiled,
        forbidden=tuple(_forbidden(compiled["items"])),
    )


def _forbidden(items: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for item in items:
        if "forbidden" in item:
            yield {
                "question": item["name"],
                "row": item.get("row"),
                "topic": item["topic"],
                "article": item["forbidden"],
            }
        yield from _forbidden(item.get("items", []))
