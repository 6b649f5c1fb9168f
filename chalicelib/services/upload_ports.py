"""What uploads need from the outside world, and the messages that move them along."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from chalicelib.domain.upload import Upload

# Sums of one sweep (a pass of one round) by name: rows, created, updated, unchanged, rejected,
# warned, closed, amount_minor, units (finished ones) and what an undo found in its way.
Tally = Mapping[str, int]


class Pass(StrEnum):
    """
    One way over all units of an upload; a unit is a chunk, or a page of cases for CLOSE.

    CHECK works out every row's outcome and writes nothing. APPLY does the same and writes.
    CLOSE settles debts absent from a balance file. PROPOSE looks for debtors under several
    spellings. UNDO_CHECK counts what was built on the upload, UNDO takes it back.
    """

    CHECK = "check"
    APPLY = "apply"
    CLOSE = "close"
    PROPOSE = "propose"
    UNDO_CHECK = "undo_check"
    UNDO = "undo"


class Uploads(Protocol):
    """Uploads, the work done on them, and what a portfolio remembers about files."""

    def add(self, upload: Upload) -> None: ...

    def get(self, portfolio_id: str, upload_id: str) -> Upload | None: ...

    def save(self, upload: Upload) -> Upload:
        """
        Write *upload* over the version it was read at.

        Returns:
            The upload as stored, its version one higher.

        Raises:
            UploadMoved: Somebody changed it since.
        """
        ...

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Upload], str | None]:
        """Newest first."""
        ...

    def set_rows_read(self, portfolio_id: str, upload_id: str, rows: int) -> None:
        """Tell how far the splitter is; neither needs nor moves the version."""
        ...

    def record_unit(self, upload_id: str, sweep: str, unit: int, tally: Tally) -> bool:
        """
        Add a finished unit's *tally* to the sweep's sums, once.

        Returns:
            False, with nothing changed, when that unit was recorded before.
        """
        ...

    def unit_recorded(self, upload_id: str, sweep: str, unit: int) -> bool: ...

    def units_with_rejects(self, upload_id: str, sweep: str) -> list[int]:
        """List the finished units that rejected rows, in order."""
        ...

    def units_with_warnings(self, upload_id: str, sweep: str) -> list[int]:
        """List the finished units that left something out of rows they loaded, in order."""
        ...

    def tallies(self, upload_id: str) -> dict[str, dict[str, int]]:
        """Read the sums of all sweeps, strongly consistent, in one query."""
        ...

    def remembered_mapping(self, portfolio_id: str, shape: str) -> dict[str, Any] | None: ...

    def remember_mapping(self, portfolio_id: str, shape: str, mapping: dict[str, Any]) -> None: ...

    def applied_before(self, portfolio_id: str, fingerprint: str) -> str | None:
        """Return the upload that applied the identical file in the same mode."""
        ...

    def remember_applied(self, portfolio_id: str, fingerprint: str, upload_id: str) -> None: ...

    def forget_applied(self, portfolio_id: str, fingerprint: str, upload_id: str) -> None: ...


class Files(Protocol):
    """The bucket an upload's objects live in, by key."""

    def post_form(self, key: str, *, max_bytes: int, expires_s: int) -> dict[str, Any]:
        """Return ``{"url", "fields"}``: a form that lets a browser put exactly this key."""
        ...

    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...

    def size(self, key: str) -> int | None: ...

    def open(self, key: str) -> BinaryIO:
        """Open for reading and seeking, in ranges: memory does not grow with the object."""
        ...

    def read(self, key: str) -> bytes | None:
        """Read a small object whole; None when there is none."""
        ...

    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...

    def write_many(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write small objects side by side; returns when all are there."""
        ...

    def put_file(self, key: str, path: Path) -> None: ...

    def get_file(self, key: str, path: Path) -> None: ...

    def writer(self, key: str, *, content_type: str) -> AbstractContextManager[BinaryIO]:
        """Write an object of any size in parts; it appears whole when the block ends well."""
        ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None:
        """Send JSON-safe messages; at least once each, in no order."""
        ...


def step_message(step: str, upload: Upload, **facts: Any) -> dict[str, Any]:
    """Make a message for ``upload-steps``: read, split, dispatch or finish."""
    return {
        "step": step,
        "portfolio_id": upload.portfolio_id,
        "upload_id": upload.upload_id,
        **facts,
    }


def unit_message(upload: Upload, step: Pass, unit: int, *, fresh: bool) -> dict[str, Any]:
    """
    Make a message for ``upload-chunks``: one unit of one sweep.

    Args:
        fresh: The portfolio had no cases when the sweep began.
    """
    return {
        "fresh": fresh,
        "pass": step.value,
        "round": upload.extra["round"],
        "portfolio_id": upload.portfolio_id,
        "upload_id": upload.upload_id,
        "unit": unit,
    }


def sweep_name(step: Pass, round_: int) -> str:
    """
    Name one run of a pass: another mapping, or another try to undo, starts a new round.

    Sums and unit marks are kept by this name, so a late message of an earlier round can
    neither be taken for work of this one nor spoil its figures.
    """
    return f"{step.value}.{round_}"
