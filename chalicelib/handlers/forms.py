"""Questionnaires: sent as spreadsheets, tried, edited, published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField, FormNotFound
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import sent_files, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import questionnaire_changes, questionnaires

if TYPE_CHECKING:
    from chalicelib.domain.questionnaire import FormVersion, Questionnaire

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/forms"
ONE = f"{BASE}/{{form_id}}"
MAX_BODY_BYTES = 4_500_000  # Lambda takes 6 MB, base64 included

_LINE = (
    "form_id",
    "title",
    "state",
    "languages",
    "questions",
    "latest",
    "published",
    "without_forbidden",
    "revision",
    "created_at",
    "updated_at",
)
_VERSION = ("number", "title", "source", "base", "filename", "digest", "questions", "made_at")


@web.route(bp, f"GET {BASE}", answer="forms:Lines")
def list_forms(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List a portfolio's questionnaires, archived ones last."""
    found = questionnaires.listed(portfolio_id, actor=call.actor, forms=wiring.forms())
    names = _names(each.updated_by for each in found)
    uses = _uses(portfolio_id)
    return {"items": [line_of(each, uses, names) for each in found], "cursor": None}


@web.route(
    bp,
    f"POST {BASE}",
    body="forms:SentForm",
    answer="forms:Whole",
    status=201,
    max_bytes=MAX_BODY_BYTES,
)
def create(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Make a questionnaire of an XLSForm; a refusal names every cell to correct."""
    made = questionnaire_changes.create(
        portfolio_id,
        _sent(call.body),
        key=call.key,
        actor=call.actor,
        forms=wiring.forms(),
        portfolios=wiring.portfolios(),
        files=wiring.upload_files(),
        now=call.now,
    )
    return _whole(made)


@web.route(bp, f"GET {ONE}", answer="forms:Whole")
def get(call: web.Call, portfolio_id: str, form_id: str) -> dict[str, Any]:
    """Show a questionnaire with its versions, newest first."""
    return _whole(questionnaires.get(portfolio_id, form_id, actor=call.actor, forms=wiring.forms()))


@web.route(
    bp,
    f"POST {ONE}/versions",
    body="forms:NewVersion",
    answer="forms:Whole",
    status=201,
    max_bytes=MAX_BODY_BYTES,
)
def add_version(call: web.Call, portfolio_id: str, form_id: str) -> dict[str, Any]:
    """Add a version: of a new spreadsheet, or with other texts, order or choices."""
    if (call.body.file is None) == (call.body.changes is None):
        raise BadField(field="file", reason="missing")
    if call.body.file is not None:
        made = questionnaire_changes.add_version(
            portfolio_id,
            form_id,
            _sent(call.body.file),
            revision=call.body.revision,
            actor=call.actor,
            forms=wiring.forms(),
            files=wiring.upload_files(),
            now=call.now,
        )
        return _whole(made)
    changes = call.body.changes.model_dump(exclude_unset=True, exclude_none=True)
    made = questionnaire_changes.edit(
        portfolio_id,
        form_id,
        changes.pop("base"),
        changes,
        revision=call.body.revision,
        actor=call.actor,
        forms=wiring.forms(),
        files=wiring.upload_files(),
        now=call.now,
    )
    return _whole(made)


@web.route(bp, f"GET {ONE}/versions/{{number}}", answer="forms:Version")
def version(call: web.Call, portfolio_id: str, form_id: str, number: str) -> dict[str, Any]:
    """Give a version as phones fill it, with what a country forbids marked."""
    found = questionnaires.opened(
        portfolio_id,
        form_id,
        _number(number),
        actor=call.actor,
        forms=wiring.forms(),
        portfolios=wiring.portfolios(),
    )
    return opened_of(found)


@web.route(bp, f"GET {ONE}/versions/{{number}}/original", answer="common:Link")
def original(call: web.Call, portfolio_id: str, form_id: str, number: str) -> dict[str, Any]:
    """Give a short-lived address of the spreadsheet that a version comes from."""
    return questionnaires.original_link(
        portfolio_id,
        form_id,
        _number(number),
        actor=call.actor,
        forms=wiring.forms(),
        files=wiring.upload_files(),
    )


@web.route(bp, f"POST {ONE}/publication", body="forms:Publication", answer="forms:Whole")
def publish(call: web.Call, portfolio_id: str, form_id: str) -> dict[str, Any]:
    """Let agents fill a version; visits that began with another keep theirs."""
    published = questionnaire_changes.publish(
        portfolio_id,
        form_id,
        call.body.version,
        without_forbidden=call.body.without_forbidden,
        revision=call.body.revision,
        actor=call.actor,
        forms=wiring.forms(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )
    return _whole(published)


@web.route(bp, f"POST {ONE}/archival", body="forms:Archival", answer="forms:Whole")
def archive(call: web.Call, portfolio_id: str, form_id: str) -> dict[str, Any]:
    """Take a questionnaire out of use, or back."""
    archived = questionnaire_changes.archive(
        portfolio_id,
        form_id,
        archived=call.body.archived,
        revision=call.body.revision,
        actor=call.actor,
        forms=wiring.forms(),
        now=call.now,
    )
    return _whole(archived)


@web.route(
    bp,
    "GET /portfolios/{portfolio_id}/form-starter",
    answer="common:Link",
    query=(web.Query(name="language", about="es if not given.", choices=("es", "en", "pt")),),
)
def starter(call: web.Call, portfolio_id: str) -> dict[str, str]:
    """Give a short-lived address of a spreadsheet to start from."""
    url = questionnaires.starter_link(
        portfolio_id,
        language=call.query.get("language") or "es",
        actor=call.actor,
        portfolios=wiring.portfolios(),
        files=wiring.upload_files(),
    )
    return {"url": url}


def _sent(body: Any) -> questionnaires.SentFile:
    return questionnaires.SentFile(
        filename=body.filename,
        content=sent_files.content(body.content),
        tables={
            table.filename: sent_files.content(table.content, f"tables.{index}.content")
            for index, table in enumerate(body.tables)
        },
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise FormNotFound(version=text[:20])
    return int(text)


def _whole(form: Questionnaire) -> dict[str, Any]:
    versions = wiring.forms().versions(form.portfolio_id, form.form_id)
    names = _names([form.updated_by, *(each.made_by for each in versions)])
    return line_of(form, _uses(form.portfolio_id), names) | {
        "versions": [version_of(each, names) for each in versions]
    }


def line_of(
    form: Questionnaire, uses: list[dict[str, Any]], names: dict[str, str]
) -> dict[str, Any]:
    own = [use for use in uses if use["form_id"] == form.form_id]
    by = {"id": form.updated_by, "name": names.get(form.updated_by, "")}
    return {name: to_plain(getattr(form, name)) for name in _LINE} | {
        "updated_by": by,
        "uses": own,
    }


def version_of(version: FormVersion, names: dict[str, str]) -> dict[str, Any]:
    by = {"id": version.made_by, "name": names.get(version.made_by, "")}
    return {name: to_plain(getattr(version, name)) for name in _VERSION} | {"made_by": by}


def opened_of(found: questionnaires.Opened) -> dict[str, Any]:
    return {
        "form_id": found.form.form_id,
        "number": found.version.number,
        "title": found.version.title,
        "compiled": found.compiled,
        "warnings": questionnaires.warnings_of(found.compiled),
        "forbidden": list(found.forbidden),
    }


def _uses(portfolio_id: str) -> list[dict[str, Any]]:
    portfolio = wiring.portfolios().get(portfolio_id)
    uses: list[dict[str, Any]] = to_plain(portfolio.policies.field.forms) if portfolio else []
    return uses


def _names(actor_ids: Iterable[str]) -> dict[str, str]:
    wanted = set(actor_ids)
    return wiring.actor_names(wanted) if wanted else {}
