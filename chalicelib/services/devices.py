"""The phones that may sign visits: registered by who uses them, revoked by who answers for them."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.device import Device
from chalicelib.domain.errors import BadField, DeviceNotFound, DeviceTaken, SignatureInvalid
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.domain.plain import to_plain
from chalicelib.services.access import MANAGERS, STAFF, need
from chalicelib.services.sessions import person_of
from chalicelib.visits import signature as signing


class Devices(Protocol):
    def get(self, device_id: str, person_id: str) -> Device | None: ...
    def add(self, device: Device) -> bool:
        """Keep a new one; False, with nothing changed, when it is there."""
        ...

    def save(self, device: Device) -> None: ...
    def of(self, device_id: str) -> list[Device]:
        """Give a phone as each of its people registered it."""
        ...

    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Device], str | None]: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def touch(self, person_id: str, *, signed_out_at: datetime | None = None) -> None: ...


class Credentials(Protocol):
    def end(self, person_id: str) -> None: ...


def register(
    device_id: str,
    *,
    name: str,
    platform: str,
    x: str,
    y: str,
    actor: Actor,
    devices: Devices,
    now: datetime,
) -> tuple[Device, bool]:
    """
    Register the phone somebody holds, by the public half of its key. Safe to repeat.

    Returns:
        The device, and whether this made it.

    Raises:
        BadField: The key is none of P-256.
        DeviceTaken: It is registered with another key, or was revoked: make another id.
    """
    need(actor, *STAFF)
    if not signing.is_key(x, y):
        raise BadField(field="public_key", reason="not_a_key")
    device = Device(
        device_id=device_id,
        person_id=person_of(actor),
        name=name,
        platform=platform,
        x=x,
        y=y,
        created_at=now,
    )
    if devices.add(device):
        return device, True
    known = devices.get(device_id, device.person_id)
    if known is None or (known.x, known.y) != (x, y):
        raise DeviceTaken(device_id=device_id, reason="other_key")
    if known.revoked_at is not None:
        raise DeviceTaken(device_id=device_id, reason="revoked")
    return known, False


def signer(header: str, body: bytes, *, actor: Actor, devices: Devices) -> Device:
    """
    Verify who signed a request: a device of the person who sends it.

    Args:
        header: ``<device id>.<base64url of r and s>``.

    Raises:
        SignatureInvalid: It is not that, or the device is unknown or revoked.
    """
    device_id, _, signature = header.partition(".")
    device = devices.get(device_id, person_of(actor)) if device_id and signature else None
    if device is None or device.revoked_at is not None:
        raise SignatureInvalid
    if not signing.is_signed(body, signature, x=device.x, y=device.y):
        raise SignatureInvalid
    return device


def listed(
    *, actor: Actor, devices: Devices, people: People, limit: int, cursor: str | None
) -> dict[str, Any]:
    """List the phones of the people that the actor answers for."""
    need(actor, *MANAGERS)
    found, following = devices.page(limit=limit, cursor=cursor)
    known = {one.person_id: people.get(one.person_id) for one in found}
    return {
        "items": [
            _shown(one, person)
            for one in found
            for person in [known[one.person_id]]
            if person is not None and answers_for(actor, person)
        ],
        "cursor": following,
    }


def revoke(
    device_id: str,
    *,
    actor: Actor,
    devices: Devices,
    people: People,
    credentials: Credentials,
    now: datetime,
) -> None:
    """
    Take a lost phone out of use: it signs no more visits. Safe to repeat.

    Whoever has it is signed out and identifies nobody any more; its owner signs in elsewhere.

    Raises:
        DeviceNotFound: None of the actor's people.
    """
    need(actor, *MANAGERS)
    mine = []
    for one in devices.of(device_id):
        person = people.get(one.person_id)
        if person is not None and answers_for(actor, person):
            mine.append(one)
    if not mine:
        raise DeviceNotFound(device_id=device_id)
    for one in mine:
        if one.revoked_at is None:
            devices.save(replace(one, revoked_at=now, revoked_by=actor.actor_id))
        people.touch(one.person_id, signed_out_at=now)
        credentials.end(one.person_id)


def answers_for(actor: Actor, person: Person) -> bool:
    """Say whether somebody is of the people that *actor* sees work: they share a portfolio."""
    if actor.role is Role.ADMIN or actor.person_id == person.person_id:
        return True
    return any(actor.sees(portfolio_id) for portfolio_id in person.portfolios)


def _shown(device: Device, person: Person) -> dict[str, Any]:
    return {
        "device_id": device.device_id,
        "person": {"id": person.person_id, "name": person.name},
        "name": device.name,
        "platform": device.platform,
        "created_at": to_plain(device.created_at),
        "revoked_at": to_plain(device.revoked_at),
    }
