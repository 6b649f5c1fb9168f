"""The timeline of a case: append-only, hash-chained, erasable only in its personal values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The last link: ``seq`` events so far, the last one's hash."""

    seq: int = 0
    hash: str = GENESIS


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
        commitments: ``sha256(salt || value)`` in hex for each personal value ever there.
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
