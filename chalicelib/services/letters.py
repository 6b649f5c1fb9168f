"""A day's letters as one file for the printer, with the list that the post wants."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, Protocol

from chalicelib.domain.people import Actor
from chalicelib.services.access import MANAGERS, need_portfolio

FOLDER = "letters"
MOST = 3_000  # objects of a day that one request puts together in good time
SIDE_BY_SIDE = 16
GOOD_FOR_S = 3_600
# The last column is the printer's or the clerk's to fill in.
COLUMNS = (
    "file",
    "reference",
    "pages",
    "enclosures",
    "country",
    "address",
    "certified_mail_number",
)
EPOCH = (1980, 1, 1, 0, 0, 0)


class Kept(Protocol):
    def keys(self, prefix: str, *, most: int) -> list[str]: ...
    def read(self, key: str) -> bytes | None: ...


class Made(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def batch(portfolio_id: str, day: date, *, actor: Actor, kept: Kept, made: Made) -> dict[str, Any]:
    """
    Put together what the letters of a day left in the bucket; nothing of it is changed.

    Safe to repeat: the same letters give the same file, numbered in the same order.

    Args:
        day: The day on which the letters were made, of the portfolio's calendar.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    keys = kept.keys(f"{FOLDER}/{portfolio_id}/{day.isoformat()}/", most=MOST)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        bodies = dict(zip(keys, pool.map(kept.read, keys), strict=True))
    lines = [json.loads(body) for key, body in bodies.items() if key.endswith(".json") and body]
    if not lines:
        return {"day": day.isoformat(), "letters": 0, "pages": 0, "url": None}
    key = f"{FOLDER}/{portfolio_id}/{day.isoformat()}.zip"
    made.write(key, _zipped(lines, bodies), content_type="application/zip")
    return {
        "day": day.isoformat(),
        "letters": len(lines),
        "pages": sum(line["pages"] for line in lines),
        "url": made.link(key, filename=f"cartas-{day.isoformat()}.zip", expires_s=GOOD_FOR_S),
    }


def _zipped(lines: list[dict[str, Any]], bodies: dict[str, bytes | None]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        rows: list[tuple[str, ...]] = []
        for number, line in enumerate(lines, 1):
            name = f"{number:04}"
            files = [line["letter"], *line["enclosures"]]
            for place, key in enumerate(files):
                suffix = "" if place == 0 else f"-{place}"
                _put(archive, f"{name}{suffix}.pdf", bodies.get(key) or b"")
            rows.append(_row(name, line))
        _put(archive, "lista.csv", _list(rows))
    return whole.getvalue()


def _row(name: str, line: dict[str, Any]) -> tuple[str, ...]:
    address = " | ".join(line["to"])
    enclosures = str(len(line["enclosures"]))
    return (
        f"{name}.pdf",
        line["reference"],
        str(line["pages"]),
        enclosures,
        line["country"],
        address,
        "",
    )


def _list(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_plain(row) for row in rows)
    return text.getvalue().encode("utf-8-sig")  # the mark makes a spreadsheet read the accents


def _plain(row: tuple[str, ...]) -> Iterator[str]:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    for cell in row:
        yield f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _put(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, body)
