"""
The wire formats: OsmAnd/Traccar (query and JSON), OwnTracks, Overland, GPSLogger, OpenGTS.

Traps they hold: two JSON shapes are both called Traccar's; speed comes in knots, km/h or m/s;
battery in 0..1 or 0..100; -1 means unknown; 0,0 means no fix.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.tracking.position import Position, Refused
from chalicelib.tracking.values import (
    KMH_MPS,
    KNOT_MPS,
    first,
    flag,
    instant,
    not_negative,
    number,
    percent,
    scaled,
    text,
)

OWNTRACKS_TRIGGERS = {
    "p": "ping",
    "c": "circular_region_event",
    "C": "follow_circular_region_event",
    "b": "beacon_event",
    "r": "report_location_message_event",
    "u": "manual_event",
    "t": "timer_based_event",
    "v": "settings_monitoring_event",
}
OWNTRACKS_BATTERY = {0: "unknown", 1: "unplugged", 2: "charging", 3: "full"}
OWNTRACKS_CONNECTION = {"w": "wifi", "m": "mobile", "o": "offline"}
# $GPRMC: time, status, latitude, N/S, longitude, E/W, knots, course, date.
GPRMC = re.compile(
    r"\$G[PN]RMC,(?P<time>\d{6})(?:\.\d+)?,(?P<status>[AV]?),"
    r"(?P<lat>\d+\.\d+),(?P<ns>[NS]),(?P<lng>\d+\.\d+),(?P<ew>[EW]),"
    r"(?P<knots>[\d.]*),(?P<course>[\d.]*),(?P<date>\d{6})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    An HTTP request as it came.

    Args:
        path: With its query, still encoded.
        body: Decoded to text.
    """

    method: str = "POST"
    path: str = "/"
    body: str = ""

    @property
    def fields(self) -> dict[str, list[str]]:
        """Query and form fields together; a form field of the same name comes later."""
        merged = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if "=" in self.body and not self.body.lstrip().startswith(("{", "[")):
            for name, values in parse_qs(self.body, keep_blank_values=True).items():
                merged.setdefault(name, []).extend(values)
        return merged

    def one(self, *names: str) -> str | None:
        """Give the first of the named fields that is there and not empty."""
        fields = self.fields
        value: str | None = first(fields.get(name, [None])[0] for name in names)
        return value

    def json(self) -> dict[str, Any]:
        """
        Read the body as a JSON object.

        Raises:
            Refused: It is none.
        """
        try:
            read = json.loads(self.body)
        except json.JSONDecodeError as error:
            raise Refused("unreadable") from error
        if not isinstance(read, dict):
            raise Refused("unreadable")
        return read


def osmand(request: Request) -> tuple[Position, ...]:
    """
    Decode the Traccar Client: fields in the query or form, or its JSON.

    Raises:
        Refused: No device, or neither a place nor networks to find one by.
    """
    if request.body.lstrip().startswith("{"):
        return traccar_json(request)
    device = request.one("id", "deviceid", "device_id")
    if device is None:
        raise Refused("no_device")
    lat, lng = number(request.one("lat")), number(request.one("lon"))
    if "," in (both := request.one("location") or ""):
        lat, lng = (number(part) for part in both.split(",", 1))
    fields = request.fields
    cells, wifi = tuple(fields.get("cell", ())), tuple(fields.get("wifi", ()))
    if (lat is None or lng is None) and not (cells or wifi):
        raise Refused("no_position")
    return (
        Position(
            device_id=device,
            at=instant(request.one("timestamp")),
            lat=lat,
            lng=lng,
            accuracy_m=number(request.one("accuracy")),
            altitude_m=number(request.one("altitude")),
            speed_mps=scaled(not_negative(request.one("speed")), KNOT_MPS),
            course_deg=not_negative(request.one("bearing", "heading")),
            battery_pct=not_negative(request.one("batt", "battery")),
            charging=flag(request.one("charge", "charging")),
            mock=flag(request.one("mock")),
            hdop=number(request.one("hdop")),
            event=request.one("event"),
            alarm=request.one("alarm"),
            cells=cells,
            wifi=wifi,
        ),
    )


