"""
A portfolio's own part of the lake, file by file, for its creditor: what each day holds, and where.

Files are given as they lie there, with the digest that their manifest tells; the dictionary says in
Spanish what every column is. Nothing in them names anybody (docs/lake.md).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from chalicelib.bi import tables
from chalicelib.bi.tables import TABLES, Table
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.services.access import UPLOADERS, Portfolios, open_portfolio
from chalicelib.services.lake_means import Manifest, manifest

MOST_DAYS = 31
GIVEN: Mapping[str, Table] = MappingProxyType(
    {name: table for name, table in TABLES.items() if not table.trail}
)  # where agents were is for those who lead them (docs/privacy-of-agents.md)
GOOD_FOR_S = 900
_AT_ONCE = 8
# What columns hold, as the file itself has it.
PARQUET: Mapping[str, str] = MappingProxyType(
    {
        "text": "string",
        "int": "int64",
        "bool": "boolean",
        "date": "date32",
        "moment": "timestamp[us], UTC",
    }
)


class Files(Protocol):
    def read(self, key: str) -> bytes | None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def files_of(
    portfolio_id: str,
    table: str,
    first: date | None,
    last: date | None,
    *,
    actor: Actor,
    portfolios: Portfolios,
    files: Files,
) -> dict[str, Any]:
    """
    Give the files of a table's days that are over, with short-lived addresses.

    Args:
        table: Of ``bi.tables``; empty: what tables there are, and no files.
        first, last: Days of the portfolio's calendar, both included; a month at most.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere; a creditor's own system may ask.
        BadField: No such table, or days that are missing, turned round or too many.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *UPLOADERS)
    asked = {"portfolio_id": portfolio.portfolio_id, "currency": portfolio.currency}
    if not table:
        return asked | {"tables": [_described(one) for one in GIVEN.values()], "items": []}
    if table not in GIVEN:
        raise BadField(field="table", reason="not_one_of", choices=sorted(GIVEN))
    days = _days(first, last)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        known = pool.map(lambda day: _known(portfolio_id, table, day, files), days)
        found = [one for one in known if one is not None and one.closed]
    return asked | {
        "tables": [_described(GIVEN[table])],
        "items": [
            {
                "day": one.day.isoformat(),
                "rows": one.rows,
                "size_bytes": one.size,
                "sha256": one.sha256,
                "whole": one.whole,
                "exported_at": one.exported_at,
                "url": files.link(
                    one.key,
                    filename=f"{table}-{one.day.isoformat()}.parquet",
                    expires_s=GOOD_FOR_S,
                ),
            }
            for one in found
        ],
    }


# Private


def _days(first: date | None, last: date | None) -> list[date]:
    if first is None or last is None:
        raise BadField(field="from" if first is None else "to", reason="missing")
    if last < first:
        raise BadField(field="to", reason="before_start")
    if (last - first).days >= MOST_DAYS:
        raise BadField(field="to", reason="too_long", most=MOST_DAYS)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _known(portfolio_id: str, table: str, day: date, files: Files) -> Manifest | None:
    body = files.read(tables.manifest_key(table, portfolio_id, day.isoformat()))
    return None if body is None else manifest(body)


def _described(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "version": tables.VERSION,
        "about": table.es,
        "by_day": "state" if table.state else "facts",
        "columns": [
            {"name": one.name, "type": PARQUET[one.kind], "about": one.es} for one in table.columns
        ],
    }
