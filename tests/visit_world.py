"""A phone that reports visits to a door in Mexico City, and what is around it in memory."""

import base64
import json
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.visit import Report, Visit
from chalicelib.services import suppression, visits
from chalicelib.visits.trust import Ping
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of, reopened
from tests.fakes import MemoryCases

DOOR = (19.4326, -99.1332)
METRE = 1 / 111_195  # of latitude, in degrees
ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=("prt_test",))
STARTED = NOW - timedelta(minutes=10)
PROMISE = {"promise_id": "pro_phone_1", "amount_minor": 50_000, "due_on": "2026-11-30"}
PHOTO = {
    "photo_id": "pho_1",
    "kind": "door",
    "sha256": "a" * 64,
    "bytes": 3,
    "width": 1600,
    "height": 1200,
    "taken_at": to_plain(STARTED),
    "lat": DOOR[0],
    "lng": DOOR[1],
    "accuracy_m": 8.0,
}


def a_report(
    *, metres: float = 5.0, accuracy_m: float = 8.0, now: datetime = NOW, **values: Any
) -> dict[str, Any]:
    """
    The body of a visit to the door: ten minutes until *now*, nobody opened.

    Args:
        metres: How far north of the door the phone was.
    """
    started = now - timedelta(minutes=10)
    fix = {"lat": round(DOOR[0] + metres * METRE, 7), "lng": DOOR[1], "accuracy_m": accuracy_m}
    base: dict[str, Any] = {
        "visit_id": "vis_0000000001",
        "assignment_id": None,
        "case_id": "cas_1",
        "address_id": "adr_1",
        "device_id": "dev_0000000001",
        "app_version": "1.0.0",
        "started_at": to_plain(started),
        "finished_at": to_plain(now),
        "clock_offset_ms": 0,
        "tracked": False,
        "fixes": [
            fix | {"at": to_plain(started), "mock": None},
            fix | {"at": to_plain(now - timedelta(minutes=1)), "mock": None},
        ],
        "stay_s": 600.0,
        "verdict": {"verdict": "verified", "distance_m": 5.0, "radius_m": 100.0, "reasons": []},
        "kind": "visit",
        "exception": None,
        "met": {"who": "nobody", "name": ""},
        "disposition": "message_left",
        "form": None,
        "promise": None,
        "payment_report": None,
        "dispute": None,
        "contacts": [],
        "address": None,
        "notice_photo_id": None,
        "note": "",
        "photos": [],
    }
    return base | values


def a_door(**values: Any) -> Address:
    base: dict[str, Any] = {
        "address_id": "",
        "lines": "Calle Falsa 123",
        "city": "Ciudad de México",
        "country": "MX",
        "lat": DOOR[0],
        "lng": DOOR[1],
        "quality": PointQuality.ROOFTOP,
    }
    return Address(**base | values)


class Phone:
    """A phone's key: it signs as WebCrypto does."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        x, y = (_text(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def signed(self, body: dict[str, Any]) -> tuple[bytes, str]:
        """The bytes of a body, and the header that goes with them."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        return raw, self._signature(raw, body["device_id"])

    def signed_text(self, words: str, device_id: str) -> str:
        """What goes behind *words* on a receipt's QR."""
        return self._signature(words.encode(), device_id)

    def _signature(self, raw: bytes, device_id: str) -> str:
        r, s = decode_dss_signature(self._key.sign(raw, ec.ECDSA(hashes.SHA256())))
        return f"{device_id}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Trail(list[Ping]):
    """Where the agent's phone was."""

    def around(self, person_id: str, since: Any, until: Any) -> list[Ping]:
        return [ping for ping in self if person_id == "ana" and since <= ping.at <= until]


class Street:
    """One case at one door, and an agent before it."""

    def __init__(self, *, debt: bool = True, door: Address | None = None) -> None:
        self.portfolio = a_portfolio()
        self.cases = MemoryCases()
        draft = a_draft(*([a_debt()] if debt else []), portfolio=self.portfolio)
        draft.put_address(door or a_door())
        change = change_of(draft)
        self.cases.commit(change)
        self.case_id = change.after.case_id
        self.address_id = change.addresses[0].address_id
        self.trail: Trail | None = None
        self.forms: Any = None
        self.now = NOW
        self.suppressed: Any = suppression.nowhere
        self.proved: set[tuple[str, str, str]] = set()

    @property
    def file(self) -> Any:
        return self.cases.open(self.case_id)

    @property
    def today(self) -> date:
        return date(2026, 11, 22)

    def do(self, step: Any) -> None:
        draft = reopened(self.file, self.portfolio)
        step(draft)
        self.cases.commit(change_of(draft))

    def get(self, portfolio_id: str) -> Any:
        return self.portfolio if portfolio_id == "prt_test" else None

    def report(self, actor: Actor = ANA, digest: str = "", **values: Any) -> tuple[Any, bool]:
        """Report a visit; what is not named is as in ``a_report``."""
        body = a_report(**{"case_id": self.case_id, "address_id": self.address_id} | values)
        visit_id = body.pop("visit_id")
        return visits.receive(
            visit_id,
            from_plain(Report, body),
            digest=digest or json.dumps(body, sort_keys=True),
            signature="dev_0000000001.x",
            actor=actor,
            cases=self.cases,
            portfolios=self,
            forms=self.forms,
            trails=self.trail,
            cash=self.cases.cash,
            proved=lambda case_id, cash: (case_id, cash.number, cash.code_id) in self.proved,
            read_phone=lambda text, _: f"+52{text}" if text.isdecimal() else None,
            suppressed=self.suppressed,
            now=self.now,
        )

    def visit(self, **values: Any) -> Any:
        return self.report(**values)[0]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def clashes(visit: Visit) -> list[str]:
    """What does not fit together in a visit, by code."""
    return [one.code for one in visit.findings.clashes]


__all__ = ["ANA", "DOOR", "METRE", "PHOTO", "Phone", "Street", "Trail", "a_door", "a_report"]