def traccar_json(request: Request) -> tuple[Position, ...]:
    """
    Decode either JSON called Traccar's: coordinates nested under ``coords``, or flat.

    Raises:
        Refused: No device, place or time.
    """
    sent = request.json()
    location = sent.get("location")
    if not isinstance(location, dict):
        raise Refused("no_position")
    nested = isinstance(location.get("coords"), dict)
    where: dict[str, Any] = location["coords"] if nested else location
    device = text(sent.get("device_id"))
    lat, lng = number(where.get("latitude")), number(where.get("longitude"))
    at = instant(location.get("timestamp"))
    if device is None:
        raise Refused("no_device")
    if lat is None or lng is None:
        raise Refused("no_position")
    if at is None:
        raise Refused("no_time")
    battery = _object(location.get("battery") or sent.get("battery"))
    activity = _object(location.get("activity") or sent.get("activity"))
    charging = flag(battery.get("is_charging"))
    return (
        Position(
            device_id=device,
            at=at,
            lat=lat,
            lng=lng,
            accuracy_m=not_negative(where.get("accuracy")),
            altitude_m=number(where.get("altitude")),
            speed_mps=not_negative(where.get("speed")),
            course_deg=not_negative(where.get("heading")),
            battery_pct=percent(battery.get("level")),
            # The nested form's client says false also when it does not know.
            charging=True if charging else (None if nested else charging),
            moving=flag(location.get("is_moving")),
            mock=flag(location.get("mock")),
            event=text(location.get("event")),
            activity=text(activity.get("type")),
        ),
    )


def owntracks(request: Request) -> tuple[Position, ...]:
    """
    Decode an OwnTracks message; types that carry no place are refused as unsupported.

    On the recorder's own path ``/pub`` the tracker id names the device; elsewhere the MQTT
    topic does, where the message carries one.

    Raises:
        Refused: Another type, or no place or time.
    """
    sent = request.json()
    kind = sent.get("_type")
    if kind not in {"location", "transition"}:
        raise Refused("unsupported_type")
    tracker, topic = text(sent.get("tid")), text(sent.get("topic"))
    recorder = urlsplit(request.path).path.rstrip("/").endswith("/pub")
    device = first((tracker, topic) if recorder else (topic, tracker))
    lat, lng = number(sent.get("lat")), number(sent.get("lon"))
    at = instant(sent.get("tst"))
    if lat is None or lng is None:
        raise Refused("no_position")
    if at is None:
        raise Refused("no_time")
    common: dict[str, Any] = {
        "device_id": device or request.one("d") or "",
        "at": at,
        "lat": lat,
        "lng": lng,
        "accuracy_m": not_negative(sent.get("acc")),
        "kind": "transition" if kind == "transition" else "position",
    }
    if kind == "transition":
        region, event = text(sent.get("desc")), text(sent.get("event"))
        return (Position(**common, event=event, region=region),)
    status = OWNTRACKS_BATTERY.get(sent.get("bs", 0), "unknown")
    trigger = text(sent.get("t"))
    return (
        Position(
            **common,
            altitude_m=number(sent.get("alt")),
            speed_mps=scaled(not_negative(sent.get("vel")), KMH_MPS),
            course_deg=not_negative(sent.get("cog")),
            battery_pct=not_negative(sent.get("batt")),
            battery_status=status,
            charging={"charging": True, "full": True, "unplugged": False}.get(status),
            connection=OWNTRACKS_CONNECTION.get(str(sent.get("conn"))),
            event=trigger,
            trigger=OWNTRACKS_TRIGGERS.get(trigger or ""),
        ),
    )


def overland(request: Request) -> tuple[Position, ...]:
    """
    Decode a batch of Overland; GeoJSON order, longitude first.

    The answer must be ``{"result": "ok"}``, or the phone sends the batch again.

    Raises:
        Refused: No batch, or a feature in it without a place or time.
    """
    features = request.json().get("locations") if request.body else None
    if not isinstance(features, list):
        raise Refused("no_position")
    return tuple(_overland_point(_object(feature)) for feature in features)


