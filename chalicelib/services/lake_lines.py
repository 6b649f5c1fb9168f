"""
JSON lines on their way to the lake: on disk, and in the bucket between the lives of a worker.

Lines are told by the name of the file they go to. What a worker could not finish is packed and sent
to a folder of its own; whoever goes on fetches of it what it needs, when it needs it.
"""

import gzip
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import orjson

ROWS_HELD = 20_000  # lines kept in memory before they go to their files
ENDING = ".ndjson"
TOLD = "told-"

Cell = tuple[str, date]  # a table's day


class Listed(Protocol):
    @property
    def key(self) -> str: ...


class SpoolFiles(Protocol):
    def put_file(self, key: str, path: Path) -> None: ...
    def get_file(self, key: str, path: Path) -> None: ...
    def listing(self, prefix: str, *, after: str = "") -> Iterator[Listed]: ...


class Lines:
    """
    Args:
        at: A directory of its own.
        spools: Folders that earlier workers left; what is in them comes before what is added.
    """

    def __init__(self, at: Path, files: SpoolFiles, spools: Sequence[str] = ()) -> None:
        self._at, self._files = at, files
        self._held: dict[str, list[bytes]] = {}
        self._count = 0
        self._away: dict[str, list[str]] = {}
        for spool in spools:
            for one in files.listing(spool):
                name = PurePosixPath(one.key).name.removesuffix(f"{ENDING}.gz")
                self._away.setdefault(name, []).append(one.key)

    def add(self, name: str, row: dict[str, Any]) -> None:
        self._held.setdefault(name, []).append(orjson.dumps(row))
        self._count += 1
        if self._count >= ROWS_HELD:
            self.flush()

    def flush(self) -> None:
        for name, rows in self._held.items():
            with self._file(name).open("ab") as out:
                out.write(b"\n".join(rows) + b"\n")
        self._held.clear()
        self._count = 0

    def names(self) -> set[str]:
        """Name every file that has lines, here or away."""
        return {path.name.removesuffix(ENDING) for path in self._here()} | set(self._away)

    def path(self, name: str) -> Path:
        """Give the file of a name, there even if nothing came to it."""
        self._fetch(name)
        path = self._file(name)
        path.touch()
        return path

    def existing(self, name: str) -> Path | None:
        self._fetch(name)
        path = self._file(name)
        return path if path.exists() else None

    def drop(self, name: str) -> None:
        """Free the disk of a file that is not needed any more in this life."""
        self._file(name).unlink(missing_ok=True)

    def spill(self, spool: str) -> None:
        """Send what is here and was not fetched to a folder in the bucket."""
        self.flush()
        for path in self._here():
            packed = path.with_suffix(f"{ENDING}.gz")
            with path.open("rb") as lines, gzip.open(packed, "wb", compresslevel=1) as out:
                shutil.copyfileobj(lines, out)
            self._files.put_file(f"{spool}{packed.name}", packed)
            packed.unlink()

    def _fetch(self, name: str) -> None:
        for key in self._away.pop(name, ()):
            packed = self._at / "fetched.gz"
            self._files.get_file(key, packed)
            with gzip.open(packed, "rb") as lines, self._file(name).open("ab") as out:
                shutil.copyfileobj(lines, out)
            packed.unlink()

    def _here(self) -> list[Path]:
        return sorted(self._at.glob(f"*{ENDING}"))

    def _file(self, name: str) -> Path:
        return self._at / f"{name}{ENDING}"


def name_of(cell: Cell) -> str:
    """Name the rows of a table's day."""
    return f"{cell[0]}-{cell[1].isoformat()}"


def told_name(cell: Cell) -> str:
    """Whose facts of a day outside the window are told anew."""
    return f"{TOLD}{name_of(cell)}"


def moved_name(day: date) -> str:
    """Whose states are told anew on a day of the window after its first."""
    return f"moved-{day.isoformat()}"
