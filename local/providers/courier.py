"""The sandbox's webhooks: signed, sent, sent again until they are taken."""

import hashlib
import heapq
import hmac
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from chalicelib.payments.sandbox import signing_secret
from local.providers.purchases import Checkout, Payment

HEADER = "Sandbox-Signature"
# After each try that failed; then it is given up, and only the day's list tells of it.
AGAIN_AFTER_S = (1.0, 5.0, 20.0, 60.0, 300.0, 1800.0)
PATIENCE_S = 15

Post = Callable[[str, bytes, dict[str, str]], bool]


@dataclass(slots=True)
class Notice:
    """One webhook on its way."""

    url: str
    account: str
    body: bytes
    tries: int = 0


@dataclass(slots=True)
class Courier:
    """
    Args:
        post: Hands one over; says whether it was taken.
        again_after_s: How long to wait after each failure.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    post: Post = field(default_factory=lambda: by_http)
    again_after_s: tuple[float, ...] = AGAIN_AFTER_S
    given_up: list[Notice] = field(default_factory=list)
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _number: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, kind: str, payment: Payment, checkout: Checkout) -> None:
        """Send news of a payment, or as its card wants it: never, or badly."""
        if not checkout.webhook_url or payment.card_does == "not_told":
            return
        notice = Notice(checkout.webhook_url, payment.account, self._event(kind, payment, checkout))
        self.later(0, lambda: self._send(notice))
        if payment.card_does == "told_badly":
            # Twice more, and an older state after the newer one.
            old = replace(payment, status="pending", paid_at="", backs=())
            stale = self._event("payment.pending", old, checkout)
            late = Notice(checkout.webhook_url, payment.account, stale)
            self.later(0, lambda: self._send(notice))
            self.later(0, lambda: self._send(late))
            self.later(0, lambda: self._send(notice))

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Run something in so many seconds, in the courier's thread."""
        with self._changed:
            self._number += 1
            heapq.heappush(self._due, (time.monotonic() + seconds, self._number, do))
            self._changed.notify()

    def work(self) -> None:
        """Do what is due, in order. Never returns."""
        while True:
            with self._changed:
                while (wait := self._wait()) != 0:
                    self._changed.wait(wait)
                _, _, do = heapq.heappop(self._due)
            do()

    def _wait(self) -> float | None:
        """How long until something is due; None = nothing is planned."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def _send(self, notice: Notice) -> None:
        stamp = int(self.now().timestamp())
        signed = f"{stamp}.".encode() + notice.body
        secret = signing_secret(notice.account).encode()
        signature = hmac.new(secret, signed, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", HEADER: f"t={stamp},v1={signature}"}
        if self.post(notice.url, notice.body, headers):
            return
        if notice.tries >= len(self.again_after_s):
            self.given_up.append(notice)
            return
        pause = self.again_after_s[notice.tries]
        notice.tries += 1
        self.later(pause, lambda: self._send(notice))

    def _event(self, kind: str, payment: Payment, checkout: Checkout) -> bytes:
        event = {
            "id": f"sbe_{secrets.token_hex(12)}",
            "type": kind,
            "created": self.now().isoformat(),
            "checkout_status": checkout.status,
            "payment": shown(payment),
        }
        return json.dumps(event, ensure_ascii=False).encode()


def shown(payment: Payment) -> dict[str, Any]:
    """A payment as the API and the webhooks show it."""
    plain = asdict(payment)
    return {name: plain[name] for name in plain if name not in ("account", "card_does")}


def by_http(url: str, body: bytes, headers: dict[str, str]) -> bool:
    """Hand a webhook over; any answer that begins with 2 takes it."""
    try:
        request = urllib.request.Request(url, body, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_S):
            return True
    except (OSError, HTTPException, ValueError):
        return False
