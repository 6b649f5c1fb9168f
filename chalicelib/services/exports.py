"""A filtered list of cases as a CSV file, written in the background."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain import ids
from chalicelib.domain.case import CaseHead
from chalicelib.domain.case_list import CaseLine
from chalicelib.domain.draft import local_day
from chalicelib.domain.errors import BadField, ExportNotFound
from chalicelib.domain.export import Export
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import case_filters, case_search
from chalicelib.services.access import MANAGERS, Portfolios, managed, open_portfolio
from chalicelib.services.upload_ports import Queue

PAGE = 500
PART_BYTES = 8 << 20
RESERVE_S = 30.0
LINK_EXPIRES_S = 300
# Formulas that a spreadsheet would run when it opens the file begin with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Exports(Protocol):
    def add(self, export: Export) -> bool: ...

    def get(self, portfolio_id: str, export_id: str) -> Export | None: ...

    def save(self, export: Export) -> Export | None:
        """Write over the version it was read at; None when another worker was quicker."""
        ...


class PartFiles(Protocol):
    """Objects written part by part, over several lives of a worker."""

    def begin(self, key: str, *, content_type: str) -> str: ...

    def part(self, key: str, writing: str, number: int, body: bytes) -> str:
        """Send part *number* (from 1, 5 MB or more but for the last); returns its tag."""
        ...

    def end(self, key: str, writing: str, parts: Sequence[str]) -> None: ...

    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def start(
    portfolio_id: str,
    filters: Mapping[str, Any],
    *,
    actor: Actor,
    language: str,
    portfolios: Portfolios,
    exports: Exports,
    jobs: Queue,
    now: datetime,
) -> Export:
    """Ask for a file of the cases that *filters* leave; it is written in the background."""
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    kept = case_filters.checked(filters, portfolio, now=now)
    export = Export(
        export_id=ids.new_id("exp"),
        portfolio_id=portfolio_id,
        state="running",
        filters=kept,
        language=language,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
    )
    exports.add(export)
    jobs.send([_message(export)])
    return export


def find(portfolio_id: str, export_id: str, *, actor: Actor, exports: Exports) -> Export:
    """Load an export; only who may make one may see it."""
    missing = ExportNotFound(export_id=export_id)
    return managed(exports.get, portfolio_id, export_id, actor=actor, missing=missing)


def link(export: Export, *, files: PartFiles) -> str | None:
    """Give a short-lived address of the file, once there is one."""
    if export.state != "done":
        return None
    name = f"cases-{export.created_at:%Y-%m-%d}.csv"
    return files.link(export.key, filename=name, expires_s=LINK_EXPIRES_S)


def write(
    portfolio_id: str,
    export_id: str,
    *,
    portfolios: Portfolios,
    exports: Exports,
    cases: case_search.Lists,
    files: PartFiles,
    jobs: Queue,
    now: datetime,
    time_left_s: Callable[[], float],
    read_phone: case_search.ReadPhone,
) -> None:
    """
    Write an export, part by part; what time does not allow is left to the next message.

    Safe to repeat: it goes on from the last part that was noted, and a part sent twice is the
    same part.
    """
    export = exports.get(portfolio_id, export_id)
    portfolio = portfolios.get(portfolio_id)
    if export is None or portfolio is None or export.state != "running":
        return
    if export.writing is None:
        writing = files.begin(export.key, content_type="text/csv; charset=utf-8")
        begun = exports.save(replace(export, writing=writing, updated_at=now))
        if begun is None:
            return
        export = begun
    try:
        for part in _parts(export, portfolio, cases, read_phone, now):
            assert export.writing is not None  # noqa: S101 - begun above
            tag = files.part(export.key, export.writing, len(export.parts) + 1, part.body)
            saved = exports.save(
                replace(
                    export,
                    rows=part.rows,
                    cursor=part.cursor,
                    parts=(*export.parts, tag),
                    updated_at=now,
                )
            )
            if saved is None:
                return  # another delivery of the message is at it
            export = saved
            if part.cursor is not None and time_left_s() < RESERVE_S:
                jobs.send([_message(export)])
                return
    except BadField:  # a word too short to look up, that is no id of anything either
        exports.save(replace(export, state="failed", updated_at=now))
        return
    assert export.writing is not None  # noqa: S101 - begun above
    files.end(export.key, export.writing, export.parts)
    exports.save(replace(export, state="done", updated_at=now))


@dataclass(frozen=True, slots=True)
class _Part:
    body: bytes
    rows: int
    cursor: str | None


HEADERS = {
    "es": (
        "expediente", "nombre", "identificacion_fiscal", "estado", "saldo", "moneda",
        "vence_desde", "dias_de_atraso", "ciudad", "etiquetas", "adeudos", "ultimo_pago",
    ),
    "en": (
        "case", "name", "tax_id", "status", "balance", "currency",
        "oldest_due_on", "days_past_due", "city", "tags", "debts", "last_payment_on",
    ),
    "pt": (
        "caso", "nome", "identificacao_fiscal", "estado", "saldo", "moeda",
        "vence_desde", "dias_de_atraso", "cidade", "etiquetas", "dividas", "ultimo_pagamento",
    ),
}  # fmt: skip


def _parts(
    export: Export,
    portfolio: Portfolio,
    cases: case_search.Lists,
    read_phone: case_search.ReadPhone,
    now: datetime,
) -> Iterator[_Part]:
    """Make the parts that are still missing; there is always at least one."""
    if export.parts and export.cursor is None:
        return
    text = io.StringIO()
    writer = csv.writer(text)
    if not export.parts:
        text.write("\ufeff")  # Excel reads UTF-8 only with this mark
        writer.writerow(HEADERS.get(export.language, HEADERS["es"]))
    rows, cursor = export.rows, export.cursor
    today = local_day(now, portfolio.time_zone)
    chosen = case_filters.where(export.filters, portfolio, now=now)
    while True:
        page = case_search.search(
            portfolio,
            export.filters.get("q", ""),
            where=chosen,
            sort=case_filters.sort_of(export.filters),
            cursor=cursor,
            limit=PAGE,
            cases=cases,
            read_phone=read_phone,
        )
        writer.writerows(_row(case, today) for case, _ in page.items)
        rows += len(page.items)
        cursor = page.cursor
        if cursor is None or text.tell() >= PART_BYTES:
            yield _Part(text.getvalue().encode(), rows, cursor)
            if cursor is None:
                return
            text.seek(0)
            text.truncate()


def _row(line: CaseLine | CaseHead, today: date) -> list[str]:
    dpd = (today - line.oldest_due_on).days if line.oldest_due_on else None
    return [
        line.case_id,
        safe(line.name),
        safe(line.tax_id),
        line.status.value,
        _amount(line.balance_minor, line.currency),
        line.currency,
        line.oldest_due_on.isoformat() if line.oldest_due_on else "",
        "" if dpd is None else str(max(dpd, 0)),
        safe(line.city),
        safe(" ".join(line.tags)),
        str(line.debts),
        line.last_payment_on.isoformat() if line.last_payment_on else "",
    ]


def safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _amount(minor: int, currency: str) -> str:
    """
    Write an amount exactly, with the currency's decimals.

    >>> _amount(-1205, "MXN"), _amount(57603, "CLP")
    ('-12.05', '57603')
    """
    decimals = DECIMALS[currency]
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def _message(export: Export) -> dict[str, Any]:
    return {
        "portfolio_id": export.portfolio_id,
        "export_id": export.export_id,
        "part": len(export.parts),
    }
