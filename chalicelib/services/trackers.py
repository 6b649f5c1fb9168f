"""Tracking apps of other makers: their tokens, what they send, what they are answered."""

import base64
import binascii
import hashlib
import io
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from chalicelib.domain.errors import (
    AgentNotFound,
    TooLarge,
    TrackerNotFound,
    TrackerRefused,
    TrackerUnreadable,
)
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Actor, AuditEvent, Person, Role
from chalicelib.domain.tracking import SILENT_AFTER, Fix, Presence, Tracker
from chalicelib.services import pings
from chalicelib.services.access import MANAGERS, need, shares
from chalicelib.services.shifts import Tracking
from chalicelib.tracking import formats
from chalicelib.tracking.formats import Request
from chalicelib.tracking.position import Position, Refused

PREFIX = "rct_"
USE_NOTED_EVERY = timedelta(minutes=15)  # a write per request would tell nothing more
MOST_POSITIONS = 500
MOST_MATES = 50
# Seconds between positions that the apps are set up with.
INTERVAL_S = 30

READERS = {
    "osmand": formats.osmand,
    "owntracks": formats.owntracks,
    "overland": formats.overland,
    "gpslogger": formats.gpslogger,
    "webhook": formats.webhook_form,
    "opengts": formats.opengts,
}


class Trackers(Protocol):
    def add(self, tracker: Tracker, *, token_hash: str, audit: AuditEvent) -> None: ...
    def by_hash(self, token_hash: str) -> Tracker | None: ...
    def get(self, tracker_id: str) -> Tracker | None: ...
    def all(self) -> list[Tracker]: ...
    def revoke(self, tracker: Tracker, *, audit: AuditEvent, now: datetime) -> None: ...
    def note_use(self, tracker: Tracker, *, now: datetime) -> None: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    What came of an app's request.

    Args:
        sos: The position with which the app called for help, if it did.
        mates: Team mates that the app may show.
    """

    outcome: pings.Outcome
    person: Person
    tracker: Tracker
    sos: Position | None
    mates: Sequence[Presence]


# Tokens


def issue(
    person_id: str,
    name: str,
    *,
    sees_team: bool,
    actor: Actor,
    people: People,
    trackers: Trackers,
    now: datetime,
) -> tuple[Tracker, str]:
    """
    Give an agent's tracking app a token.

    Returns:
        Its record, and the token itself: this is the only time it can be seen.

    Raises:
        AgentNotFound: No such agent, or none of one's portfolios.
    """
    need(actor, *MANAGERS)
    person = people.get(person_id)
    if person is None or person.role is not Role.AGENT or not shares(actor, person.portfolios):
        raise AgentNotFound
    # 128 random bits: nothing to guess, and still a QR code that a cheap camera reads.
    token = PREFIX + secrets.token_hex(16)
    tracker = Tracker(
        tracker_id=new_id("trk"),
        person_id=person_id,
        name=name,
        created_at=now,
        created_by=actor.actor_id,
        portfolios=person.portfolios,
        sees_team=sees_team,
    )
    audit = _audit("tracker.issued", tracker, actor, now)
    trackers.add(tracker, token_hash=hash_of(token), audit=audit)
    return tracker, token


def working(*, actor: Actor, trackers: Trackers) -> list[Tracker]:
    """List the trackers of one's agents that still work, newest first."""
    need(actor, *MANAGERS)
    mine = [
        one for one in trackers.all() if one.revoked_at is None and shares(actor, one.portfolios)
    ]
    return sorted(mine, key=lambda one: one.tracker_id, reverse=True)


def revoke(tracker_id: str, *, actor: Actor, trackers: Trackers, now: datetime) -> None:
    """
    Make a token useless from the next request on. Safe to repeat.

    Raises:
        TrackerNotFound: None such, or of nobody of one's portfolios.
    """
    need(actor, *MANAGERS)
    tracker = trackers.get(tracker_id)
    if tracker is None or not shares(actor, tracker.portfolios):
        raise TrackerNotFound(tracker_id=tracker_id)
    if tracker.revoked_at is None:
        trackers.revoke(tracker, audit=_audit("tracker.revoked", tracker, actor, now), now=now)


def traccar_link(site_url: str, token: str) -> str:
    """What Traccar Client reads off a QR code: where to send, and as whom."""
    more = urlencode({"id": token, "interval": INTERVAL_S, "accuracy": "high", "buffer": "true"})
    return f"{site_url}/api/v1/tracking/osmand?{more}"


