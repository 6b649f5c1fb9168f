"""Files of the lake on this machine's disk, kept between questions within a bound."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from lake.days import LakeReading, Part


class Shelf:
    """
    Copies of objects, named by what they hold: one written again is fetched again.

    Args:
        at: A directory of its own.
        most: Bytes that are kept; the question at work may need more for its time.
    """

    def __init__(self, at: Path, *, most: int) -> None:
        at.mkdir(parents=True, exist_ok=True)
        self.at, self._most = at, most

    def fetch(self, parts: Iterable[Part], files: LakeReading) -> dict[str, list[Path]]:
        """Have the parts here; gives their paths by table, in the folders that name their days."""
        found: dict[str, list[Path]] = {}
        for part in parts:
            path = self._path(part)
            if path.exists():
                os.utime(path)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_suffix(".partial")
                files.get_file(part.key, partial)
                partial.rename(path)
            found.setdefault(part.table, []).append(path)
        return found

    def tidy(self) -> None:
        """Let go of what was not asked for longest, down to the bound."""
        kept = sorted(self.at.rglob("*.parquet"), key=lambda one: one.stat().st_mtime_ns)
        size = sum(one.stat().st_size for one in kept)
        while size > self._most:
            oldest = kept.pop(0)
            size -= oldest.stat().st_size
            oldest.unlink()

    def _path(self, part: Part) -> Path:
        # The folders "portfolio=" and "day=" are columns, so the name is all there is for the tag.
        name = hashlib.sha256(f"{part.key} {part.tag}".encode()).hexdigest()[:32]
        return (self.at / part.key).parent / f"{name}.parquet"
