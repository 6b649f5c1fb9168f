"""Lists of cases as files to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import actors, web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import exports

if TYPE_CHECKING:
    from chalicelib.domain.export import Export

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/exports"


@web.route(bp, f"POST {BASE}", body="case_filters:CaseFilters", answer="uploads:Export", status=202)
def start(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Ask for the cases that the filters leave as a CSV file; it is made in the background."""
    export = exports.start(
        portfolio_id,
        call.body.model_dump(exclude_none=True),
        actor=call.actor,
        language=actors.language(call.actor),
        portfolios=wiring.portfolios(),
        exports=wiring.exports(),
        jobs=wiring.export_jobs(),
        now=call.now,
    )
    call.looked("export.asked", portfolio_id, of=export.export_id)
    return _shown(export)


@web.route(bp, f"GET {BASE}/{{export_id}}", answer="uploads:Export")
def get(call: web.Call, portfolio_id: str, export_id: str) -> dict[str, Any]:
    """Tell how far an export is; when done, with a short-lived address of the file."""
    export = exports.find(portfolio_id, export_id, actor=call.actor, exports=wiring.exports())
    if export.state == "done":
        call.looked("export.taken", portfolio_id, of=export_id)
    return _shown(export)


def _shown(export: Export) -> dict[str, Any]:
    return {
        "export_id": export.export_id,
        "state": export.state,
        "rows": export.rows,
        "url": exports.link(export, files=wiring.export_files()),
    }
