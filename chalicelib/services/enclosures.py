"""Files that went with a message, kept as they went: the statement that the debtor really got."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from chalicelib.domain.timeline import Event

FOLDER = "sent"
GOOD_FOR_S = 600


class Links(Protocol):
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def digest(body: bytes) -> str:
    """What the timeline says of a file: whoever has it can check that it is the one."""
    return hashlib.sha256(body).hexdigest()


def key_of(case_id: str, attempt_id: str, sha256: str) -> str:
    """Where a file is kept; the same file of the same message is the same object."""
    return f"{FOLDER}/{case_id}/{attempt_id}/{sha256}.pdf"


def sent_with(events: Iterable[Event]) -> list[Mapping[str, str]]:
    """List (name, sha256) of the files that the events of a message tell of."""
    return [file for event in events for file in event.facts.get("files", ())]


def shown(
    case_id: str, attempt_id: str, events: Iterable[Event], files: Links
) -> list[dict[str, Any]]:
    """Give each file that went with a message, with an address good for some minutes."""
    return [
        {
            "name": each["name"],
            "sha256": each["sha256"],
            "url": files.link(
                key_of(case_id, attempt_id, each["sha256"]),
                filename=each["name"],
                expires_s=GOOD_FOR_S,
            ),
        }
        for each in sent_with(events)
    ]
