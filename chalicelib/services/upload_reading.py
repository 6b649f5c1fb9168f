"""From a file in the bucket to chunks on the queue: read, look, ask, sort, cut."""

import hashlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from chalicelib.domain.errors import Invalid, MappingIncomplete, MappingRefused, UploadMoved
from chalicelib.domain.upload import Upload, UploadMode, UploadState
from chalicelib.intake.cells import UnreadableFile
from chalicelib.intake.formats import Hints
from chalicelib.intake.inspection import inspect, open_rows
from chalicelib.services import upload_mapping, upload_moves
from chalicelib.services.access import Portfolios
from chalicelib.services.upload_ports import Files, Queue, Uploads, step_message
from chalicelib.services.upload_sort import (
    RowSorter,
    SortKeys,
    chunk_key,
    chunks,
    encode_chunk,
    encode_row,
)

T = TypeVar("T")

ROWS_PER_CHUNK = 500
# A debtor's rows are one worker's, or workers would overtake one another; this many of them
# are written in a fifth of a worker's minute.
MOST_ROWS_PER_CHUNK = 4_000
BATCH_ROWS = 2_000
TELL_EVERY_ROWS = 20_000
CHUNKS_AT_ONCE = 50
HASH_BLOCK = 4 << 20
# Putting a gigabyte of sorted rows away takes some ten seconds.
RESERVE_S = 60.0


def arrived(object_key: str, *, uploads: Uploads, steps: Queue, now: datetime) -> Upload | None:
    """
    Take note that a file is in the bucket.

    Safe to repeat: only an upload still waiting for its file moves; reading is asked for
    again as long as it is under way, since the first asking may have been lost.

    Returns:
        The upload, or None when the object is none of ours.
    """
    match object_key.split("/"):
        case ["in", portfolio_id, upload_id, _]:
            upload = uploads.get(portfolio_id, upload_id)
        case _:
            return None
    if upload is None or upload.object_key != object_key:
        return None
    if upload.state is UploadState.AWAITING_FILE:
        upload = uploads.save(replace(upload, state=UploadState.READING, updated_at=now))
    if upload.state is UploadState.READING:
        steps.send([step_message("read", upload)])
    return upload


def read(
    portfolio_id: str,
    upload_id: str,
    *,
    portfolios: Portfolios,
    uploads: Uploads,
    files: Files,
    steps: Queue,
    now: datetime,
) -> Upload | None:
    """
    Read the whole file once: what it is, what its columns hold, what has to be asked.

    A file whose shape this portfolio remembers, and which asks nothing new, goes straight
    to its review. Safe to repeat.
    """
    upload = uploads.get(portfolio_id, upload_id)
    portfolio = portfolios.get(portfolio_id)
    if upload is None or portfolio is None:
        return None
    if upload.state is not UploadState.READING:
        upload_moves.push(
            upload, steps=steps
        )  # a redelivery: what the first one moved may need a push
        return upload
    with files.open(upload.object_key) as source:
        digest = _sha256(source)
        source.seek(0)
        try:
            inspection = inspect(
                source,
                mode=upload.mode.value,
                country=portfolio.country,
                currency=portfolio.currency,
                hints=Hints(filename=upload.filename, sheet=upload.extra.get("sheet")),
                header_rows=upload.extra.get("header_rows"),
                remembered=lambda shape: uploads.remembered_mapping(
                    portfolio_id, f"{upload.mode.value}#{shape}"
                ),
                progress=_teller(upload, uploads),
            )
            _need_rows(inspection, chosen="header_rows" in upload.extra)
        except Invalid as refusal:
            return uploads.save(
                replace(
                    upload,
                    state=UploadState.FAILED,
                    sha256=digest,
                    problem={"code": refusal.code, "details": refusal.details},
                    updated_at=now,
                    finished_at=now,
                )
            )
    suggested = inspection["suggested"]
    read_upload = replace(
        upload,
        sha256=digest,
        size_bytes=files.size(upload.object_key) or upload.size_bytes,
        same_as=uploads.applied_before(portfolio_id, f"{upload.mode.value}#{digest}"),
        inspection=inspection,
        mapping=suggested,
        updated_at=now,
        extra=upload.extra | {"rows": inspection["rows"]},
    )
    # Where nobody is there to look at the guess, it stands if it is enough and asks nothing.
    if inspection["remembered"] or upload.apply_automatically:
        try:
            mapping = upload_mapping.checked_mapping(suggested, inspection, mode=upload.mode)
        except (MappingRefused, MappingIncomplete):
            pass
        else:
            return upload_moves.begin_check(
                read_upload, mapping, uploads=uploads, steps=steps, now=now
            )
    return uploads.save(replace(read_upload, state=UploadState.NEEDS_MAPPING))


def _need_rows(inspection: dict[str, Any], *, chosen: bool) -> None:
    """
    Refuse a file without a single row; there is nothing to map, and no balance to believe.

    Args:
        chosen: Somebody said where the header is: they see what is left and may think again,
            as with a workbook of several sheets.

    Raises:
        UnreadableFile: ``no_rows``.
    """
    if inspection["rows"] == 0 and not chosen and len(inspection["sheets"]) < 2:
        raise UnreadableFile(reason="no_rows")


