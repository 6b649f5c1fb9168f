"""A creditor's account at a provider of payments, as one portfolio uses it, without its keys."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.bank_references import CASH_DIGITS, CLABE_DIGITS, check_prefix
from chalicelib.domain.errors import BadField

MOST_SETTING = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    What a provider is able to do and has to be told.

    Args:
        methods: Ways to pay that it offers, by country; ``*`` for all others.
        keys: Names of what stays secret; none may be read back.
        settings: Names of what is no secret.
    """

    name: str
    methods: dict[str, tuple[str, ...]]
    keys: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def methods_in(self, country: str) -> tuple[str, ...]:
        """
        >>> KINDS["stripe"].methods_in("MX"), KINDS["stripe"].methods_in("CO")
        (('card', 'oxxo', 'spei'), ('card',))
        """
        return self.methods.get(country, self.methods.get("*", ()))


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="stripe",
            methods={"MX": ("card", "oxxo", "spei"), "*": ("card",)},
            keys=("key", "webhook_secret"),
        ),
        Kind(
            name="mercado_pago",
            methods=dict.fromkeys(
                ("MX", "AR", "BR", "CL", "CO", "PE", "UY"), ("card", "cash", "transfer", "wallet")
            ),
            keys=("key", "webhook_secret"),
        ),
        Kind(
            name="bank",
            methods={"MX": ("transfer", "cash")},
            settings=("bank", "beneficiary", "clabe_prefix", "cash_where", "cash_prefix"),
        ),
        Kind(name="sandbox", methods={"*": ("card", "cash", "transfer")}),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """
    Args:
        provider: One of ``KINDS``.
        methods: Which of its ways to pay debtors are offered.
        settings: What is no secret: a bank's name, prefixes of references.
        keys_version: Grows when a key changes; 0 = it has none yet.
        key_hint: The end of the key, by which a person knows it; the keys are shown to nobody.
        label: What the provider calls the account.
        tested_at: When the provider was last asked whether the keys are good.
        problem: What it said then, one of ``payment.REASONS``; empty = they are.
        version: Grows with every change; writers condition on it.
    """

    portfolio_id: str
    provider: str
    changed_at: datetime
    changed_by: str
    enabled: bool = True
    methods: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    keys_version: int = 0
    key_hint: str = ""
    label: str = ""
    tested_at: datetime | None = None
    problem: str = ""
    version: int = 1

    @property
    def offered(self) -> tuple[str, ...]:
        """The ways to pay that debtors see; none while it is off or its keys are no good."""
        good = self.enabled and self.tested_at is not None and not self.problem
        return self.methods if good else ()


def check(account: PaymentAccount, *, country: str) -> None:
    """
    Refuse what makes no sense.

    Raises:
        BadField: A way to pay that the provider has not got there, or a setting that is missing,
            unknown or no number with room for references.
    """
    kind = KINDS[account.provider]
    possible = kind.methods_in(country)
    if not account.methods or not set(account.methods) <= set(possible):
        raise BadField(field="methods", reason="not_one_of", choices=list(possible))
    for name, value in account.settings.items():
        if name not in kind.settings:
            raise BadField(field=f"settings.{name}", reason="unknown")
        if len(value) > MOST_SETTING:
            raise BadField(field=f"settings.{name}", reason="too_long")
    if account.provider == "bank":
        _check_bank(account)


def _check_bank(account: PaymentAccount) -> None:
    needs = {
        "transfer": ("bank", "beneficiary", "clabe_prefix"),
        "cash": ("cash_where", "cash_prefix"),
    }
    for method in account.methods:
        for name in needs[method]:
            if not account.settings.get(name, "").strip():
                raise BadField(field=f"settings.{name}", reason="missing")
    given = account.settings
    if "transfer" in account.methods:
        check_prefix(given["clabe_prefix"], CLABE_DIGITS, field="settings.clabe_prefix")
    if "cash" in account.methods:
        check_prefix(given["cash_prefix"], CASH_DIGITS, field="settings.cash_prefix")


def plausible_keys(provider: str, keys: dict[str, str]) -> None:
    """
    Refuse what is surely another thing than the key asked for: people paste the wrong one.

    Raises:
        BadField: By name; never with what was typed.
    """
    for name, value in keys.items():
        if name not in KINDS[provider].keys:
            raise BadField(field=f"keys.{name}", reason="unknown")
        if not 12 <= len(value) <= 512 or not value.isascii() or any(c.isspace() for c in value):
            raise BadField(field=f"keys.{name}", reason="bad_format")
        starts = _STARTS.get((provider, name), ())
        if starts and not value.startswith(starts):
            # A publishable key or an id is what is pasted by mistake most often.
            raise BadField(field=f"keys.{name}", reason="not_one_of", choices=list(starts))


_STARTS = {
    ("stripe", "key"): ("sk_live_", "sk_test_", "rk_live_", "rk_test_"),
    ("stripe", "webhook_secret"): ("whsec_",),
    ("mercado_pago", "key"): ("APP_USR-", "TEST-"),
}
