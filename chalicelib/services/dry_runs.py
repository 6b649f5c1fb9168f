"""Dry runs: who would get what on a day, what is blocked and why, what it would cost."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain import ids
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.dry_run import DryRun
from chalicelib.domain.errors import BadField, DryRunNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.access import MANAGERS, Portfolios, managed, open_portfolio
from chalicelib.services.case_rows import safe
from chalicelib.services.foresight import Line, foresee
from chalicelib.services.plan_agenda import SHARDS, Agenda
from chalicelib.services.plan_limits import Plays
from chalicelib.services.planning import plays_of
from chalicelib.services.sending_hours import Hours, no_hours
from chalicelib.services.strategies import Strategies
from chalicelib.services.upload_ports import Queue
from chalicelib.strategies.model import StrategyState

MOST_SAMPLE = 2_000
MOST_DAYS_AHEAD = 120
SHOWN = 200
PAGE = 100
RESERVE_S = 30.0
LINK_EXPIRES_S = 300


class Cases(Agenda, Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


class DryRuns(Protocol):
    def add(self, document: DryRun) -> bool: ...

    def get(self, portfolio_id: str, key: str) -> DryRun | None: ...

    def save(self, document: DryRun) -> DryRun | None: ...


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def start(
    portfolio_id: str,
    *,
    day: date,
    strategy_id: str,
    sample: int | None,
    language: str,
    actor: Actor,
    portfolios: Portfolios,
    strategies: Strategies,
    dry_runs: DryRuns,
    work: Queue,
    now: datetime,
) -> DryRun:
    """
    Ask for a dry run; it is worked out in the background.

    Raises:
        BadField: The day is past or too far, the sample too large, or there is no such strategy.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    ahead = (day - local_day(now, portfolio.time_zone)).days
    if not 0 <= ahead <= MOST_DAYS_AHEAD:
        raise BadField(field="day", reason="out_of_range", most=MOST_DAYS_AHEAD)
    if sample is not None and not 1 <= sample <= MOST_SAMPLE:
        raise BadField(field="sample", reason="out_of_range", most=MOST_SAMPLE)
    known = {each.strategy_id for each in strategies.all(portfolio_id)}
    if strategy_id and strategy_id not in known:
        raise BadField(field="strategy_id", reason="unknown")
    playbook = strategies.playbook(portfolio_id)
    made = DryRun(
        dry_run_id=ids.new_id("dry"),
        portfolio_id=portfolio_id,
        state="running",
        day=day,
        strategy_id=strategy_id,
        sample=sample,
        daily_budget_micros=playbook.daily_budget_micros if playbook else None,
        language=language,
        created_by=actor.actor_id,
        created_at=now,
        updated_at=now,
    )
    dry_runs.add(made)
    work.send([_message(made)])
    return made


def find(portfolio_id: str, dry_run_id: str, *, actor: Actor, dry_runs: DryRuns) -> DryRun:
    """
    Raises:
        DryRunNotFound: None of the portfolio.
    """
    missing = DryRunNotFound(dry_run_id=dry_run_id)
    return managed(dry_runs.get, portfolio_id, dry_run_id, actor=actor, missing=missing)


def links(run: DryRun, files: Files) -> list[str]:
    """Give short-lived addresses of the CSV files, once all are there."""
    if run.state != "done":
        return []
    return [
        files.link(key, filename=f"plan-{run.day}-{number}.csv", expires_s=LINK_EXPIRES_S)
        for number, key in enumerate(run.files, start=1)
    ]


def work_on(
    portfolio_id: str,
    dry_run_id: str,
    part: int,
    *,
    portfolios: Portfolios,
    strategies: Strategies,
    cases: Cases,
    dry_runs: DryRuns,
    files: Files,
    work: Queue,
    hours: Hours = no_hours,
    now: datetime,
    time_left_s: Callable[[], float],
) -> None:
    """
    Work on a dry run until it is done or time is up; what is left is the next message's.

    Safe to repeat: a part that was noted is not worked out again.
    """
    run = dry_runs.get(portfolio_id, dry_run_id)
    portfolio = portfolios.get(portfolio_id)
    if run is None or portfolio is None or run.state != "running" or len(run.files) != part:
        return
    plays = _tried(plays_of(portfolio, strategies), run, strategies)
    # The days begin where the run was asked for, however long it takes.
    sheet = Sheet(portfolio=portfolio, language=run.language, first=part == 0)
    found = _Found(lines=list(run.lines))
    begun = _Place(
        portfolio_id,
        run.day,
        run.sample,
        everything=bool(run.strategy_id),
        shard=run.shard,
        cursor=run.cursor,
        number=run.cases,
    )
    shard, cursor = run.shard, run.cursor
    for file, place in _files(begun, cases):
        shard, cursor = place.shard, place.cursor
        if file is not None:
            lines = foresee(file, plays, run.day, now=run.created_at, hours=hours)
            found.take(lines)
            sheet.write(lines)
        elif time_left_s() < RESERVE_S:
            break
    else:
        shard, cursor = SHARDS, None
    key = f"{portfolio_id}/dry-runs/{dry_run_id}-{part}.csv"
    files.write(key, sheet.body(), content_type="text/csv; charset=utf-8")
    saved = dry_runs.save(
        replace(
            run,
            state="done" if shard == SHARDS else "running",
            updated_at=now,
            cases=run.cases + found.cases,
            outcomes=dict(Counter(run.outcomes) + found.outcomes),
            channels=dict(Counter(run.channels) + found.channels),
            codes=dict(Counter(run.codes) + found.codes),
            cost_micros=run.cost_micros + found.cost_micros,
            lines=tuple(found.lines),
            shard=shard,
            cursor=cursor,
            files=(*run.files, key),
        )
    )
    if saved is not None and saved.state == "running":
        work.send([_message(saved)])


