"""A filtered list of cases, or those behind a number, as a CSV file written in the background."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.bi import questions
from chalicelib.domain import ids
from chalicelib.domain.draft import local_day
from chalicelib.domain.errors import BadField, DayMissing, ExportNotFound, FigureNotTold
from chalicelib.domain.export import Export
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import case_filters, case_rows, case_search, figure_cases
from chalicelib.services.access import MANAGERS, Portfolios, managed, open_portfolio
from chalicelib.services.figures import FigureEngine
from chalicelib.services.upload_ports import Queue

PAGE = 500
PART_BYTES = 8 << 20
RESERVE_S = 30.0
LINK_EXPIRES_S = 300

Behind = Callable[[Portfolio], questions.Question]
_Page = tuple[list[list[str]], str | None]  # rows, and where the next page begins


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
    behind: Behind | None = None,
) -> Export:
    """
    Ask for a file of the cases that *filters* leave; it is written in the background.

    Args:
        behind: Makes the question of whose number the cases are wanted, instead.

    Raises:
        PortfolioNotFound, NotAllowed: Not the actor's to take.
        BadField: What cannot be asked, by name.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    question = behind(portfolio) if behind else None
    kept = {} if question else case_filters.checked(filters, portfolio, now=now)
    export = Export(
        export_id=ids.new_id("exp"),
        portfolio_id=portfolio_id,
        state="running",
        filters=kept,
        question=questions.plain(question) if question else None,
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
    engine: FigureEngine,
    now: datetime,
    time_left_s: Callable[[], float],
    read_phone: case_search.ReadPhone,
) -> None:
    """
    Write an export, part by part; what time does not allow is left to the next message.

    Safe to repeat: it goes on from the last part that was noted, and a part sent twice is the
    same part.

    Raises:
        FigureNotTold: The lake was slow; the message comes again, and finds its answer.
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
        listed = _Listed(cases, engine, read_phone)
        for part in _parts(export, portfolio, listed, now):
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
    except FigureNotTold as error:
        if error.details.get("reason") != "too_much":
            raise
        exports.save(replace(export, state="failed", updated_at=now))
        return
    except (BadField, DayMissing):  # a word too short to look up, a day that is not there
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


@dataclass(frozen=True, slots=True)
class _Listed:
    """What cases are read with."""

    cases: case_search.Lists
    engine: FigureEngine
    read_phone: case_search.ReadPhone


def _parts(export: Export, portfolio: Portfolio, listed: _Listed, now: datetime) -> Iterator[_Part]:
    """Make the parts that are still missing; there is always at least one."""
    if export.parts and export.cursor is None:
        return
    text = io.StringIO()
    writer = csv.writer(text)
    if not export.parts:
        text.write("\ufeff")  # Excel reads UTF-8 only with this mark
        language = export.language if export.language in case_rows.HEADERS else "es"
        more = case_rows.BEHIND[language] if export.question else ()
        writer.writerow((*case_rows.HEADERS[language], *more))
    rows, cursor = export.rows, export.cursor
    read = _found if export.question is None else _behind
    while True:
        page, cursor = read(export, portfolio, cursor, listed, now)
        writer.writerows(page)
        rows += len(page)
        if cursor is None or text.tell() >= PART_BYTES:
            yield _Part(text.getvalue().encode(), rows, cursor)
            if cursor is None:
                return
            text.seek(0)
            text.truncate()


def _found(
    export: Export, portfolio: Portfolio, cursor: str | None, listed: _Listed, now: datetime
) -> _Page:
    """Read a page of what the filters leave."""
    today = local_day(now, portfolio.time_zone)
    page = case_search.search(
        portfolio,
        export.filters.get("q", ""),
        where=case_filters.where(export.filters, portfolio, now=now),
        sort=case_filters.sort_of(export.filters),
        cursor=cursor,
        limit=PAGE,
        cases=listed.cases,
        read_phone=listed.read_phone,
    )
    return [case_rows.row(case, today) for case, _ in page.items], page.cursor


def _behind(
    export: Export, portfolio: Portfolio, cursor: str | None, listed: _Listed, now: datetime
) -> _Page:
    """Read a page of the cases behind a number, as they stand now, with what each has of it."""
    question = figure_cases.going_on(questions.parse(export.question), cursor)
    found, after = figure_cases.page(question, listed.engine)
    part, today = figure_cases.part_of(question), local_day(now, portfolio.time_zone)
    heads = listed.cases.heads(found)
    rows = [
        [
            *case_rows.row(head, today),
            str(times),
            case_rows.worth(worth, part, portfolio.currency),
        ]
        for case_id, (times, worth) in found.items()
        if (head := heads.get(case_id)) and head.portfolio_id == portfolio.portfolio_id
    ]
    return rows, None if after is None else str(after)


def _message(export: Export) -> dict[str, Any]:
    return {
        "portfolio_id": export.portfolio_id,
        "export_id": export.export_id,
        "part": len(export.parts),
    }
