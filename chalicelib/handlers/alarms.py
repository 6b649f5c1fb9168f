"""SOS: pressed by an agent, seen to by a supervisor."""

from __future__ import annotations

import logging
from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.domain import tracking as words
    from chalicelib.services import access, alarms, people

bp = Blueprint(__name__)
log = logging.getLogger("recobro")

HIDDEN = ("portfolios", "version")


@web.route(
    bp, "POST /field/alarms", body="tracking:CallForHelp", answer="tracking:Alarm", status=201
)
def call_for_help(call: web.Call) -> dict[str, Any]:
    """Ask for help: on the map at once, and by e-mail and SMS to the supervisors of the team."""
    access.need(call.actor, Role.AGENT)
    sent = call.body
    alarm, _ = alarms.call_for_help(
        sent.alarm_id,
        sent.at,
        None if sent.lat is None or sent.lng is None else (sent.lat, sent.lng),
        accuracy_m=sent.accuracy_m,
        person=people.own(actor=call.actor, people=wiring.people()),
        tracking=wiring.tracking(),
        people=wiring.people(),
        means=wiring.alarm_means(not_told),
        now=call.now,
    )
    return _shape(alarm, {})


@web.route(bp, "GET /alarms", answer="tracking:AlarmPage")
def list_alarms(call: web.Call) -> dict[str, Any]:
    """List a year's alarms of one's agents, those that wait for somebody first."""
    found = alarms.seen(actor=call.actor, tracking=wiring.tracking())
    names = wiring.people().names({p for one in found for p in (one.taken_by, one.closed_by) if p})
    return {"items": [_shape(one, names) for one in found]}


@web.route(bp, "PATCH /alarms/{alarm_id}", body="tracking:SettleAlarm", answer="tracking:Alarm")
def settle_alarm(call: web.Call, alarm_id: str) -> dict[str, Any]:
    """Take an alarm, or close it with a word of what became of it."""
    alarm = alarms.settle(
        alarm_id,
        words.AlarmState(call.body.state),
        call.body.note,
        actor=call.actor,
        tracking=wiring.tracking(),
        now=call.now,
    )
    names = wiring.people().names({p for p in (alarm.taken_by, alarm.closed_by) if p})
    return _shape(alarm, names)


def not_told(channel: str, reason: str) -> None:
    """Note that a message did not go; never to whom."""
    log.error("alarmnot_told", extra={"channel": channel, "reason": reason})


def _shape(alarm: words.Alarm, names: dict[str, str]) -> dict[str, Any]:
    plain = {name: value for name, value in to_plain(alarm).items() if name not in HIDDEN}
    return plain | {
        "taken_by_name": names.get(alarm.taken_by or ""),
        "closed_by_name": names.get(alarm.closed_by or ""),
    }