def cases_of(
    cases: Cases, portfolio_id: str, day: date, *, sample: int | None, everything: bool
) -> Iterator[CaseFile]:
    """
    Open the cases a day may have something for, one after the other.

    Args:
        sample: About how many at most; they are taken from all shards.
        everything: All that owe, as for a strategy that is not in force yet; else those that
            are on the agenda by the day.
    """
    start = _Place(portfolio_id, day, sample, everything=everything)
    for file, _ in _files(start, cases):
        if file is not None:
            yield file


@dataclass(frozen=True, slots=True)
class _Place:
    """Where reading cases stands: what is read, and from where on."""

    portfolio_id: str
    day: date
    sample: int | None
    everything: bool
    shard: int = 0
    cursor: str | None = None
    number: int = 0


@dataclass(slots=True)
class _Found:
    """What a part of a dry run found."""

    lines: list[dict[str, Any]]
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    cost_micros: int = 0

    def take(self, lines: Sequence[Line]) -> None:
        self.cases += 1
        for line in lines:
            self.outcomes[line.outcome] += 1
            self.cost_micros += line.cost_micros
            if line.outcome == "goes":
                self.channels[line.channel] += 1
            if line.code:
                self.codes[line.code] += 1
            # What happens is shown before what does not.
            if line.outcome != "nothing" and len(self.lines) < SHOWN:
                self.lines.append(to_plain(line))


HEADERS = {
    "es": ("expediente", "nombre", "segmento", "estrategia", "paso", "brazo", "resultado",
           "canal", "cuando", "motivo", "articulo", "costo_usd"),
    "en": ("case", "name", "segment", "strategy", "step", "arm", "outcome",
           "channel", "when", "reason", "article", "cost_usd"),
    "pt": ("caso", "nome", "segmento", "estrategia", "passo", "braco", "resultado",
           "canal", "quando", "motivo", "artigo", "custo_usd"),
}  # fmt: skip


class Sheet:
    """Lines as CSV, in the portfolio's own time."""

    def __init__(self, *, portfolio: Portfolio, language: str, first: bool) -> None:
        self._zone = ZoneInfo(portfolio.time_zone)
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)
        if first:
            self._text.write("\ufeff")  # Excel reads UTF-8 only with this mark
            self._writer.writerow(HEADERS.get(language, HEADERS["es"]))

    def write(self, lines: Sequence[Line]) -> None:
        for line in lines:
            at = line.at.astimezone(self._zone).isoformat(timespec="minutes") if line.at else ""
            cost = f"{line.cost_micros / 1_000_000:.6f}" if line.outcome == "goes" else ""
            self._writer.writerow(
                [
                    line.case_id, safe(line.name), line.segment, line.strategy, line.step,
                    line.arm, line.outcome, line.channel, at, line.code, safe(line.article), cost,
                ]
            )  # fmt: skip

    def body(self) -> bytes:
        return self._text.getvalue().encode()


# Private


def _tried(plays: Plays, run: DryRun, strategies: Strategies) -> Plays:
    """Put the draft under trial in the place of its strategy's published version."""
    if not run.strategy_id:
        return plays
    own = [s for s in strategies.all(run.portfolio_id) if s.strategy_id == run.strategy_id]
    newest = max(own, key=lambda s: s.version)
    as_published = replace(
        newest,
        state=StrategyState.PUBLISHED,
        valid_from=local_day(run.created_at, plays.portfolio.time_zone),
    )
    others = tuple(s for s in plays.strategies if s.strategy_id != run.strategy_id)
    return replace(plays, strategies=(*others, as_published))


def _files(place: _Place, cases: Cases) -> Iterator[tuple[CaseFile | None, _Place]]:
    """Open the cases one after the other; None after each page, where one may stop."""
    each = None if place.sample is None else -(-place.sample // SHARDS)
    taken: Counter[int] = Counter()
    while place.shard < SHARDS:
        page = (
            cases.owing(place.portfolio_id, place.shard, cursor=place.cursor, limit=PAGE)
            if place.everything
            else cases.due_cases(
                place.portfolio_id, place.shard, place.day, cursor=place.cursor, limit=PAGE
            )
        )
        here, items = place.shard, page.items
        if each is not None:
            items = items[: each - taken[here]]
            taken[here] += len(items)
        over = page.cursor is None or (each is not None and taken[here] >= each)
        place = replace(place, shard=here + over, cursor=None if over else page.cursor)
        for file in cases.open_many(items).values():
            if place.sample is not None and place.number >= place.sample:
                return
            place = replace(place, number=place.number + 1)
            yield file, place
        yield None, place


def _message(run: DryRun) -> dict[str, Any]:
    return {
        "step": "dry_run",
        "portfolio_id": run.portfolio_id,
        "dry_run_id": run.dry_run_id,
        "part": len(run.files),
    }
