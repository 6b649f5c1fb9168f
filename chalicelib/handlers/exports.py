"""Lists of cases as files to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import actors, web
from chalicelib.handlers.figures import place_of
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import exports, figure_cases, figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.bi.questions import Question
    from chalicelib.domain.export import Export
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)

BASE = "/portfolios/{portfolio_id}/exports"


@web.route(bp, f"POST {BASE}", body="exports:NewExport", answer="uploads:Export", status=202)
def start(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """
    Ask for the cases that the filters leave as a CSV file; it is made in the background.

    With ``behind``: those behind a number, all of them, with what each has of it.
    """
    filters = call.body.model_dump(exclude_none=True, exclude={"behind"})
    export = exports.start(
        portfolio_id,
        filters,
        behind=_behind(call) if call.body.behind else None,
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


def _behind(call: web.Call) -> Callable[[Portfolio], Question]:
    told = call.body.behind.model_dump(exclude={"cursor"})

    def asked(portfolio: Portfolio) -> Question:
        return figures.asked(
            portfolio,
            figure_cases.about(told),
            told["first"],
            told["last"],
            channel=told["channel"] or "",
            where=place_of(call, told),
        )

    return asked


def _shown(export: Export) -> dict[str, Any]:
    return {
        "export_id": export.export_id,
        "state": export.state,
        "rows": export.rows,
        "url": exports.link(export, files=wiring.export_files()),
    }
