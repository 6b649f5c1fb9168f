"""
The evidence pack of a case as one JSON document that proves itself, wherever it is read.

It holds the whole timeline with salts and commitments, so that whoever has it recomputes the chain,
and the rows as they stood, under a digest of everything. No clock, no table, no network.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from chalicelib.domain import timeline
from chalicelib.domain.errors import BadField
from chalicelib.domain.plain import from_plain
from chalicelib.domain.timeline import ChainHead, Event

FORMAT, VERSION = "recobro.case-pack", 1
WHOLE, ACCESS = "evidence", "access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """
    What checking a pack found.

    Args:
        first_altered: The first event that is not as it was written, or that is missing.
        faults: Stable codes of all that does not agree: ``digest``, ``timeline``, ``balance``,
            ``files``.
    """

    events: int
    head: str
    first_altered: int | None
    faults: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return not self.faults


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """Close a pack: what it holds, under its own digest."""
    whole = {"format": FORMAT, "version": VERSION, **content}
    return {**whole, "sha256": _digest(whole)}


def prove(pack: dict[str, Any]) -> Proven:
    """
    Check a pack against itself.

    Raises:
        BadField: It is no pack, or of a version that is not known.
    """
    if pack.get("format") != FORMAT or pack.get("version") != VERSION:
        raise BadField(field="pack", reason="bad_format")
    try:
        events = [from_plain(Event, one) for one in pack["events"]]
        head = from_plain(ChainHead, pack["chain"])
        owed = sum(one["amount_minor"] for one in pack["entries"])
        balance = pack["case"]["balance_minor"]
        kept = {(one["id"], one["sha256"]) for one in pack["files"]}
    except (KeyError, TypeError, ValueError):
        raise BadField(field="pack", reason="bad_format") from None
    found = timeline.verify(events, head)
    said = {(name, digest) for event in events for name, digest in _files(event)}
    known = {name for name, _ in said}
    faults = {
        "digest": pack.get("sha256") != _digest({k: v for k, v in pack.items() if k != "sha256"}),
        "timeline": not found.ok,
        "balance": owed != balance,
        # A file is as its event says; one that no event tells of is not held against anything.
        "files": any(one not in said for one in kept if one[0] in known),
    }
    return Proven(
        events=len(events),
        head=head.hash,
        first_altered=found.first_altered,
        faults=tuple(name for name, wrong in faults.items() if wrong),
    )


def _files(event: Event) -> list[tuple[str, str]]:
    digest = event.facts.get("sha256")
    names = (event.facts.get(name) for name in ("paper_id", "document_id", "evidence_id"))
    return [(name, digest) for name in names if name and digest]


def _digest(whole: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()
