"""Uploads of a portfolio, from the announced file to the undone one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Role
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import upload as upload_types
    from chalicelib.intake import fields
    from chalicelib.services import access, upload_moves, upload_progress, uploads

if TYPE_CHECKING:
    from chalicelib.domain.upload import Upload

bp = Blueprint(__name__)


def _modes() -> tuple[str, ...]:
    return tuple(upload_types.UploadMode)


MODE = web.Query(name="mode", about="What the file holds.", choices=_modes, required=True)
BASE = "/portfolios/{portfolio_id}/uploads"
ONE = BASE + "/{upload_id}"


def shown(upload: Upload, call: web.Call, *, live: bool = True) -> dict[str, Any]:
    """
    Shape an upload as the API answers it.

    Args:
        live: Read its sums; a list does so only for those that run.
    """
    tallies = wiring.uploads().tallies(upload.upload_id) if live else {}
    figures = upload_progress.shown_figures(upload, tallies)
    return {
        "upload_id": upload.upload_id,
        "portfolio_id": upload.portfolio_id,
        "mode": upload.mode,
        "state": upload.state,
        "filename": upload.filename,
        "size_bytes": upload.size_bytes,
        "created_by": {
            "id": upload.created_by,
            "name": upload.extra.get("created_by_name", ""),
        },
        "created_at": upload.created_at,
        "updated_at": upload.updated_at,
        "started_at": upload.started_at,
        "finished_at": upload.finished_at,
        "close_absent": upload.close_absent,
        "apply_automatically": upload.apply_automatically,
        "inspection": upload.inspection,
        "mapping": upload.mapping,
        "checked": upload.checked,
        "applied": figures,
        "progress": upload_progress.progress(upload, tallies, now=call.now),
        "problem": upload.problem,
        "same_as": upload.same_as,
        "has_rejects": upload.rejects_key is not None,
        "reasons": upload.extra.get("reasons", []),
        "warnings": upload.extra.get("warnings", []),
        "can": uploads.allowed(upload),
    }


@web.route(bp, "GET /upload-fields", answer="uploads:UploadFields", query=(MODE,))
def upload_fields(call: web.Call) -> dict[str, Any]:
    """List what a column of a file may be mapped to."""
    return {"items": fields.fields_for(call.query["mode"])}


@web.route(
    bp,
    "GET /upload-templates/{mode}",
    answer="common:Link",
    query=(
        web.Query(name="portfolio", about="Whose country and currency.", required=True),
        web.Query(name="format", about="xlsx if not given.", choices=("xlsx", "csv")),
    ),
)
def template(call: web.Call, mode: str) -> dict[str, str]:
    """Give a short-lived address of a file to start from."""
    if mode not in _modes():
        raise BadField(field="mode", reason="not_one_of", choices=list(_modes()))
    url = uploads.template_link(
        mode,
        call.query["portfolio"],
        kind=call.query.get("format") or "xlsx",
        language=_language(call),
        actor=call.actor,
        portfolios=wiring.portfolios(),
        files=wiring.upload_files(),
    )
    return {"url": url}


@web.route(
    bp,
    f"POST {BASE}",
    body="uploads:NewUpload",
    answer="uploads:Announced",
    status=201,
)
def announce(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Announce a file.

    The answer holds a form to send the file with, straight to the bucket; reading begins by
    itself when it is there.
    """
    body = call.body
    upload, form = uploads.start(
        uploads.NewUpload(
            filename=body.filename,
            size_bytes=body.size_bytes,
            mode=upload_types.UploadMode(body.mode),
            close_absent=body.close_absent,
            apply_automatically=body.apply_automatically,
            language=_language(call),
        ),
        portfolio_id=portfolio_id,
        actor=call.actor,
        portfolios=wiring.portfolios(),
        uploads=wiring.uploads(),
        files=wiring.upload_files(),
        now=call.now,
    )
    return {"upload": shown(upload, call, live=False), "post": form}


def _language(call: web.Call) -> str:
    """The language of whoever uploads: their own, a system's the browser header's, or Spanish."""
    sent = str(call.request.headers.get("accept-language", ""))[:2].lower()
    if call.actor.role is not Role.SERVICE:
        person = wiring.people().get(call.actor.person_id)
        if person is not None:
            return person.language
    return sent if sent in ("es", "en", "pt") else "es"


@web.route(bp, f"GET {BASE}", answer="uploads:UploadList", query=web.PAGE)
def list_uploads(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """List a portfolio's uploads, newest first."""
    access.need_portfolio(call.actor, portfolio_id, *access.UPLOADERS)
    found, cursor = wiring.uploads().page(portfolio_id, limit=call.limit, cursor=call.cursor)
    moving = (*upload_moves.RUNNING, upload_types.UploadState.READING)
    # The preview of real rows belongs to the upload's own page.
    items = [
        shown(upload, call, live=upload.state in moving) | {"inspection": None} for upload in found
    ]
    return {"items": items, "cursor": cursor}


@web.route(bp, f"GET {ONE}", answer="uploads:Upload")
def get(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """Show an upload with its progress."""
    return shown(_find(call, portfolio_id, upload_id), call)


@web.route(bp, f"PUT {ONE}/mapping", body="uploads:NewMapping", answer="uploads:Upload")
def put_mapping(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """Say what the columns mean; the review starts."""
    mapping = call.body.model_dump(exclude_none=True, exclude={"columns"})
    mapping["columns"] = call.body.columns
    return shown(uploads.put_mapping(portfolio_id, upload_id, mapping, **_moving(call)), call)


@web.route(bp, f"POST {ONE}/application", answer="uploads:Upload")
def apply(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """Write what the review showed."""
    return shown(uploads.apply(portfolio_id, upload_id, **_moving(call)), call)


@web.route(bp, f"POST {ONE}/cancellation", answer="uploads:Upload")
def cancel(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """Stop an upload; what is written by then stays and can be undone."""
    upload = uploads.cancel(
        portfolio_id, upload_id, actor=call.actor, uploads=wiring.uploads(), now=call.now
    )
    return shown(upload, call)


@web.route(bp, f"POST {ONE}/undo", answer="uploads:Upload")
def undo(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """
    Take back what an upload wrote.

    It runs in the background; when something was built on the upload it ends where it was,
    with the problem `upload.built_upon` naming how many payments, notes, promises and uploads.
    """
    return shown(uploads.undo(portfolio_id, upload_id, **_moving(call)), call)


@web.route(bp, f"GET {ONE}/original", answer="common:Link")
def original(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, Any]:
    """Give a short-lived address of the file as it was sent."""
    upload = _find(call, portfolio_id, upload_id)
    call.looked("upload.taken", portfolio_id, of=upload_id)
    return uploads.original_link(upload, files=wiring.upload_files())


@web.route(bp, f"GET {ONE}/rejects", answer="common:Link")
def rejects(call: web.Call, portfolio_id: str, upload_id: str) -> dict[str, str]:
    """Give a short-lived address of the rejected rows, with their reasons."""
    upload = _find(call, portfolio_id, upload_id)
    call.looked("rejects.taken", portfolio_id, of=upload_id)
    return {"url": uploads.rejects_link(upload, files=wiring.upload_files())}


def _moving(call: web.Call) -> dict[str, Any]:
    """What moving an upload on takes, beside which one."""
    return {
        "actor": call.actor,
        "uploads": wiring.uploads(),
        "steps": wiring.upload_steps(),
        "now": call.now,
    }


def _find(call: web.Call, portfolio_id: str, upload_id: str) -> Upload:
    return uploads.find(portfolio_id, upload_id, actor=call.actor, uploads=wiring.uploads())
