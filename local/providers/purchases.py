"""What the sandbox's till keeps: checkouts and payments, and the file that remembers them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """
    One thing to be paid, as the merchant asked for it.

    Args:
        account: Who it is paid to: the merchant's key, hashed.
        reference: The merchant's own name of it.
        status: ``open``, ``complete`` or ``expired``.
    """

    id: str
    account: str
    reference: str
    amount_minor: int
    currency: str
    description: str
    payee: str
    methods: tuple[str, ...]
    language: str
    success_url: str
    cancel_url: str
    webhook_url: str
    created_at: str
    expires_at: str
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money that went back: ``refund`` or ``chargeback``; *returned* when that was won."""

    id: str
    kind: str
    amount_minor: int
    at: str
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """
    An attempt to pay a checkout.

    Args:
        status: ``asks_code``, ``pending``, ``succeeded`` or ``failed``; what went back of one
            that succeeded is in *backs*.
        voucher: What is told at the counter or typed in at the bank.
        failure: Why it failed: ``declined``, ``insufficient_funds``, ``authentication``,
            ``expired``.
    """

    id: str
    checkout: str
    account: str
    reference: str
    amount_minor: int
    currency: str
    method: str
    created_at: str
    status: str = "pending"
    card_last4: str = ""
    card_does: str = ""
    voucher: str = ""
    voucher_until: str = ""
    paid_at: str = ""
    backs: tuple[Back, ...] = ()
    failure: str = ""
    changed_at: str = ""

    @property
    def left_minor(self) -> int:
        """What of it is still with the merchant."""
        return self.amount_minor - sum(b.amount_minor for b in self.backs if not b.returned)


class Books:
    """
    Checkouts and payments by their ids, and every change of them in a file.

    Args:
        file: Where changes are written down, so that a restart remembers; None = nowhere.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.checkouts: dict[str, Checkout] = {}
        self.payments: dict[str, Payment] = {}
        self.keys: dict[str, str] = {}  # idempotency key -> checkout
        if file is not None and file.is_file():
            for line in file.read_text(encoding="utf-8").splitlines():
                self._read(json.loads(line))

    def keep(self, checkout: Checkout) -> Checkout:
        self.checkouts[checkout.id] = checkout
        self._write({"checkout": asdict(checkout)})
        return checkout

    def keep_payment(self, payment: Payment) -> Payment:
        self.payments[payment.id] = payment
        self._write({"payment": asdict(payment)})
        return payment

    def keep_key(self, key: str, checkout_id: str) -> None:
        self.keys[key] = checkout_id
        self._write({"key": key, "checkout": checkout_id})

    # Private

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _read(self, line: dict[str, Any]) -> None:
        if "key" in line:
            self.keys[line["key"]] = line["checkout"]
        elif "checkout" in line:
            raw = line["checkout"] | {"methods": tuple(line["checkout"]["methods"])}
            self.checkouts[raw["id"]] = Checkout(**raw)
        else:
            backs = tuple(Back(**back) for back in line["payment"]["backs"])
            payment = Payment(**line["payment"] | {"backs": backs})
            self.payments[payment.id] = payment
