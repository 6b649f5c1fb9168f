"""Cognito's access tokens, checked against the pool's public keys."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

KEYS_TIMEOUT_S = 3
MIN_REFETCH_S = 60  # an unknown key id asks the pool again at most this often


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """
    Args:
        session_began: When the person signed in; a refreshed token keeps it.
    """

    person_id: str
    session_began: datetime


def fetch_keys(url: str) -> dict[str, Any]:
    """Get a JWK set."""
    with urllib.request.urlopen(url, timeout=KEYS_TIMEOUT_S) as answer:  # noqa: S310 (https, or the laptop's emulator: from our own settings)
        keys: dict[str, Any] = json.load(answer)
    return keys


class AccessTokens:
    """
    Args:
        issuer: What ``iss`` must be.
        client_id: The app client; an access token names it instead of an audience.
        keys: Gets the pool's JWK set; called when a key id is new.
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        keys: Callable[[], dict[str, Any]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._fetch = keys
        self._now = now
        self._keys: dict[str, Any] = {}
        self._fetched_at: datetime | None = None

    def verify(self, token: str) -> Claims | None:
        """Read a genuine, unexpired access token of our app client; None for any other."""
        import jwt

        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                return None
            claims = jwt.decode(
                token,
                key=key,
                algorithms=["RS256"],
                issuer=self._issuer,
                options={
                    "require": ["exp", "iss", "sub", "token_use", "client_id", "auth_time"],
                    "verify_aud": False,  # access tokens carry client_id instead
                },
            )
        except jwt.PyJWTError:
            return None
        wanted = {"token_use": "access", "client_id": self._client_id}
        if any(claims[name] != value for name, value in wanted.items()):
            return None
        return Claims(
            person_id=str(claims["sub"]),
            session_began=datetime.fromtimestamp(int(claims["auth_time"]), UTC),
        )

    def _key(self, key_id: str) -> Any:
        if key_id not in self._keys and self._may_fetch():
            import jwt

            self._fetched_at = self._now()
            found = jwt.PyJWKSet.from_dict(self._fetch())
            self._keys = {str(key.key_id): key.key for key in found.keys}
        return self._keys.get(key_id)

    def _may_fetch(self) -> bool:
        at = self._fetched_at
        return at is None or (self._now() - at).total_seconds() >= MIN_REFETCH_S
