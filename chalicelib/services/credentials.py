"""
Who stands at the door: a code that an agent shows, and the page that anybody may ask.

The page names the agent, who he works for, and that it is so today; it never says why he came. A
wrong code and one whose time is over are answered alike. Revoking a lost phone, or disabling the
person, ends it at once.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.credential import LASTS, RENEWED_BEFORE, Credential
from chalicelib.domain.errors import CredentialNotValid, TooManyAttempts
from chalicelib.domain.people import Actor, Person
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.access import STAFF, need
from chalicelib.services.sessions import person_of

PAGE = "/verificar/"
MOST_SHOWN = 10
# A person at a door types one code, wrongly perhaps; who tries many is somebody else.
MOST_ASKED, ASKED_WITHIN_S = 10, 60
MOST_ROUNDS = 20

Random = Callable[[int], int]  # a number below it


class Credentials(Protocol):
    def of(self, person_id: str) -> Credential | None: ...
    def put(self, credential: Credential, *, now: datetime) -> bool:
        """Keep it in place of the person's last one; False when the code is somebody's."""
        ...

    def find(self, value: str) -> Credential | None:
        """Find one by its code or token, whatever its time."""
        ...

    def end(self, person_id: str) -> None: ...


class Turns(Protocol):
    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool:
        """Count one more, and say whether it is within the limit."""
        ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Portfolios(Protocol):
    def some(self, portfolio_ids: tuple[str, ...]) -> list[Portfolio]: ...


def mine(
    *,
    actor: Actor,
    credentials: Credentials,
    people: People,
    now: datetime,
    below: Random = secrets.randbelow,
) -> dict[str, Any]:
    """
    Give the code that somebody shows now; another once its time is nearly over.

    Raises:
        CredentialNotValid: No code was free, which does not happen below tens of thousands.
    """
    need(actor, *STAFF)
    person_id = person_of(actor)
    current = credentials.of(person_id)
    person = people.get(person_id)
    if current is None or current.expires_at - now < RENEWED_BEFORE:
        current = _issued(person_id, credentials, now, below)
    return {
        "code": current.code,
        "url": f"{PAGE}#{current.token}",
        "expires_at": to_plain(current.expires_at),
        "photo": _photo(person),
    }


def shown(
    value: str,
    *,
    asker: str,
    credentials: Credentials,
    turns: Turns,
    people: People,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Say whose code it is, to anybody who asks.

    Args:
        asker: Whoever asks, as far as it can be told: an address.

    Raises:
        TooManyAttempts: *asker* has tried too many.
        CredentialNotValid: It is none, or no longer; nothing tells which.
    """
    turn = f"credential#{asker}"
    if not turns.take(turn, most=MOST_ASKED, within_s=ASKED_WITHIN_S, now=now):
        raise TooManyAttempts(retry_after_s=ASKED_WITHIN_S)
    found = credentials.find("".join(value.split()))
    person = people.get(found.person_id) if found and found.expires_at > now else None
    if found is None or person is None or person.disabled:
        raise CredentialNotValid
    works = portfolios.some(tuple(one for one in person.portfolios if one != "*"))
    agencies = (one.identification.agency for one in works)
    creditors = (one.identification.creditor or one.creditor for one in works)
    return {
        "name": person.name,
        "photo": _photo(person),
        "agencies": sorted({one for one in agencies if one})[:MOST_SHOWN],
        "creditors": sorted({one for one in creditors if one})[:MOST_SHOWN],
        "expires_at": to_plain(found.expires_at),
    }


def _issued(person_id: str, credentials: Credentials, now: datetime, below: Random) -> Credential:
    for _ in range(MOST_ROUNDS):
        made = Credential(
            person_id=person_id,
            code=f"{below(10**6):06d}",
            token=secrets.token_urlsafe(18),
            created_at=now,
            expires_at=now + LASTS,
        )
        if credentials.put(made, now=now):
            return made
    raise CredentialNotValid


def _photo(person: Person | None) -> str | None:
    return f"/{person.photo_key}" if person and person.photo_key else None
