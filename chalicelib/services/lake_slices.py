"""
A portfolio's own part of the lake, file by file, for its creditor: what each day holds, and where.

Files are given as they lie there, with the digest that their manifest tells; the dictionary says
what every column is, in Spanish or the reader's language. Nothing in them names anybody
(docs/lake.md).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from chalicelib.bi import dictionary, tables
from chalicelib.bi.tables import TABLES, Table
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.services.access import SLICED, Portfolios, open_portfolio
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
    addresses: bool = True,
    language: str = "es",
    actor: Actor,
    portfolios: Portfolios,
    files: Files,
) -> dict[str, Any]:
    """
    Give the files of a table's days that are over, with short-lived addresses.

    Args:
        table: Of ``bi.tables``; empty: what tables there are, and no files.
        first, last: Days of the portfolio's calendar, both included; a month at most.
        addresses: Whether the files are to be taken; without, what there is of them.
        language: ``es``, ``en`` or ``pt``, of the dictionary.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere; a creditor's own system may ask.
        BadField: No such table, or days that are missing, turned round or too many.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *SLICED)
    asked = {
        "portfolio_id": portfolio.portfolio_id,
        "portfolio": portfolio.name,
        "country": portfolio.country,
        "time_zone": portfolio.time_zone,
        "currency": portfolio.currency,
    }
    if not table:
        told = [described(one, language) for one in GIVEN.values()]
        return asked | {"tables": told, "items": []}
    if table not in GIVEN:
        raise BadField(field="table", reason="not_one_of", choices=sorted(GIVEN))
    days = _days(first, last)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        known = pool.map(lambda day: _known(portfolio_id, table, day, files), days)
        found = [one for one in known if one is not None and one.closed]
    return asked | {
        "tables": [described(GIVEN[table], language)],
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
                )
                if addresses
                else None,
            }
            for one in found
        ],
    }


def described(table: Table, language: str) -> dict[str, Any]:
    """Tell a table and its columns, in a language."""
    about = dictionary.words(table, language)
    return {
        "name": table.name,
        "version": tables.VERSION,
        "about": about[""],
        "by_day": "state" if table.state else "facts",
        "columns": [
            {"name": one.name, "type": PARQUET[one.kind], "about": about[one.name]}
            for one in table.columns
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
