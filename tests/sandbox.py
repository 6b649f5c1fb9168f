"""The laptop's provider of payments, in this process: for whole paths from a page to the ledger."""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib import wiring
from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.payments.sandbox import Sandbox
from local.providers.courier import Courier
from local.providers.paying import Paying, sandbox
from local.providers.purchases import Payment
from local.providers.server import Providers

KEY = "sbx_tests_0123456789"


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_more):
        """Let the caller see where it would go."""


_opener = urllib.request.build_opener(_Straight())


@dataclass
class Served:
    """
    A sandbox behind a port of its own.

    Args:
        url: Its API and its pages: ``<url>/simulador/pagos/<checkout>``.
    """

    url: str
    paying: Paying
    courier: Courier
    key: str = KEY

    def provider(self) -> Sandbox:
        """The adapter, with an account that the sandbox knows."""
        return Sandbox(self.url, key=self.key)

    @property
    def environment(self) -> dict[str, str]:
        """What tells the product of it, for ``monkeypatch.setenv``."""
        return {"PAYMENT_SANDBOX": self.url}

    def connect(self, portfolio_id: str, *, now: datetime) -> None:
        """Give a portfolio an account here, in the cloud that the environment names."""
        wiring.payment_keys().put(portfolio_id, "sandbox", {"key": self.key})
        account = PaymentAccount(
            portfolio_id=portfolio_id,
            provider="sandbox",
            changed_at=now,
            changed_by="test",
            methods=("card", "cash", "transfer"),
            keys_version=1,
            tested_at=now,
        )
        assert wiring.payment_accounts().save(account)

    def fill_in(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form as a browser would; gives the status and where it leads."""
        request = urllib.request.Request(f"{self.url}{path}", urllib.parse.urlencode(form).encode())
        try:
            with _opener.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location") or error.read().decode()

    def look(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return answer.read().decode()

    def pay(self, checkout_id: str, number: str = "4242424242424242") -> tuple[int, str]:
        """Pay by card, as the debtor does; webhooks follow from the courier's thread."""
        page = f"/simulador/pagos/{checkout_id}/card"
        return self.fill_in(page, number=number, expiry="12/34", cvc="123")

    def payments(self, checkout_id: str) -> list[Payment]:
        return self.paying.till.payments_of(checkout_id)

    def everything(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.look("/simulador/pagos.json"))["checkouts"]
        return found


@contextmanager
def served(now: Callable[[], datetime], *, file: Path | None = None) -> Iterator[Served]:
    """
    Serve a sandbox for as long as the block lasts.

    Args:
        now: Its clock, which must be that of the product: webhooks that are too old are refused.
    """
    there: list[str] = []
    paying, courier = sandbox(file, site=lambda: there[0], now=now)
    server = Providers(0, None, None, paying)  # type: ignore[arg-type]  # no messages here
    there.append(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield Served(there[0], paying, courier)
    finally:
        server.shutdown()
        server.server_close()
