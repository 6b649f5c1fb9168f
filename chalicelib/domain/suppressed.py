"""What was erased at a person's request, as it is known again without being kept: by its hash."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.names import folded

DIGEST_BYTES = 16
_NOT_A_NUMBER = re.compile(r"[^0-9]+")


class SuppressedKind(StrEnum):
    """What a value is: values of two kinds never meet."""

    PHONE = "phone"
    EMAIL = "email"
    TAX = "tax"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """
    One value that a person had erased.

    Args:
        digest: Its keyed hash, see ``digest_of``; the value itself is nowhere.
        request_id: The request by law that was granted.
    """

    digest: bytes
    kind: SuppressedKind
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionHead:
    """
    How long a portfolio's list is.

    Args:
        version: Another one whenever the list has changed.
    """

    count: int = 0
    version: int = 0


def normal(kind: SuppressedKind, value: str) -> str:
    """
    Write a value the one way that its spellings share; empty when nothing is left of it.

    Files, people and phones bring values that intake has normalised already; this takes out
    what different doors still do differently.

    >>> normal(SuppressedKind.PHONE, "+52 55 1234-5678")
    '525512345678'
    >>> normal(SuppressedKind.TAX, "vecj-880326 xxx"), normal(SuppressedKind.EMAIL, " Ana@X.mx ")
    ('VECJ880326XXX', 'ana@x.mx')
    >>> normal(SuppressedKind.ADDRESS, "Av. Juárez 5, Puebla")
    'AV JUAREZ 5 PUEBLA'
    """
    match kind:
        case SuppressedKind.PHONE:
            return _NOT_A_NUMBER.sub("", value)
        case SuppressedKind.EMAIL:
            return value.strip().casefold()
        case SuppressedKind.TAX:
            return folded(value).replace(" ", "")
        case SuppressedKind.ADDRESS:
            return folded(value)


def address_text(lines: str, city: str = "", postal_code: str = "") -> str:
    """
    Write an address as it is compared: as a case tells its addresses apart.

    Empty where no number tells the door: a town, or "known address", is many people's.

    >>> address_text("Juárez 5", "Puebla"), address_text("", "Puebla", "72000")
    ('JUAREZ 5 PUEBLA', '')
    """
    if not any(one.isdigit() for one in lines):
        return ""
    return folded(f"{lines} {city} {postal_code}")


def digest_of(key: bytes, portfolio_id: str, kind: SuppressedKind, text: str) -> bytes:
    """
    Hash a normal value with the product's key.

    Keyed, for there are few phone numbers: whoever has a plain hash of one tries them all in
    seconds. By portfolio, so that two lists cannot be compared.
    """
    told = f"suppressed\x1f{portfolio_id}\x1f{kind.value}\x1f{text}".encode()
    return hmac.digest(key, told, "sha256")[:DIGEST_BYTES]
