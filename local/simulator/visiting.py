"""What an invented agent reports of a visit, signed as his telephone would."""

import base64
import json
from dataclasses import dataclass
from random import Random
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

# Who opens, and what comes of it; nothing that moves money.
OUTCOMES = (
    ({"who": "neighbour", "name": ""}, "message_left", "Vuelve el lunes."),
    ({"who": "family", "name": ""}, "message_left", ""),
    ({"who": "holder", "name": ""}, "undecided", "Cobra el viernes."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    A debtor's door.

    Args:
        key: What the walk knows it by.
    """

    key: str
    case_id: str
    address_id: str
    lat: float
    lng: float


class Device:
    """A telephone's key, made anew for each simulation."""

    def __init__(self, device_id: str) -> None:
        self.device_id = device_id
        self._key = ec.generate_private_key(ec.SECP256R1())

    def registration(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        x, y = (_text(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {
            "device_id": self.device_id,
            "name": "Simulador",
            "platform": "Simulador",
            "public_key": {"kty": "EC", "crv": "P-256", "x": x, "y": y},
        }

    def signed(self, body: dict[str, Any]) -> tuple[bytes, str]:
        """The bytes to send, and the signature that goes with them."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        r, s = decode_dss_signature(self._key.sign(raw, ec.ECDSA(hashes.SHA256())))
        return raw, f"{self.device_id}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def report(
    call: Call,
    points: list[dict[str, Any]],
    *,
    visit_id: str,
    device_id: str,
    chance: Random,
    mock: bool | None = None,
) -> dict[str, Any]:
    """
    The body of ``POST /field/visits``.

    Args:
        points: Of the stay, as they were sent, oldest first.
        mock: What the telephone's system says of its positions; browsers say nothing.
    """
    met, disposition, note = chance.choice(OUTCOMES)
    some = [points[0], *points[1:-1][:10], points[-1]]
    fixes = [
        {name: one[name] for name in ("at", "lat", "lng", "accuracy_m")} | {"mock": mock}
        for one in some
    ]
    return {
        "visit_id": visit_id,
        "assignment_id": None,
        "case_id": call.case_id,
        "address_id": call.address_id,
        "device_id": device_id,
        "app_version": "simulator",
        "started_at": points[0]["at"],
        "finished_at": points[-1]["at"],
        "clock_offset_ms": 0,
        "tracked": True,
        "fixes": fixes,
        "stay_s": 10.0 * len(points),
        "verdict": {"verdict": "unsure", "distance_m": None, "radius_m": 0.0, "reasons": []},
        "kind": "visit",
        "exception": None,
        "met": met,
        "disposition": disposition,
        "form": None,
        "promise": None,
        "payment_report": None,
        "dispute": None,
        "contacts": [],
        "address": None,
        "notice_photo_id": None,
        "note": note,
        "photos": [],
    }


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
