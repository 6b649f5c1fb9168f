"""
The sandbox's till: checkouts, what is paid on them and what becomes of it.

It takes cards that do not exist and moves no money. What a card does is said by its number, so
that every way a payment may go can be tried: see ``CARDS``.
"""

import contextlib
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.bank_references import cash_reference, clabe
from chalicelib.payments.sandbox import account_id
from local.providers.purchases import Back, Books, Checkout, Payment

CODE_3DS = "1234"
SETTLES_AFTER_S = 20.0
VOUCHER_DAYS = 3
# What each card does; all others that pass the check digit are declined as unknown.
CARDS = {
    "4242424242424242": "succeeds",
    "4000000000000002": "declined",
    "4000000000009995": "insufficient_funds",
    "4000002500003155": "asks_code",
    "4000000000000077": "delayed",
    "4000000000002222": "pays_twice",
    "4000000000007726": "refunded",
    "4000000000000259": "charged_back",
    "4000000000000101": "not_told",
    "4000000000000119": "told_badly",
}
METHODS = ("card", "cash", "transfer")


class Refused(Exception):
    """What the API refuses: a code and the HTTP status."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


Tell = Callable[[str, Payment, Checkout], None]


class Till:
    """
    Args:
        file: Where changes are written down, so that a restart remembers; None = nowhere.
        tell: Called with what happened, whenever the merchant is to hear of it.
        later: Runs something in so many seconds.
    """

    def __init__(
        self,
        file: Path | None,
        *,
        tell: Tell,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        later: Callable[[float, Callable[[], None]], None] = lambda _s, _do: None,
    ) -> None:
        self._tell, self._now, self._later = tell, now, later
        self._lock = threading.RLock()
        self._books = Books(file)

    # The merchant's side

    def start(self, account: str, wanted: Mapping[str, Any], key: str) -> Checkout:
        """
        Open a checkout; the same *key* gives the same one again.

        Raises:
            Refused: Something is missing or makes no sense, or the key was used for another.
        """
        with self._lock:
            name = f"{account}:{key}"
            if key and name in self._books.keys:
                there = self._books.checkouts[self._books.keys[name]]
                if (there.amount_minor, there.reference) != (
                    wanted.get("amount_minor"),
                    wanted.get("reference"),
                ):
                    raise Refused("idempotency_key_reused", 409)
                return there
            made = self._checkout(account, wanted)
            self._books.keep(made)
            if key:
                self._books.keep_key(name, made.id)
            return made

    def checkout(self, checkout_id: str, account: str | None = None) -> Checkout:
        """
        Give a checkout, *account*'s if one is named; it expires by the clock.

        Raises:
            Refused: No such checkout.
        """
        with self._lock:
            found = self._books.checkouts.get(checkout_id)
            if found is None or account not in (None, found.account):
                raise Refused("no_such_checkout", 404)
            if found.status == "open" and self._now() >= datetime.fromisoformat(found.expires_at):
                found = self._books.keep(replace(found, status="expired"))
            return found

    def close(self, checkout_id: str, account: str) -> Checkout:
        """Let nobody pay it any more; what is paid stays paid."""
        with self._lock:
            found = self.checkout(checkout_id, account)
            if found.status != "open":
                return found
            return self._books.keep(replace(found, status="expired"))

    def payment(self, payment_id: str, account: str | None = None) -> Payment:
        with self._lock:
            found = self._books.payments.get(payment_id)
            if found is None or account not in (None, found.account):
                raise Refused("no_such_payment", 404)
            return found

    def payments_of(self, checkout_id: str) -> list[Payment]:
        with self._lock:
            return [p for p in self._books.payments.values() if p.checkout == checkout_id]

    def payments_on(self, account: str, day: date) -> list[Payment]:
        """Everything of *account* that was paid or changed on a day, UTC."""
        with self._lock:
            wanted = day.isoformat()
            return [
                p
                for p in self._books.payments.values()
                if p.account == account and wanted in (p.paid_at[:10], p.changed_at[:10])
            ]

    def everything(self) -> list[tuple[Checkout, list[Payment]]]:
        """All checkouts with what was paid on them, newest first."""
        with self._lock:
            found = sorted(self._books.checkouts.values(), key=lambda c: c.created_at, reverse=True)
            return [(c, self.payments_of(c.id)) for c in found]

    def refund(
        self,
        payment_id: str,
        amount_minor: int | None,
        *,
        account: str | None = None,
        key: str = "",
    ) -> Payment:
        """
        Give money back; None = all that is left. The same *key* gives it back once.

        Raises:
            Refused: Nothing is left to give back, or less than is asked for.
        """
        with self._lock:
            paid = self.payment(payment_id, account)
            back_id = f"sbr_{_hashed(f'{payment_id}:{key}')}" if key else _id("sbr")
            if any(back.id == back_id for back in paid.backs):
                return paid
            asked = paid.left_minor if amount_minor is None else amount_minor
            if paid.status != "succeeded" or not 0 < asked <= paid.left_minor:
                raise Refused("not_refundable", 409)
            return self._give_back(paid, back_id, "refund", asked)

    def charge_back(self, payment_id: str) -> Payment:
        """
        Let the cardholder's bank take back what is left.

        Raises:
            Refused: Nothing is left.
        """
        with self._lock:
            paid = self.payment(payment_id)
            if paid.status != "succeeded" or not paid.left_minor:
                raise Refused("not_paid", 409)
            return self._give_back(paid, _id("sbd"), "chargeback", paid.left_minor)

    def win(self, payment_id: str) -> Payment:
        """Let the merchant win what was charged back."""
        with self._lock:
            paid = self.payment(payment_id)
            backs = tuple(
                replace(back, returned=True) if back.kind == "chargeback" else back
                for back in paid.backs
            )
            if backs == paid.backs:
                raise Refused("nothing_to_win", 409)
            return self._change(paid, "payment.chargeback_won", backs=backs)

    # The payer's side

    def pay_by_card(self, checkout_id: str, number: str) -> Payment:
        """
        Take a card.

        Returns:
            The payment: failed, asking for a code, pending or paid. One that is complete is not
            paid again: its payment comes back.
        """
        with self._lock:
            checkout, paid = self._payable(checkout_id)
            if paid is not None:
                return paid
            does = CARDS.get(number, "declined")
            made = self._payment(checkout, "card", card_last4=number[-4:], card_does=does)
            if does in ("declined", "insufficient_funds"):
                return self._change(made, "payment.failed", status="failed", failure=does)
            if does == "asks_code":
                return self._books.keep_payment(replace(made, status="asks_code"))
            if does == "delayed":
                self._complete(checkout)
                self._books.keep_payment(made)
                self._say("payment.pending", made)
                self._later(SETTLES_AFTER_S, lambda: _quietly(self.settle, made.id))
                return made
            first = self._succeed(made)
            if does == "pays_twice":
                self._succeed(self._payment(checkout, "card", card_last4=number[-4:]))
            if does == "refunded":
                self._later(
                    SETTLES_AFTER_S, lambda: _quietly(lambda of: self.refund(of, None), first.id)
                )
            if does == "charged_back":
                self._later(SETTLES_AFTER_S, lambda: _quietly(self.charge_back, first.id))
            return first

    def answer_code(self, payment_id: str, code: str) -> Payment:
        """Go on after the bank asked for a code; a second answer changes nothing."""
        with self._lock:
            asked = self.payment(payment_id)
            if asked.status != "asks_code":
                return asked
            _, paid = self._payable(asked.checkout)
            if paid is not None:
                return paid
            if code.strip() != CODE_3DS:
                return self._change(
                    asked, "payment.failed", status="failed", failure="authentication"
                )
            return self._succeed(asked)

    def print_voucher(self, checkout_id: str, method: str) -> Payment:
        """Give a voucher to pay at a counter or by transfer; the same one if there is one."""
        with self._lock:
            checkout, paid = self._payable(checkout_id)
            if paid is not None:
                return paid
            if method not in checkout.methods or method == "card":
                raise Refused("method_not_offered")
            for there in self.payments_of(checkout_id):
                if there.method == method and there.status == "pending":
                    return there
            if method == "transfer":
                digits = clabe("646180999", secrets.randbelow(10**8))
            else:
                digits = cash_reference("9300", secrets.randbelow(10**9))
            until = self._now() + timedelta(days=VOUCHER_DAYS)
            made = self._books.keep_payment(
                self._payment(checkout, method, voucher=digits, voucher_until=until.isoformat())
            )
            self._say("payment.pending", made)
            return made

    def settle(self, payment_id: str) -> Payment:
        """
        Let what was pending be paid: the delayed card's bank, the shop's counter, the transfer.

        A voucher is paid even when its checkout was paid otherwise: shops do not know.
        """
        with self._lock:
            waiting = self.payment(payment_id)
            return self._succeed(waiting) if waiting.status == "pending" else waiting

    def let_expire(self, payment_id: str) -> Payment:
        """Let a pending payment come to nothing."""
        with self._lock:
            waiting = self.payment(payment_id)
            if waiting.status != "pending":
                raise Refused("not_pending", 409)
            return self._change(waiting, "payment.failed", status="failed", failure="expired")

    def tell_again(self, payment_id: str) -> Payment:
        """Send the news of a payment once more, as providers do for no reason."""
        with self._lock:
            payment = self.payment(payment_id)
            self._say(f"payment.{payment.status}", payment)
            return payment

    # Private

    def _checkout(self, account: str, wanted: Mapping[str, Any]) -> Checkout:
        amount, currency = wanted.get("amount_minor"), wanted.get("currency")
        methods = tuple(wanted.get("methods") or METHODS)
        urls = {name: str(wanted.get(name) or "") for name in ("success_url", "cancel_url")}
        webhook_url = str(wanted.get("webhook_url") or "")
        if not isinstance(amount, int) or amount <= 0:
            raise Refused("bad_amount")
        if not isinstance(currency, str) or len(currency) != 3 or not set(methods) <= set(METHODS):
            raise Refused("bad_currency_or_methods")
        if not all(url.startswith(("http://", "https://")) for url in urls.values()):
            raise Refused("bad_address")
        now = self._now()
        until = wanted.get("expires_at") or (now + timedelta(days=1)).isoformat()
        if datetime.fromisoformat(until) <= now:
            raise Refused("expired_before_it_began")
        return Checkout(
            id=_id("sbc"),
            account=account,
            reference=str(wanted.get("reference") or ""),
            amount_minor=amount,
            currency=currency,
            description=str(wanted.get("description") or "")[:200],
            payee=str(wanted.get("payee") or "")[:120],
            methods=methods,
            language=str(wanted.get("language") or "es")[:2],
            webhook_url=webhook_url,
            created_at=now.isoformat(),
            expires_at=until,
            **urls,
        )

    def _payable(self, checkout_id: str) -> tuple[Checkout, Payment | None]:
        """The checkout, and its payment where it is paid already or as good as."""
        checkout = self.checkout(checkout_id)
        if checkout.status == "expired":
            raise Refused("checkout_expired", 410)
        if checkout.status == "complete":
            made = self.payments_of(checkout_id)
            done = [p for p in made if p.status not in ("failed", "asks_code")]
            return checkout, (done or made)[0]
        return checkout, None

    def _payment(self, checkout: Checkout, method: str, **more: str) -> Payment:
        return Payment(
            id=_id("sbp"),
            checkout=checkout.id,
            account=checkout.account,
            reference=checkout.reference,
            amount_minor=checkout.amount_minor,
            currency=checkout.currency,
            method=method,
            created_at=self._now().isoformat(),
            **more,
        )

    def _succeed(self, payment: Payment) -> Payment:
        self._complete(self._books.checkouts[payment.checkout])
        at = self._now().isoformat()
        return self._change(payment, "payment.succeeded", status="succeeded", paid_at=at)

    def _complete(self, checkout: Checkout) -> None:
        self._books.keep(replace(checkout, status="complete"))

    def _give_back(self, paid: Payment, back_id: str, kind: str, amount_minor: int) -> Payment:
        back = Back(id=back_id, kind=kind, amount_minor=amount_minor, at=self._now().isoformat())
        told = {"refund": "payment.refunded", "chargeback": "payment.charged_back"}[kind]
        return self._change(paid, told, backs=(*paid.backs, back))

    def _change(self, payment: Payment, kind: str, **changes: Any) -> Payment:
        changed = self._books.keep_payment(
            replace(payment, **changes, changed_at=self._now().isoformat())
        )
        self._say(kind, changed)
        return changed

    def _say(self, kind: str, payment: Payment) -> None:
        self._tell(kind, payment, self._books.checkouts[payment.checkout])


def account_of(key: str) -> str:
    """
    Whose key it is.

    Raises:
        Refused: It is none of ours: they begin with ``sbx_``.
    """
    if not key.startswith("sbx_") or len(key) < 12:
        raise Refused("bad_key", 401)
    return account_id(key)


def _quietly(do: Callable[[str], object], payment_id: str) -> None:
    """Do what the clock does by itself; somebody may have pressed the button meanwhile."""
    with contextlib.suppress(Refused):
        do(payment_id)


def _id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
