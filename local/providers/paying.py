"""
The sandbox over HTTP: an API for the merchant, a pay page for the payer, a board for whoever tries.

=====================================  =====================================================
``POST /v1/checkouts``                 open one (``Idempotency-Key``); answers with its page
``GET /v1/checkouts/{id}``             how it stands, with its payments
``POST /v1/checkouts/{id}/expire``     let nobody pay it any more
``GET /v1/payments/{id}``              one payment
``GET /v1/payments?day=yyyy-mm-dd``    a day's, UTC
``POST /v1/payments/{id}/refunds``     give back all or ``amount_minor`` (``Idempotency-Key``)
``GET /v1/account``                    whether the key is one
``/simulador/pagos/{checkout}``        the pay page: card, a step at the bank, vouchers
``/simulador/pagos/``                  all of them: pay a voucher, refund, charge back, tell again
=====================================  =====================================================

The API wants ``Authorization: Bearer sbx_...``; any key that begins so is an account of its own.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.bank_references import luhn_digit
from chalicelib.messages.formats import amounts, locale_of
from local.providers import till as tills
from local.providers.courier import Courier, shown
from local.providers.purchases import Checkout, Payment
from local.providers.till import CARDS, CODE_3DS, Refused, Till

PAGES = Path(__file__).parent / "pages" / "pay"
LANGUAGES = ("es", "en", "pt")
BASE = "/simulador/pagos"
SHORTEST_CARD, LONGEST_CARD = 12, 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: the path without its query, the body as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(self.body.decode(errors="replace")).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes = b""
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class Paying:
    """
    Args:
        site: Where people reach the pay page: the front door, or this server itself.
    """

    def __init__(self, till: Till, *, site: Callable[[], str]) -> None:
        self.till, self._site = till, site

    def answer(self, asked: Asked) -> Reply | None:
        """Answer what is the sandbox's; None = it is somebody else's."""
        path = asked.path.rstrip("/")
        parts = path.split("/")[1:]
        try:
            if parts[:1] == ["v1"] and parts[1:2] in (["checkouts"], ["payments"], ["account"]):
                return self._api(asked, parts[1:])
            if parts[:2] == ["simulador", "pagos.json"]:
                return _json(self._everything())
            if path == BASE or path.startswith(f"{BASE}/"):
                return self._page(asked, parts[2:])
        except Refused as refused:
            return _json({"error": refused.code}, refused.status)
        return None

    # The merchant's side

    def _api(self, asked: Asked, parts: list[str]) -> Reply:  # noqa: PLR0911 - a list of calls
        bearer = asked.headers.get("Authorization", "")
        account = tills.account_of(bearer.removeprefix("Bearer "))
        key = asked.headers.get("Idempotency-Key", "")
        sent = json.loads(asked.body or b"{}") if asked.method == "POST" else {}
        till = self.till
        match asked.method, parts:
            case "GET", ["account"]:
                return _json({"id": account})
            case "POST", ["checkouts"]:
                return _json(self._shown(till.start(account, sent, key)), 201)
            case "GET", ["checkouts", checkout_id]:
                return _json(self._shown(till.checkout(checkout_id, account)))
            case "POST", ["checkouts", checkout_id, "expire"]:
                return _json(self._shown(till.close(checkout_id, account)))
            case "GET", ["payments"]:
                day = _day(asked.query.get("day", ""))
                return _json({"payments": [shown(p) for p in till.payments_on(account, day)]})
            case "GET", ["payments", payment_id]:
                return _json(shown(till.payment(payment_id, account)))
            case "POST", ["payments", payment_id, "refunds"]:
                amount = sent.get("amount_minor")
                return _json(shown(till.refund(payment_id, amount, account=account, key=key)), 201)
        raise Refused("no_such_call", 404)

    def _shown(self, checkout: Checkout) -> dict[str, Any]:
        plain = {k: v for k, v in asdict(checkout).items() if k != "account"}
        made = [shown(payment) for payment in self.till.payments_of(checkout.id)]
        return plain | {"url": f"{self._site()}{BASE}/{checkout.id}", "payments": made}

    # The payer's side

    def _page(self, asked: Asked, parts: list[str]) -> Reply:  # noqa: PLR0911 - as above
        match asked.method, parts:
            case "GET", []:
                return self._board(asked)
            case "POST", [payment_id, "do"]:
                return self._do(payment_id, asked)
            case "GET", [checkout_id]:
                return self._open(self.till.checkout(checkout_id), asked)
            case "POST", [checkout_id, "card"]:
                return self._card(checkout_id, asked)
            case "POST", [checkout_id, "voucher"]:
                made = self.till.print_voucher(checkout_id, asked.form.get("method", ""))
                return _see(self._after(made))
            case "GET", [checkout_id, "voucher", payment_id]:
                return self._of_payment("voucher", checkout_id, payment_id, asked)
            case "GET", [checkout_id, "code", payment_id]:
                return self._of_payment("code", checkout_id, payment_id, asked)
            case "POST", [_, "code", payment_id]:
                code = asked.form.get("code", "")
                return _see(self._after(self.till.answer_code(payment_id, code)))
        raise Refused("no_such_page", 404)

    def _open(self, checkout: Checkout, asked: Asked) -> Reply:
        if checkout.status != "open":
            return self._render("over", checkout, asked)
        cards = [(_spaced(number), does) for number, does in CARDS.items()]
        here = f"{BASE}/{checkout.id}"
        error = asked.query.get("error", "")
        return self._render("pay", checkout, asked, cards=cards, here=here, error=error)

    def _card(self, checkout_id: str, asked: Asked) -> Reply:
        number = "".join(c for c in asked.form.get("number", "") if c.isdigit())
        good = (
            SHORTEST_CARD <= len(number) <= LONGEST_CARD and luhn_digit(number[:-1]) == number[-1]
        )
        if not good:
            return _see(f"{BASE}/{checkout_id}?error=bad_number")
        return _see(self._after(self.till.pay_by_card(checkout_id, number)))

    def _after(self, payment: Payment) -> str:
        """Where the payer goes on."""
        checkout = self.till.checkout(payment.checkout)
        if payment.status == "asks_code":
            return f"{BASE}/{checkout.id}/code/{payment.id}"
        if payment.status == "failed":
            return f"{BASE}/{checkout.id}?error={payment.failure}"
        if payment.status == "pending" and payment.voucher:
            return f"{BASE}/{checkout.id}/voucher/{payment.id}"
        return checkout.success_url

    def _of_payment(self, page: str, checkout_id: str, payment_id: str, asked: Asked) -> Reply:
        payment = self.till.payment(payment_id)
        checkout = self.till.checkout(checkout_id)
        return self._render(page, checkout, asked, payment=payment, code=CODE_3DS)

    # Whoever tries it out

    def _board(self, asked: Asked) -> Reply:
        rows = self.till.everything()
        written = {c.id: _amount(c.amount_minor, c.currency, "es") for c, _ in rows}
        return self._render("board", None, asked, rows=rows, amounts=written, doings=doings)

    def _do(self, payment_id: str, asked: Asked) -> Reply:
        till = self.till
        done: dict[str, Callable[[], Payment]] = {
            "settle": lambda: till.settle(payment_id),
            "expire": lambda: till.let_expire(payment_id),
            "refund": lambda: till.refund(payment_id, _whole(asked.form.get("amount_minor"))),
            "charge_back": lambda: till.charge_back(payment_id),
            "win": lambda: till.win(payment_id),
            "tell": lambda: till.tell_again(payment_id),
        }
        what = asked.form.get("do", "")
        if what not in done:
            raise Refused("no_such_thing_to_do", 404)
        payment = done[what]()
        wants_json = "json" in asked.headers.get("Accept", "")
        return _json(shown(payment)) if wants_json else _see(f"{BASE}/")

    def _everything(self) -> dict[str, Any]:
        return {"checkouts": [self._shown(checkout) for checkout, _ in self.till.everything()]}

    def _render(self, page: str, checkout: Checkout | None, asked: Asked, **facts: Any) -> Reply:
        wanted = asked.query.get("lang") or (checkout.language if checkout else "es")
        language = wanted if wanted in LANGUAGES else "es"
        if checkout is not None:
            facts["amount"] = _amount(checkout.amount_minor, checkout.currency, language)
        body = (
            _templates()
            .get_template(f"{page}.html.jinja")
            .render(checkout=checkout, language=language, t=_texts(language), **facts)
        )
        headers = {"Content-Security-Policy": _policy(checkout)}
        return Reply(body=body.encode(), headers=headers)


def doings(payment: Payment) -> list[str]:
    """What may be done with a payment from the board."""
    if payment.status == "pending":
        return ["settle", "expire", "tell"]
    if payment.status != "succeeded":
        return []
    back = ["refund", "charge_back"] if payment.left_minor else []
    open_ = any(b.kind == "chargeback" and not b.returned for b in payment.backs)
    return [*back, *(["win"] if open_ else []), "tell"]


def sandbox(
    file: Path | None, *, site: Callable[[], str], now: Callable[[], datetime] | None = None
) -> tuple[Paying, Courier]:
    """Make the sandbox; its courier works in a thread of its own from now on."""
    clock = now or (lambda: datetime.now(UTC))
    courier = Courier(now=clock)
    till = Till(file, tell=courier.tell, now=clock, later=courier.later)
    threading.Thread(target=courier.work, daemon=True).start()
    return Paying(till, site=site), courier


def _policy(checkout: Checkout | None) -> str:
    # Browsers hold the redirect after a form to form-action, too: the payer goes back there.
    back = ""
    if checkout is not None:
        url = urlsplit(checkout.success_url)
        back = f" {url.scheme}://{url.netloc}"
    return (
        f"default-src 'none'; style-src 'self'; form-action 'self'{back}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _json(body: dict[str, Any], status: int = 200) -> Reply:
    raw = json.dumps(body, ensure_ascii=False).encode()
    return Reply(status=status, body=raw, kind="application/json")


def _see(url: str) -> Reply:
    return Reply(status=303, headers={"Location": url})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_day") from None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _spaced(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _amount(minor: int, currency: str, language: str) -> str:
    # As it is written where the currency is from: MXN in Mexico, COP in Colombia.
    written = amounts(currency, locale_of(language, currency[:2]))(minor)
    return written if currency in written else f"{written} {currency}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _texts(language: str) -> dict[str, str]:
    read: dict[str, str] = json.loads((PAGES / f"{language}.json").read_text(encoding="utf-8"))
    return read