def _sha256(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := source.read(HASH_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _teller(upload: Upload, uploads: Uploads) -> Callable[[int], None]:
    """Tell the page how far the reading is, but not at every batch."""
    told = 0

    def tell(rows: int) -> None:
        nonlocal told
        if rows - told >= TELL_EVERY_ROWS:
            told = rows
            uploads.set_rows_read(upload.portfolio_id, upload.upload_id, rows)

    return tell


def split(
    portfolio_id: str,
    upload_id: str,
    *,
    round_: int,
    uploads: Uploads,
    files: Files,
    steps: Queue,
    now: Callable[[], datetime],
    time_left_s: Callable[[], float],
    resume: dict[str, Any] | None = None,
) -> Upload | None:
    """
    Sort the file's rows by what belongs together and cut them into chunk objects.

    When time runs out, the sort's file is put into the bucket and a message with *resume*
    carries on from there, as often as it takes. Safe to repeat: the same file and mapping
    make the same chunks under the same keys.

    Args:
        resume: ``{"cut": chunks already written}`` of the step before; None at first.
    """
    upload = uploads.get(portfolio_id, upload_id)
    if upload is None or not _at(upload, round_):
        return None
    checkpoint = f"chunks/{upload_id}/{round_}/sort.db"
    with tempfile.TemporaryDirectory(prefix="recobro-") as scratch:
        path = Path(scratch) / "sort.db"
        if resume is not None:
            files.get_file(checkpoint, path)
        with RowSorter(path) as sorter:
            cut = (resume or {}).get("cut")
            if cut is None:
                if not _sort(upload, sorter, uploads=uploads, files=files, time_left_s=time_left_s):
                    files.put_file(checkpoint, path)
                    steps.send([step_message("split", upload, round=round_, resume={"cut": None})])
                    return upload
                cut = 0
            cut, whole = _cut(
                upload, sorter, round_=round_, cut=cut, files=files, time_left_s=time_left_s
            )
            rows = sorter.count()
        if not whole:
            files.put_file(checkpoint, path)
            steps.send([step_message("split", upload, round=round_, resume={"cut": cut})])
            return upload
    return _settle(upload, cut, rows, round_=round_, uploads=uploads, steps=steps, now=now)


def _at(upload: Upload, round_: int) -> bool:
    return upload.state is UploadState.CHECKING and upload.extra["round"] == round_


def _sort(
    upload: Upload,
    sorter: RowSorter,
    *,
    uploads: Uploads,
    files: Files,
    time_left_s: Callable[[], float],
) -> bool:
    """Take the file's rows into the sort; False when time ran out before the end."""
    assert upload.inspection is not None  # noqa: S101 - a mapping is put on an inspection only
    assert upload.mapping is not None  # noqa: S101 - likewise
    keys = SortKeys(upload.mapping, mode=upload.mode.value)
    taken = told = sorter.count()
    with files.open(upload.object_key) as source:
        rows = open_rows(source, upload.inspection, upload.mapping, start=sorter.last_number())
        keyed = ((*keys.of(cells), number, encode_row(number, cells)) for number, cells in rows)
        for batch in _batches(keyed, BATCH_ROWS):
            sorter.add(batch)
            taken += len(batch)
            if taken - told >= TELL_EVERY_ROWS:
                uploads.set_rows_read(upload.portfolio_id, upload.upload_id, taken)
                told = taken
            if time_left_s() < RESERVE_S:
                return False
    return True


def _cut(
    upload: Upload,
    sorter: RowSorter,
    *,
    round_: int,
    cut: int,
    files: Files,
    time_left_s: Callable[[], float],
) -> tuple[int, bool]:
    """Write chunk objects from number *cut* on; returns how many there are now, and if all."""
    # A balance or payment may name a debt without its debtor: only debts can contradict so.
    ordered = sorter.in_order_marked() if upload.mode is UploadMode.DEBTS else sorter.in_order()
    pieces = chunks(ordered, rows_per_chunk=ROWS_PER_CHUNK, most_rows=MOST_ROWS_PER_CHUNK)
    for batch in _batches(itertools.islice(enumerate(pieces), cut, None), CHUNKS_AT_ONCE):
        files.write_many(
            (chunk_key(upload.upload_id, round_, n), encode_chunk(piece)) for n, piece in batch
        )
        cut += len(batch)
        if time_left_s() < RESERVE_S:
            return cut, False
    return cut, True


def _settle(
    upload: Upload,
    cut: int,
    rows: int,
    *,
    round_: int,
    uploads: Uploads,
    steps: Queue,
    now: Callable[[], datetime],
) -> Upload | None:
    """
    Write down how many chunks and rows there are, and let the review begin.

    Both walks over the file must have met the same rows: a row that one of them lost would
    be missing from figures that add up all the same.
    """
    assert upload.inspection is not None  # noqa: S101 - a file is looked at before it is cut
    inspected = upload.inspection["rows"]
    while True:
        if rows != inspected:
            details = {"inspected": inspected, "read": rows}
            return uploads.save(
                replace(
                    upload,
                    state=UploadState.FAILED,
                    problem={"code": "upload.rows_differ", "details": details},
                    updated_at=now(),
                    finished_at=now(),
                )
            )
        try:
            stored = uploads.save(
                replace(
                    upload,
                    chunks=cut,
                    rows_read=rows,
                    updated_at=now(),
                    extra=upload.extra | {"rows": rows, "pass_started_at": now().isoformat()},
                )
            )
            break
        except UploadMoved:
            again = uploads.get(upload.portfolio_id, upload.upload_id)
            if again is None or not _at(again, round_):
                return None  # cancelled meanwhile
            upload = again
    upload_moves.push(stored, steps=steps)
    return stored


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(itertools.islice(items, size)):
        yield batch
