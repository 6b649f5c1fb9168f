"""
A photo in parts: what broke off on the way goes on where it stopped, and nothing is sent twice.

Each part is an object of its own, sent with a form of its own that takes that very length: a part
that lies there is whole. (A bucket's own uploads in parts begin at 5 MB; a photo has 300 KB.) The
parts wait beside the evidence, where a rule of the bucket clears away those that nobody ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

FOLDER = "photo-parts"
PART = 64 << 10  # what a bad network may lose: two seconds at 256 kbit/s
MOST = 16
TYPE = "application/octet-stream"


class Parts(Protocol):
    def post_form(
        self, key: str, *, max_bytes: int, expires_s: int, min_bytes: int, content_type: str
    ) -> dict[str, Any]: ...
    def keys(self, prefix: str, *, most: int) -> list[str]: ...
    def read(self, key: str) -> bytes | None: ...
    def remove(self, keys: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes *start* to *end* (not included) of a photo, and where they wait."""

    start: int
    end: int
    key: str


def pieces(case_id: str, visit_id: str, photo_id: str, *, sha256: str, size: int) -> list[Piece]:
    """
    Cut a photo of *size* bytes; none of one that goes in one piece.

    What is cut of other bytes, or otherwise, lies elsewhere.

    >>> [(one.start, one.end) for one in pieces("c", "v", "p", sha256="a" * 64, size=140_000)]
    [(0, 65536), (65536, 131072), (131072, 140000)]
    >>> pieces("c", "v", "p", sha256="a" * 64, size=65_536)
    []
    """
    step = max(PART, -(-size // MOST))
    if size <= step:
        return []
    folder = f"{FOLDER}/{case_id}/{visit_id}/{photo_id}/{sha256[:16]}"
    spans = [(start, min(start + step, size)) for start in range(0, size, step)]
    return [
        Piece(start=start, end=end, key=f"{folder}/{start:08d}-{end:08d}") for start, end in spans
    ]


def missing(wanted: Sequence[Piece], files: Parts) -> list[Piece]:
    """Name the parts that have not come."""
    if not wanted:
        return []
    folder = wanted[0].key.rpartition("/")[0]
    here = set(files.keys(f"{folder}/", most=2 * MOST))
    return [one for one in wanted if one.key not in here]


def forms(wanted: Sequence[Piece], files: Parts, *, expires_s: int) -> list[dict[str, Any]]:
    """Give the form for each part: it takes that very length at that very place."""
    return [
        {
            "start": one.start,
            "end": one.end,
            "post": files.post_form(
                one.key,
                min_bytes=one.end - one.start,
                max_bytes=one.end - one.start,
                content_type=TYPE,
                expires_s=expires_s,
            ),
        }
        for one in wanted
    ]


def joined(wanted: Sequence[Piece], files: Parts) -> bytes | None:
    """Give the whole photo; None when a part went away meanwhile."""
    found = [files.read(one.key) for one in wanted]
    return None if None in found else b"".join(body for body in found if body is not None)


def clear(wanted: Sequence[Piece], files: Parts) -> None:
    """Take the parts away. Safe to repeat."""
    files.remove([one.key for one in wanted])