def _overland_point(feature: Mapping[str, Any]) -> Position:
    told = _object(feature.get("properties"))
    place = _object(feature.get("geometry")).get("coordinates")
    if not isinstance(place, list) or len(place) < 2:
        raise Refused("no_position")
    at = instant(told.get("timestamp"))
    if at is None:
        raise Refused("no_time")
    status = text(told.get("battery_state"))
    motion = told.get("motion")
    return Position(
        device_id=text(told.get("device_id")) or "",
        at=at,
        lat=number(place[1]),
        lng=number(place[0]),
        accuracy_m=not_negative(told.get("horizontal_accuracy")),
        altitude_m=number(told.get("altitude")),
        speed_mps=not_negative(told.get("speed")),
        course_deg=not_negative(told.get("course")),
        battery_pct=percent(told.get("battery_level")),
        battery_status=status,
        charging={"charging": True, "full": True, "unplugged": False}.get(status or ""),
        activity=",".join(map(str, motion)) if isinstance(motion, list) else None,
    )


def gpslogger(request: Request) -> tuple[Position, ...]:
    """
    Decode GPSLogger's custom URL; it need not name a device, its token does.

    Raises:
        Refused: No place.
    """
    lat, lng = number(request.one("lat")), number(request.one("lon"))
    if lat is None or lng is None:
        raise Refused("no_position")
    return (
        Position(
            device_id=request.one("androidId", "aid", "serial", "ser") or "",
            at=instant(request.one("time", "timestamp", "epoch")),
            lat=lat,
            lng=lng,
            accuracy_m=number(request.one("acc")),
            altitude_m=number(request.one("alt")),
            speed_mps=not_negative(request.one("spd")),
            course_deg=not_negative(request.one("dir")),
            battery_pct=not_negative(request.one("battery", "batt")),
            charging=flag(request.one("charging", "ischarging")),
            mock=True if request.one("prov") == "MOCK" else None,
            satellites=number(request.one("sat")),
            hdop=number(request.one("hdop")),
            activity=request.one("activity", "act"),
        ),
    )


def webhook_form(request: Request) -> tuple[Position, ...]:
    """
    Decode the long-named form that GPSLogger posts to home servers; the device is required.

    Its speed comes without a unit that is written down; GPSLogger means metres per second.

    Raises:
        Refused: No device or no place.
    """
    lat, lng = number(request.one("latitude")), number(request.one("longitude"))
    device = request.one("device")
    if lat is None or lng is None:
        raise Refused("no_position")
    if device is None:
        raise Refused("no_device")
    return (
        Position(
            device_id=device,
            at=instant(request.one("timestamp", "time")),
            lat=lat,
            lng=lng,
            accuracy_m=number(request.one("accuracy")),
            altitude_m=number(request.one("altitude")),
            speed_mps=not_negative(request.one("speed")),
            course_deg=not_negative(request.one("direction")),
            battery_pct=not_negative(request.one("battery")),
            activity=request.one("activity"),
        ),
    )


def opengts(request: Request) -> tuple[Position, ...]:
    """
    Decode OpenGTS: an NMEA sentence in the query.

    Raises:
        Refused: No device, or a sentence that cannot be read or has no fix.
    """
    device = request.one("id", "dev")
    sentence = GPRMC.match(request.one("gprmc") or "")
    if device is None:
        raise Refused("no_device")
    if sentence is None or sentence["status"] == "V":
        raise Refused("no_position")
    return (
        Position(
            device_id=device,
            at=_nmea_time(sentence["date"], sentence["time"]),
            lat=_nmea_degrees(sentence["lat"], digits=2, negative=sentence["ns"] == "S"),
            lng=_nmea_degrees(sentence["lng"], digits=3, negative=sentence["ew"] == "W"),
            altitude_m=number(request.one("alt")),
            speed_mps=scaled(not_negative(sentence["knots"]), KNOT_MPS),
            course_deg=not_negative(sentence["course"]),
            # Zero is what a device without a battery sensor sends here.
            battery_pct=not_negative(request.one("batt")) or None,
        ),
    )


def _nmea_time(day: str, clock: str) -> datetime:
    try:
        read = datetime.strptime(day + clock[:4], "%d%m%y%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused("unreadable") from error
    return read + timedelta(seconds=int(clock[4:6]))


def _nmea_degrees(text_: str, *, digits: int, negative: bool) -> float:
    """Read ``ddmm.mmmm`` or ``dddmm.mmmm``: NMEA's degrees have a fixed number of digits."""
    degrees = float(text_[:digits]) + float(text_[digits:] or 0) / 60
    return -degrees if negative else degrees


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
