"""Tracking apps of other makers: their tokens, for supervisors, and the doors they send to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chalice.app import Blueprint
from chalice.app import Request as HttpRequest

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import TooLarge, TrackerUnreadable
from chalicelib.domain.ids import derived_id
from chalicelib.handlers import alarms as alarm_handlers
from chalicelib.handlers import web
from chalicelib.handlers.tracking import taken
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import alarms, trackers
    from chalicelib.tracking import formats

if TYPE_CHECKING:
    from chalicelib.domain.tracking import Tracker

bp = Blueprint(__name__)

MAX_BYTES = 64 * 1024
# Apps are careless of what they call their bodies.
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
)


@web.route(bp, "GET /trackers", answer="trackers:TrackerPage")
def list_trackers(call: web.Call) -> dict[str, Any]:
    """List the tracking apps of one's agents that may send."""
    found = trackers.working(actor=call.actor, trackers=wiring.trackers())
    names = wiring.people().names({one.person_id for one in found})
    return {"items": [_shape(one, names) for one in found]}


@web.route(
    bp, "POST /trackers", body="trackers:NewTracker", answer="trackers:IssuedTracker", status=201
)
def issue_tracker(call: web.Call) -> dict[str, Any]:
    """
    Give an agent's app a token, as text and as QR codes for two apps.

    This is the only time it can be seen.
    """
    tracker, token = trackers.issue(
        call.body.person_id,
        call.body.name,
        sees_team=call.body.sees_team,
        actor=call.actor,
        people=wiring.people(),
        trackers=wiring.trackers(),
        now=call.now,
    )
    site = settings().site_url
    links = {
        "traccar": trackers.traccar_link(site, token),
        "owntracks": trackers.owntracks_link(site, token),
    }
    names = wiring.people().names([tracker.person_id])
    return _shape(tracker, names) | {
        "token": token,
        "urls": {name: f"{site}/api/v1/tracking/{name}" for name in trackers.READERS},
        "apps": [
            {"app": app, "link": link, "qr_svg": trackers.qr_svg(link)}
            for app, link in links.items()
        ],
    }


@web.route(bp, "DELETE /trackers/{tracker_id}", status=204)
def revoke_tracker(call: web.Call, tracker_id: str) -> None:
    """Make an app's token useless at once: a lost phone, an agent who left."""
    trackers.revoke(tracker_id, actor=call.actor, trackers=wiring.trackers(), now=call.now)


@web.route(
    bp,
    "GET /tracking/{client}",
    answer="trackers:TrackerAnswer",
    public=True,
    any_query=True,
)
def take_query(call: web.Call, client: str) -> Any:
    """Take a position that an app sends in its query (OsmAnd, GPSLogger, OpenGTS)."""
    return _take(call, client)


@web.route(
    bp,
    "POST /tracking/{client}",
    answer="trackers:TrackerAnswer",
    public=True,
    any_query=True,
    accepts=TYPES,
)
def take_post(call: web.Call, client: str) -> Any:
    """
    Take positions that a tracking app posts: osmand, owntracks, overland, gpslogger, opengts,
    webhook.

    What was understood is answered 200 even where it is not kept (off shift, no fix): apps send
    again for ever what is answered otherwise.
    """
    return _take(call, client)


def _take(call: web.Call, client: str) -> Any:
    if client not in trackers.READERS:
        raise TrackerUnreadable(reason="unknown_client")
    heard = trackers.take(
        client,
        _request(call.request),
        str(call.request.headers.get("authorization", "")),
        people=wiring.people(),
        trackers=wiring.trackers(),
        tracking=wiring.tracking(),
        now=call.now,
    )
    if heard is not None and heard.sos is not None:
        _call_for_help(call, heard)
    if client == "owntracks":
        return trackers.friends(heard.mates) if heard else []
    answer = taken(heard.outcome) if heard else {"accepted": 0, "refused": []}
    # Overland takes anything else for a failure.
    return answer | {"result": "ok"} if client == "overland" else answer


def _call_for_help(call: web.Call, heard: trackers.Heard) -> None:
    position = heard.sos
    if position is None:
        return
    at = position.at or call.now
    known = position.has_fix and position.lat is not None and position.lng is not None
    alarms.call_for_help(
        derived_id("alm", heard.tracker.tracker_id, at.isoformat()),
        at,
        (position.lat, position.lng) if known else None,  # type: ignore[arg-type]
        accuracy_m=position.accuracy_m,
        person=heard.person,
        tracking=wiring.tracking(),
        people=wiring.people(),
        means=wiring.alarm_means(alarm_handlers.not_told),
        now=call.now,
    )


def _request(request: HttpRequest) -> formats.Request:
    """The request as the readers of the formats know it: path with query, body as text."""
    raw = request.raw_body
    body = raw if isinstance(raw, bytes) else str(raw or "").encode()
    if len(body) > MAX_BYTES:
        raise TooLarge(limit_bytes=MAX_BYTES)
    sent = request.query_params
    pairs = [(name, value) for name in sent for value in sent.getlist(name)] if sent else []
    return formats.Request(
        method=str(request.method),
        path=f"/?{urlencode(pairs)}",
        body=body.decode("utf-8", errors="replace"),
    )


def _shape(tracker: Tracker, names: dict[str, str]) -> dict[str, Any]:
    return {
        "tracker_id": tracker.tracker_id,
        "person_id": tracker.person_id,
        "person_name": names.get(tracker.person_id, ""),
        "name": tracker.name,
        "sees_team": tracker.sees_team,
        "created_at": tracker.created_at,
        "last_seen_at": tracker.last_seen_at,
    }
