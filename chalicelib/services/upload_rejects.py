"""Rejected rows on their way back to whoever sent them: kept by unit, gathered into one file."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chalicelib.domain.upload import Upload
from chalicelib.intake.rows import Reason, Rejected
from chalicelib.lazily import lazily
from chalicelib.services.upload_moves import written_round
from chalicelib.services.upload_ports import Files, Pass, Uploads, sweep_name
from chalicelib.services.upload_reasons import ReasonTally
from chalicelib.services.upload_sort import RowSorter

with lazily():
    from chalicelib.intake import rejects as files_of_rejects  # the last step's, not a chunk's


def rejects_key(upload: Upload, step: Pass, unit: int) -> str:
    return f"rejects/{upload.upload_id}/{sweep_name(step, written_round(upload))}/{unit}.json"


def warnings_key(upload: Upload, step: Pass, unit: int) -> str:
    return rejects_key(upload, step, unit).removesuffix(".json") + "-warned.json"


def encode_rejects(rejects: Iterable[Rejected]) -> bytes:
    rows = [
        [row.row_number, row.cells, [[r.field, r.code, r.details] for r in row.reasons]]
        for row in rejects
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def decode_rejects(body: bytes) -> list[Rejected]:
    return [_decoded(row) for row in json.loads(body)]


def _decoded(row: list[object]) -> Rejected:
    number, cells, reasons = row
    return Rejected(
        row_number=number,  # type: ignore[arg-type]
        cells=tuple(cells),  # type: ignore[arg-type]
        reasons=tuple(Reason(field=f, code=c, details=d) for f, c, d in reasons),  # type: ignore[attr-defined]
    )


def in_file_order(
    upload: Upload, step: Pass, *, uploads: Uploads, files: Files
) -> Iterator[Rejected]:
    """Walk all rejected rows of a sweep in the order of the file, in constant memory."""
    units = uploads.units_with_rejects(upload.upload_id, sweep_name(step, written_round(upload)))
    return _in_order((rejects_key(upload, step, unit) for unit in units), files)


def warnings(upload: Upload, step: Pass, *, uploads: Uploads, files: Files) -> list[dict[str, Any]]:
    """Sum up what was left out of rows that were loaded, as ``ReasonTally.top`` gives it."""
    units = uploads.units_with_warnings(upload.upload_id, sweep_name(step, written_round(upload)))
    tally = ReasonTally()
    for row in _in_order((warnings_key(upload, step, unit) for unit in units), files):
        tally.add(row)
    return tally.top()


def _in_order(keys: Iterable[str], files: Files) -> Iterator[Rejected]:
    with (
        tempfile.TemporaryDirectory(prefix="recobro-") as scratch,
        RowSorter(Path(scratch) / "rejects.db") as sorter,
    ):
        for key in keys:
            body = files.read(key) or b"[]"
            sorter.add((0, 0, row[0], json.dumps(row)) for row in json.loads(body))
        for _, _, _, payload in sorter.in_order():
            yield _decoded(json.loads(payload))


def write(
    upload: Upload, step: Pass, *, uploads: Uploads, files: Files
) -> tuple[str | None, list[dict[str, Any]]]:
    """
    Gather a sweep's rejected rows into one file like the one that was sent.

    Returns:
        Its key, or None when no row was rejected; and the most frequent reasons.
    """
    sweep = sweep_name(step, written_round(upload))
    if not uploads.units_with_rejects(upload.upload_id, sweep):
        return None, []
    assert upload.inspection is not None  # noqa: S101 - rows come from an inspected file
    tally = ReasonTally()
    collected = files_of_rejects.RejectsFile(
        upload.inspection, language=upload.extra.get("language", "es")
    )
    for row in in_file_order(upload, step, uploads=uploads, files=files):
        tally.add(row)
        collected.add(row)
    stem = upload.object_key.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    key = f"rejects/{upload.upload_id}/{sweep}/{stem}-rejects.{collected.kind}"
    with files.writer(key, content_type=files_of_rejects.MIME[collected.kind]) as target:
        collected.write(target)
    return key, tally.top()
