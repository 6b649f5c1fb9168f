"""Files put beside something of a case - a dispute, a reported payment - as they are kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.dispute import Evidence, Side
from chalicelib.domain.ids import derived_id
from chalicelib.services import evidence_files

MOST_NAME = 120


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept: named by its own digest, so that the same one is there once."""

    media_type: str
    body: bytes
    digest: str
    key: str
    evidence_id: str

    def evidence(self, name: str, side: Side, *, shown: bool, by: str, now: datetime) -> Evidence:
        kept = self.fields(name, by=by, now=now)
        return Evidence(evidence_id=self.evidence_id, side=side, shown=shown, **kept)

    def fields(self, name: str, *, by: str, now: datetime) -> dict[str, Any]:
        """What a ``KeptFile`` says of it, but whether it is shown."""
        return {
            "name": name.strip()[:MOST_NAME] or self.digest[:8],
            "media_type": self.media_type,
            "size_bytes": len(self.body),
            "sha256": self.digest,
            "key": self.key,
            "at": now,
            "by": by,
        }


def read(folder: str, case_id: str, of: str, body: bytes, *, most: int) -> Kept:
    """
    Read a file by its bytes, without what a camera adds; nothing is written yet.

    Args:
        of: What it is put beside: an id of the case.
        most: Bytes it may have.

    Raises:
        BadField: See ``evidence_files.read``.
    """
    media_type, bare = evidence_files.read(body, most=most)
    digest = hashlib.sha256(bare).hexdigest()
    extension = evidence_files.EXTENSIONS[media_type]
    return Kept(
        media_type,
        bare,
        digest,
        f"{folder}/{case_id}/{of}/{digest}.{extension}",
        derived_id("evi", of, digest),
    )