def owntracks_link(site_url: str, token: str) -> str:
    """What OwnTracks reads off a QR code: its configuration for HTTP mode."""
    configuration = {
        "_type": "configuration",
        "mode": 3,
        "url": f"{site_url}/api/v1/tracking/owntracks",
        "auth": True,
        "username": "recobro",
        "password": token,
        "monitoring": 2,
        "locatorInterval": INTERVAL_S,
    }
    packed = base64.urlsafe_b64encode(json.dumps(configuration).encode()).decode()
    return f"owntracks:///config?inline={packed}"


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG."""
    import segno

    drawn = io.BytesIO()
    # A phone's camera takes it off another screen: little error correction is needed.
    code = segno.make(text, error="l", micro=False)
    code.save(drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return drawn.getvalue().decode()


# What comes in


def take(
    client: str,
    request: Request,
    authorization: str,
    *,
    people: People,
    trackers: Trackers,
    tracking: Tracking,
    now: datetime,
) -> Heard | None:
    """
    Take what an app sent; None for a message that is no position and asks for nothing.

    Raises:
        TrackerRefused: No token that works.
        TrackerUnreadable: It holds no position.
        TooLarge: More positions than a request may hold.
    """
    tracker = _identified(token_in(request, authorization), trackers)
    person = people.get(tracker.person_id)
    if person is None or person.disabled or person.role is not Role.AGENT:
        raise TrackerRefused
    if tracker.last_seen_at is None or now - tracker.last_seen_at >= USE_NOTED_EVERY:
        trackers.note_use(tracker, now=now)
    if client == "owntracks" and not request.body.strip():
        return None  # a friend was deleted in the app
    try:
        positions = READERS[client](request)
    except Refused as refused:
        # Cards, way points, last wills: an answer other than 200 would be sent again for ever.
        if client == "owntracks" and refused.reason == "unsupported_type":
            return None
        raise TrackerUnreadable(reason=refused.reason) from refused
    if len(positions) > MOST_POSITIONS:
        raise TooLarge(limit=MOST_POSITIONS)
    outcome = pings.record(
        [fix_of(one, now) for one in positions],
        person_id=person.person_id,
        device_id=tracker.tracker_id,
        tracking=tracking,
        now=now,
    )
    return Heard(
        outcome=outcome,
        person=person,
        tracker=tracker,
        sos=next((one for one in positions if (one.alarm or "").lower() == "sos"), None),
        mates=_mates(person, tracking, now) if tracker.sees_team and client == "owntracks" else (),
    )


def fix_of(position: Position, now: datetime) -> Fix:
    """
    Make a point of a position; the server's clock stands in for one without a time.

    Without a place it is at 0,0, which is what apps send that have none.
    """
    battery = position.battery_pct
    return Fix(
        at=position.at or now,
        lat=position.lat if position.lat is not None else 0.0,
        lng=position.lng if position.lng is not None else 0.0,
        accuracy_m=position.accuracy_m,
        speed_ms=position.speed_mps,
        heading=position.course_deg,
        battery=None if battery is None else min(battery, 100.0) / 100,
        charging=position.charging,
        network=position.connection,
        activity=position.activity,
        mock=position.mock,
    )


def token_in(request: Request, authorization: str) -> str:
    """
    Find the token: HTTP's own authorization, ``token`` in the query, or as the device's name.

    Traccar Client knows no password: there the device's identifier is the token.
    """
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    named = request.one("token", "id", "deviceid", "device_id", "dev")
    if named:
        return named
    try:
        return str(request.json().get("device_id", ""))
    except Refused:
        return ""


def friends(mates: Sequence[Presence]) -> list[dict[str, Any]]:
    """Team mates as OwnTracks draws them: a place and a card each."""
    shown: list[dict[str, Any]] = []
    for mate in mates:
        if mate.fix is not None:
            tid = "".join(word[0] for word in mate.name.split()[:2]).upper() or "??"
            topic = f"owntracks/recobro/{mate.person_id}"
            shown += [
                {
                    "_type": "location",
                    "topic": topic,
                    "tid": tid,
                    "lat": mate.fix.lat,
                    "lon": mate.fix.lng,
                    "tst": int(mate.fix.at.timestamp()),
                },
                {"_type": "card", "topic": topic, "tid": tid, "name": mate.name},
            ]
    return shown


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _identified(token: str, trackers: Trackers) -> Tracker:
    tracker = trackers.by_hash(hash_of(token)) if token.startswith(PREFIX) else None
    if tracker is None or tracker.revoked_at is not None:
        raise TrackerRefused
    return tracker


def _mates(person: Person, tracking: Tracking, now: datetime) -> list[Presence]:
    """Those of his team who are at work and were heard just now."""
    own = set(person.portfolios)
    found = [
        one
        for one in tracking.heard(since=now - SILENT_AFTER)
        if one.person_id != person.person_id
        and one.team == person.team != ""
        and own & set(one.portfolios)
        and one.shift is not None
        and one.shift.is_open(now)
    ]
    return found[:MOST_MATES]


def _audit(kind: str, tracker: Tracker, actor: Actor, now: datetime) -> AuditEvent:
    return AuditEvent(
        event_id=new_id("aud"),
        kind=kind,
        at=now,
        actor=actor.actor_id,
        subject=f"tracker:{tracker.tracker_id}",
        facts={"person_id": tracker.person_id},
    )
