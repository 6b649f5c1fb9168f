"""Tracking apps of other makers."""

from typing import Annotated, Any

from pydantic import Field, RootModel

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Id, Instant


class NewTracker(Body):
    """``name`` is for people, such as the phone's; ``sees_team`` shows team mates in OwnTracks."""

    person_id: Id
    name: Annotated[str, Field(min_length=1, max_length=80)]
    sees_team: bool = False


class Tracker(Answer):
    tracker_id: str
    person_id: str
    person_name: str
    name: str
    sees_team: bool
    created_at: Instant
    last_seen_at: Instant | None


class TrackerPage(Answer):
    items: list[Tracker]


class TrackerApp(Answer):
    """``link`` sets the app up; ``qr_svg`` is the same as a QR code."""

    app: str
    link: str
    qr_svg: str


class IssuedTracker(Tracker):
    """``urls``: where an app of each kind sends to, with the token as password or device name."""

    token: str
    urls: dict[str, str]
    apps: list[TrackerApp]


class TrackerAnswer(RootModel[list[dict[str, Any]] | dict[str, Any]]):
    """What the app expects: OwnTracks a list of messages, the others what was taken."""
