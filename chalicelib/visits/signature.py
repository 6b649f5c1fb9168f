"""
Who signed a visit: ECDSA over P-256 with SHA-256, as WebCrypto writes it.

The signature is r and s side by side, 32 bytes each (IEEE P1363), over the bytes of the request
as they came.
"""

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

HALF = 32


def is_key(x: str, y: str) -> bool:
    """Say whether a JWK's coordinates are a point of P-256."""
    try:
        _key(x, y)
    except ValueError:
        return False
    return True


def is_signed(body: bytes, signature: str, *, x: str, y: str) -> bool:
    """
    Say whether the key's owner signed *body*.

    Args:
        signature: base64url without padding, of 64 bytes.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    try:
        raw = _bytes(signature)
        key = _key(x, y)
    except ValueError:
        return False
    if len(raw) != 2 * HALF:
        return False
    r, s = int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big")
    try:
        key.verify(encode_dss_signature(r, s), body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _key(x: str, y: str) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    raw = _bytes(x), _bytes(y)
    if any(len(part) != HALF for part in raw):
        raise ValueError("not a coordinate of P-256")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + b"".join(raw))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
