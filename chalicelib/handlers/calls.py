"""Calls that people make: what is said, beginning one, ending it with its result."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import calls, dialing

bp = Blueprint(__name__)

CALLS = "/cases/{case_id}/calls"


@web.route(bp, f"GET {CALLS}", answer="calls:CallSheet")
def sheet(call: web.Call, case_id: str) -> dict[str, Any]:
    """Give what a call needs: the script, the results it can come to, and the open call."""
    return _opened(call, case_id)


@web.route(
    bp,
    f"POST {CALLS}",
    body="calls:NewCall",
    answer="calls:CallSheet",
    status=201,
    repeat=lambda call, _receipt, path: _opened(call, path["case_id"]),
)
def begin(call: web.Call, case_id: str) -> dict[str, Any]:
    """Begin a call; the contact decision is asked, and it counts from here on."""
    file, portfolio = calls.begin(case_id, call.body.contact_id, key=call.key, **call.casework)
    return _dialled(calls.sheet_of(file, portfolio, now=call.now))


@web.route(bp, f"PUT {CALLS}/{{attempt_id}}", body="calls:EndCall", answer="calls:CallSheet")
def end(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """End a call with its result; what follows from it is done in the same change."""
    body = call.body
    file, portfolio = calls.end(
        case_id,
        attempt_id,
        disposition=body.disposition,
        note=body.note,
        call_back_at=body.call_back_at,
        mine=body.mine,
        means=wiring.call_means(),
        **call.casework,
    )
    return _dialled(calls.sheet_of(file, portfolio, now=call.now))


@web.route(bp, f"POST {CALLS}/{{attempt_id}}", answer="calls:CallSheet")
def ring(call: web.Call, case_id: str, attempt_id: str) -> dict[str, Any]:
    """Have the dialer ring the debtor for one's own open call, once."""
    person = wiring.people().get(call.actor.person_id)
    file, portfolio = dialing.ring(
        case_id,
        attempt_id,
        email=person.email if person else "",
        dialer=wiring.dialer(),
        **call.casework,
    )
    return _dialled(calls.sheet_of(file, portfolio, now=call.now))


def _opened(call: web.Call, case_id: str) -> dict[str, Any]:
    return _dialled(calls.sheet(case_id, **call.casework))


def _dialled(sheet: dict[str, Any]) -> dict[str, Any]:
    return sheet | {"dialer": wiring.dialer() is not None}
