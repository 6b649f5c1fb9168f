"""The field's side of visits: devices that sign, reports, what became of them."""

from __future__ import annotations

import hashlib
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.errors import SignatureInvalid, VisitInvalid
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import plain, visit
    from chalicelib.services import (
        cash_checking,
        devices,
        rescues,
        visit_photos,
        visit_results,
        visits,
    )

bp = Blueprint(__name__)

SIGNATURE = "x-recobro-signature"


@web.route(
    bp,
    "POST /field/devices",
    body="visits:NewDevice",
    answer="visits:DeviceRegistered",
    status=201,
    again=200,
)
def register_device(call: web.Call) -> Response:
    """Register the phone that will sign visits; the same again answers 200."""
    key = call.body.public_key
    device, new = devices.register(
        call.body.device_id,
        name=call.body.name,
        platform=call.body.platform,
        x=key.x,
        y=key.y,
        actor=call.actor,
        devices=wiring.devices(),
        now=call.now,
    )
    answer = {"device_id": device.device_id, "server_time": plain.to_plain(call.now)}
    return web.answered(answer, 201 if new else 200)


@web.route(bp, "GET /devices", answer="visits:Devices", query=web.PAGE)
def list_devices(call: web.Call) -> dict[str, Any]:
    """List the phones of one's people, those out of use too."""
    return devices.listed(
        actor=call.actor,
        devices=wiring.devices(),
        people=wiring.people(),
        limit=call.limit,
        cursor=call.cursor,
    )


@web.route(bp, "DELETE /devices/{device_id}", status=204)
def revoke_device(call: web.Call, device_id: str) -> None:
    """Take a lost phone out of use; it signs no more visits."""
    devices.revoke(
        device_id,
        actor=call.actor,
        devices=wiring.devices(),
        people=wiring.people(),
        credentials=wiring.credentials(),
        now=call.now,
    )


@web.route(
    bp,
    "POST /field/visits",
    body="visits:VisitReport",
    answer="visits:Receipt",
    status=201,
    again=200,
    invalid=VisitInvalid,
    rescued=True,
)
def report(call: web.Call) -> Response:
    """
    Take in a visit, signed by the phone it was made with; the same again answers 200.

    Everything that follows from it is done in the same moment. What no longer fits the case
    is answered as ``conflicts`` and kept; only nonsense is refused.
    """
    body = call.raw
    header = str(call.request.headers.get(SIGNATURE, ""))
    device = devices.signer(header, body, actor=call.actor, devices=wiring.devices())
    if device.device_id != call.body.device_id:
        raise SignatureInvalid
    received, new = visits.receive(
        call.body.visit_id,
        plain.from_plain(visit.Report, call.body.model_dump(mode="json")),
        digest=hashlib.sha256(body).hexdigest(),
        signature=header,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        forms=wiring.questionnaires(),
        trails=wiring.trails(),
        cash=wiring.cash(),
        proved=lambda case_id, cash: cash_checking.taken_proved(
            case_id, cash, codes=wiring.one_time_codes_kept()
        ),
        read_phone=wiring.read_phone,
        suppressed=wiring.suppressed,
        now=call.now,
    )
    if received.told_at is None:  # said again when the phone repeats: it is told once
        case_id = visits.case_of(received.visit_id, wiring.cases()) or received.report.case_id
        wiring.messages().send([{"case_id": case_id, "visit_id": received.visit_id}])
    return web.answered(visits.receipt(received), 201 if new else 200)


@web.route(bp, "GET /field/visits/{visit_id}", answer="visits:Receipt")
def state(call: web.Call, visit_id: str) -> dict[str, Any]:
    """Say what became of one's own visit: which photos are still wanted."""
    return visits.receipt(visits.own(visit_id, actor=call.actor, cases=wiring.cases()))


@web.route(
    bp,
    "POST /field/photos",
    body="visits:PhotoAsked",
    answer="visits:PhotoForm",
    invalid=VisitInvalid,
    rescued=True,
)
def ask_photo(call: web.Call) -> dict[str, Any]:
    """
    Ask for the form to send one of a visit's photos with, or learn that it is here.

    A large photo may be sent in ``parts`` instead, each with its own form; asked again when all
    have been sent, it is put together. Asked after a break, only what has not come is named.
    """
    return visit_photos.ask(
        call.body.visit_id,
        call.body.photo_id,
        sha256=call.body.sha256,
        size=call.body.bytes,
        content_type=call.body.content_type,
        actor=call.actor,
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        files=wiring.evidence_files(),
        parts=wiring.upload_files(),
        now=call.now,
    )


@web.route(bp, "POST /field/rescues", body="rescues:Outline", answer="rescues:Outlined")
def outline(call: web.Call) -> dict[str, Any]:
    """
    Say whose a phone's file is, and what of it is here already, to who manages an agent who left.

    Each thing of it then goes to where the phone would send it, with ``X-Recobro-Of``.
    """
    agent = rescues.acting(call.body.person_id, actor=call.actor, people=wiring.people())
    for portfolio_id in agent.portfolios:
        call.looked("rescue.opened", portfolio_id, of=agent.person_id)
    return rescues.outlined(call.body.visits, agent=agent, cases=wiring.cases())


@web.route(bp, "GET /visit-photos/{token}", status=302, public=True)
def photo(call: web.Call, token: str) -> Response:
    """Open an e-mail's link to a visit's photo; it works for fourteen days."""
    url = visit_results.photo(
        token,
        key=wiring.link_key(),
        cases=wiring.cases(),
        files=wiring.evidence_files(),
        now=call.now,
    )
    headers: dict[str, str | list[str]] = {
        "Location": url,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Response("", status_code=302, headers=headers)
