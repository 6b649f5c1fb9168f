"""Tasks: what people are asked to do, whose it is, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import task as task_types
    from chalicelib.services import case_pages, cases, task_pages, tasks

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio

bp = Blueprint(__name__)

OF_CASE = "/cases/{case_id}/tasks"
ONE = f"{OF_CASE}/{{task_id}}"


@web.route(
    bp,
    "GET /tasks",
    answer="tasks:TaskLines",
    query=(
        web.Query(
            name="whose",
            about="`mine` if none is given; the others need a portfolio.",
            choices=lambda: tuple(one.value for one in tasks.Whose),
        ),
        web.Query(name="portfolio", about="Of this one; `mine` of all if none is given."),
        web.Query(
            name="when",
            about="By the portfolio's own day; any if none is given.",
            choices=lambda: tuple(one.value for one in tasks.When),
        ),
        web.Query(
            name="kind",
            about="Of this kind.",
            choices=lambda: tuple(one.value for one in task_types.TaskKind),
        ),
        *web.PAGE,
    ),
)
def list_tasks(call: web.Call) -> dict[str, Any]:
    """List open tasks, the first due first: one's own, the team's, or those of nobody yet."""
    asked = call.query
    found, cursor = tasks.listed(
        whose=tasks.Whose(asked.get("whose", "mine")),
        portfolio_id=asked.get("portfolio", ""),
        when=tasks.When(asked["when"]) if "when" in asked else None,
        kind=task_types.TaskKind(asked["kind"]) if "kind" in asked else None,
        cursor=call.cursor,
        limit=call.limit,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        people=wiring.people(),
        now=call.now,
    )
    return {"items": task_pages.lines(found, people=wiring.actor_names), "cursor": cursor}


@web.route(bp, "GET /tasks/late", answer="tasks:LateTasks")
def count_late(call: web.Call) -> dict[str, Any]:
    """Count one's own tasks whose day is over, in all portfolios."""
    count, more = tasks.late(
        actor=call.actor, cases=wiring.cases(), portfolios=wiring.portfolios(), now=call.now
    )
    return {"late": count, "more": more}


@web.route(
    bp,
    f"POST {OF_CASE}",
    body="tasks:NewTask",
    answer="cases:CasePage",
    status=201,
    repeat=lambda call, _receipt, path: _opened(call, path["case_id"]),
)
def make(call: web.Call, case_id: str) -> dict[str, Any]:
    """Ask for something to be done on a case: what, by whom, by when."""
    body = call.body
    changed = tasks.make(
        case_id,
        kind=task_types.TaskKind(body.kind),
        text=body.text,
        owner=body.owner,
        due_on=body.due_on,
        key=call.key,
        people=wiring.people(),
        boxes=wiring.notice_boxes(),
        **call.casework,
    )
    return _page(call, changed)


@web.route(bp, f"PATCH {ONE}", body="tasks:ChangeTask", answer="cases:CasePage")
def change(call: web.Call, case_id: str, task_id: str) -> dict[str, Any]:
    """Say what became of a task, whose it is, or for which day; one of these at a time."""
    body = call.body
    given = [name for name in ("state", "owner", "due_on") if getattr(body, name) is not None]
    if len(given) != 1:
        raise BadField(field="state", reason="missing" if not given else "repeated")
    if body.outcome and body.state != "done":
        raise BadField(field="outcome", reason="unknown")
    if body.owner is not None:
        given_to = tasks.give(
            case_id,
            task_id,
            owner=body.owner,
            people=wiring.people(),
            boxes=wiring.notice_boxes(),
            **call.casework,
        )
        return _page(call, given_to)
    if body.due_on is not None:
        return _page(call, tasks.put_off(case_id, task_id, due_on=body.due_on, **call.casework))
    state = task_types.TaskState(body.state)
    changed = tasks.end(case_id, task_id, state=state, outcome=body.outcome, **call.casework)
    return _page(call, changed)


def _opened(call: web.Call, case_id: str) -> dict[str, Any]:
    return cases.page(case_id, people=wiring.actor_names, **call.casework)


def _page(call: web.Call, changed: tuple[CaseFile, Portfolio]) -> dict[str, Any]:
    file, portfolio = changed
    return case_pages.page_of(
        file, portfolio, actor=call.actor, now=call.now, people=wiring.actor_names
    )
