"""What people ask about their own data by law: the register, one request, its steps, its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import data_request as request_types
    from chalicelib.services import (
        data_requests,
        erasures,
        request_letters,
        request_pages,
        request_steps,
    )

if TYPE_CHECKING:
    from chalicelib.domain.data_request import DataRequest
    from chalicelib.services.request_steps import Do

bp = Blueprint(__name__)

REGISTER = "/portfolios/{portfolio_id}/data-requests"
ONE = f"{REGISTER}/{{request_id}}"
MODELS = "data_requests"


@web.route(
    bp,
    f"GET {REGISTER}",
    answer=f"{MODELS}:RequestLines",
    query=(
        web.Query(
            name="state", about="`live` if none is given: under way.", choices=("live", "ended")
        ),
        web.Query(
            name="kind",
            about="Of this right only.",
            choices=lambda: tuple(each.value for each in request_types.RequestKind),
        ),
        web.Query(name="q", about="Part of a name, or of a request's number."),
        web.Query(name="case", about="Those about this case only, the newest first."),
        web.Query(
            name="file", about="It is kept as a file: noted in the access log.", choices=("yes",)
        ),
        *web.PAGE,
    ),
)
def list_requests(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Read the register: what is under way the first due first, or what has ended."""
    asked = call.query
    common: dict[str, Any] = {
        "actor": call.actor,
        "means": wiring.data_request_means(),
        "now": call.now,
    }
    if asked.get("case"):
        return request_pages.of_case(portfolio_id, asked["case"], **common)
    kind = asked.get("kind")
    found = request_pages.listed(
        portfolio_id,
        live=asked.get("state", "live") == "live",
        kind=request_types.RequestKind(kind) if kind else None,
        words=asked.get("q", ""),
        cursor=call.cursor,
        limit=call.limit,
        people=wiring.actor_names,
        **common,
    )
    if asked.get("file"):
        call.looked("data_requests.taken", portfolio_id, of=asked.get("state", "live"))
    return found


@web.route(
    bp,
    f"POST {REGISTER}",
    body=f"{MODELS}:NewDataRequest",
    answer=f"{MODELS}:RequestPage",
    status=201,
)
def take_in(call: web.Call, portfolio_id: str) -> dict[str, Any]:
    """Put a request into the register; the same ``Idempotency-Key`` puts it there once."""
    body = call.body
    asked = data_requests.Asked(
        kind=request_types.RequestKind(body.kind),
        way=request_types.RequestWay(body.way),
        received_on=body.received_on,
        case_ids=tuple(body.case_ids),
        name=body.name,
        words=body.words,
        reply_to=body.reply_to,
        proof=request_types.IdentityProof(body.proof) if body.proof else None,
    )
    one = data_requests.take_in(
        portfolio_id,
        asked,
        key=call.key,
        actor=call.actor,
        means=wiring.data_request_means(),
        now=call.now,
    )
    return _page(call, one)


@web.route(bp, f"GET {ONE}", answer=f"{MODELS}:RequestPage")
def get(call: web.Call, portfolio_id: str, request_id: str) -> dict[str, Any]:
    """Open a request: what was asked, by when it is to be answered, who did what."""
    one, _ = data_requests.opened(
        portfolio_id,
        request_id,
        actor=call.actor,
        means=wiring.data_request_means(),
        now=call.now,
    )
    call.looked("data_request.opened", portfolio_id, of=request_id)
    return _page(call, one)


@web.route(bp, f"PATCH {ONE}", body=f"{MODELS}:RequestAct", answer=f"{MODELS}:RequestPage")
def act(call: web.Call, portfolio_id: str, request_id: str) -> dict[str, Any]:
    """Take a request a step on, over the version that was read."""
    one = data_requests.change(
        portfolio_id,
        request_id,
        call.body.version,
        _doing(call),
        actor=call.actor,
        means=wiring.data_request_means(),
        now=call.now,
    )
    if call.body.act.startswith("erase_"):
        call.looked(f"data_request.{call.body.act}", portfolio_id, of=request_id)
        erasures.begin(one, wiring.plan_jobs())
    return _page(call, one)


@web.route(
    bp,
    f"GET {ONE}/letter",
    answer="common:Link",
    query=(web.Query(name="language", about="Of the letter.", choices=("es", "en", "pt")),),
)
def letter(call: web.Call, portfolio_id: str, request_id: str) -> dict[str, Any]:
    """Give the address of the answer as a letter; it works for some minutes."""
    url = request_letters.take(
        portfolio_id,
        request_id,
        language=call.query.get("language", "es"),
        actor=call.actor,
        means=wiring.data_request_means(),
        files=wiring.export_files(),
        now=call.now,
    )
    call.looked("data_letter.taken", portfolio_id, of=request_id)
    return {"url": url, "scan": "off"}


def _doing(call: web.Call) -> Do:  # noqa: PLR0911 (one line per act)
    body = call.body
    who: dict[str, Any] = {"actor": call.actor, "now": call.now}
    match body.act:
        case "want_identity":
            return request_steps.want_identity(body.note, **who)
        case "identify":
            if body.proof is None:
                raise BadField(field="proof", reason="missing")
            proof = request_types.IdentityProof(body.proof)
            return request_steps.identify(proof, body.note, **who)
        case "give":
            return request_steps.give(body.owner, people=wiring.people(), **who)
        case "add_case":
            return request_steps.add_case(body.case_id, cases=wiring.cases(), **who)
        case "extend":
            return request_steps.extend(body.note, **who)
        case "carry_out":
            return request_steps.carry_out(body.note, **who)
        case act if act.startswith("erase_"):
            return _erasing(call, act)
        case _:
            if body.verdict is None:
                raise BadField(field="verdict", reason="missing")
            return request_steps.answer(
                request_types.Verdict(body.verdict),
                ground=request_types.Ground(body.ground) if body.ground else None,
                article=body.article,
                text=body.text,
                **who,
            )


def _erasing(call: web.Call, act: str) -> Do:
    who: dict[str, Any] = {"actor": call.actor, "now": call.now}
    match act:
        case "erase_ask":
            return erasures.ask(call.body.note, means=wiring.erasing(), **who)
        case "erase_withdraw":
            return erasures.withdraw(**who)
        case "erase_approve":
            return erasures.approve(means=wiring.erasing(), **who)
        case _:
            return erasures.reject(call.body.note, **who)


def _page(call: web.Call, one: DataRequest) -> dict[str, Any]:
    return request_pages.page(
        one, actor=call.actor, means=wiring.data_request_means(), people=wiring.actor_names,
        now=call.now, erasing=wiring.erasing(),
    )  # fmt: skip
