"""The timeline of a case: append-only, hash-chained, erasable only in its personal values."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from chalicelib.domain.quick import quick

GENESIS = "0" * 64


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The last link: ``seq`` events so far, the last one's hash."""

    seq: int = 0
    hash: str = GENESIS


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One thing that happened.

    Args:
        seq: 1, 2, 3... without gaps within the case.
        kind: Dotted name: ``case.created``, ``debt.changed``, ``payment.posted``, ``note.added``...
        at: When it happened or was recorded, UTC.
        actor: ``user:<id>``, ``upload:<id>``, ``service:<token id>`` or ``system``.
        facts: JSON-safe facts that name nobody: ids, amounts, codes.
        personal: Personal values by name (a note's text, an old phone). They enter the chain as
            salted commitments only, so that they can be erased and the chain still verifies.
        salts: The salt of each personal value; erased together with it.
        commitments: ``sha256(salt || value)`` in hex for each personal value ever there; the
            salt enters as its 32 hex digits.
        prev_hash, hash: The links; ``hash`` covers everything above but ``personal`` and ``salts``.
    """

    seq: int
    kind: str
    at: datetime
    actor: str
    facts: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    salts: dict[str, str] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """
    What checking a timeline found.

    Args:
        first_altered: The first ``seq`` that is not as it was written, or that is missing.
        reason: ``gap``, ``link``, ``hash``, ``personal`` or ``head``; empty when all is well.
    """

    ok: bool
    events: int
    head: str
    first_altered: int | None = None
    reason: str = ""


_CANONICAL = (
    orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)
_any_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def append(
    head: ChainHead,
    kind: str,
    *,
    at: datetime,
    actor: str,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    salt: Callable[[int], bytes] = os.urandom,
) -> Event:
    """
    Make the event that follows *head*.

    Args:
        facts: JSON-safe and without floats, whose text is not one everywhere.
        personal: Values that may have to be erased one day.
        salt: Where the salts' bytes come from.
    """
    personal = personal or {}
    salts = {name: salt(16).hex() for name in personal}
    commitments = {name: _commitment(salts[name], value) for name, value in personal.items()}
    event = Event(
        seq=head.seq + 1,
        kind=kind,
        at=at,
        actor=actor,
        facts=dict(facts or {}),
        personal=dict(personal),
        salts=salts,
        commitments=commitments,
        prev_hash=head.hash,
        hash="",
    )
    object.__setattr__(event, "hash", digest(event))  # before anyone else holds it
    return event


def head_after(event: Event) -> ChainHead:
    return ChainHead(seq=event.seq, hash=event.hash)


def digest(event: Event) -> str:
    """Hash everything of *event* but its personal values, their salts and its own hash."""
    body = {
        "seq": event.seq,
        "kind": event.kind,
        "at": _instant(event.at),
        "actor": event.actor,
        "facts": event.facts,
        "commitments": event.commitments,
        "prev_hash": event.prev_hash,
    }
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: Mapping[str, Any]) -> bytes:
    """
    Write JSON as it is hashed: keys in order, no blanks, letters as they are, in UTF-8.

    The fast writer gives the same bytes but refuses integers of more than 64 bits and keys
    that are no text; those take the way of the standard library.
    """
    try:
        return orjson.dumps(body, option=_CANONICAL)
    except orjson.JSONEncodeError:
        return _any_json(body).encode()


@lru_cache(maxsize=64)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify(events: Iterable[Event], head: ChainHead) -> Verification:
    """
    Check a whole timeline against the head kept apart from it.

    Args:
        events: All events of the case, oldest first.

    Returns:
        The first event that was altered, reordered, added or taken away, and how it shows.
    """
    last = ChainHead()
    for event in events:
        reason = _fault(event, last)
        if reason:
            return Verification(
                ok=False,
                events=event.seq,
                head=last.hash,
                first_altered=last.seq + 1,
                reason=reason,
            )
        last = head_after(event)
    if last != head:
        first = min(last.seq, head.seq) + (1 if last.seq != head.seq else 0)
        return Verification(
            ok=False, events=last.seq, head=last.hash, first_altered=first, reason="head"
        )
    return Verification(ok=True, events=last.seq, head=last.hash)


def erase(event: Event, *names: str) -> Event:
    """
    Take personal values out of an event for good; all of them when no name is given.

    The commitments stay, so the chain still verifies; without the salt nobody can find out
    what was there by trying.
    """
    gone = set(names or event.personal)
    return replace(
        event,
        personal={name: value for name, value in event.personal.items() if name not in gone},
        salts={name: value for name, value in event.salts.items() if name not in gone},
    )


def _fault(event: Event, last: ChainHead) -> str:
    if event.seq != last.seq + 1:
        return "gap"
    if event.prev_hash != last.hash:
        return "link"
    if event.hash != digest(event):
        return "hash"
    if event.personal.keys() != event.salts.keys():
        return "personal"
    for name, value in event.personal.items():
        if event.commitments.get(name) != _commitment(event.salts[name], value):
            return "personal"
    return ""


def _commitment(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}{value}".encode()).hexdigest()
