"""
Which cases are worth a call today, and in which order: the day's queue is made here.

The plan ranks every case that it looks at; ``fill`` adds overdue ones that nobody asked for, so
many a day and in turn, so that none is forgotten. Nothing reads a whole portfolio.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain import ageing, reliability
from chalicelib.domain.agreed import agreed
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.call_turn import Place, Turn, Why
from chalicelib.domain.case import CaseFile, CaseStatus, PromiseState
from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import Attempt, Channel, Direction
from chalicelib.domain.days import local_day
from chalicelib.domain.foretold import Telling
from chalicelib.domain.good_hours import GoodHours
from chalicelib.domain.portfolio import Band, Portfolio
from chalicelib.domain.priority import Standing, rank
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.prediction import forecast
from chalicelib.services import contacting, forecast_tellings, forecast_tests, good_hours
from chalicelib.services.access import Portfolios
from chalicelib.services.call_backs import HEARD, UNHEARD
from chalicelib.services.casework import Lines
from chalicelib.services.good_hours import Known, nothing_known
from chalicelib.services.upload_ports import Queue
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Playbook
from chalicelib.strategies.playbook import segment_of

SPOKEN = frozenset({"answered", "conversation"})
CASES_A_MESSAGE = 50
# A list is read for lines that are worth a call; this many that are not end the day's fill.
MOST_PAGES = 20
CASES_A_PAGE = 200


class Turns(Protocol):
    """What ``store.call_turns`` keeps, as far as ranking asks."""

    def get_many(self, case_ids: Iterable[str]) -> dict[str, Turn]: ...

    def move_many(self, moves: Sequence[tuple[Turn | None, Turn]], *, now: datetime) -> int: ...

    def filled(self, portfolio_id: str) -> tuple[date | None, str | None]: ...

    def fill(
        self, portfolio_id: str, before: date | None, day: date, cursor: str | None
    ) -> bool: ...


class Cases(Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...

    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = ...,
        where: CaseFilter | None = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Lines: ...


class Enrolments(Protocol):
    """``store.enrolments``, as far as tests of the forecast and what it told ask."""

    def enrol(self, portfolio_id: str, strategy: str, arm: str, case_id: str, on: date) -> None: ...

    def tell(self, portfolio_id: str, telling: Telling) -> None: ...

    def known(self, portfolio_id: str, strategy: str, case_ids: Iterable[str]) -> set[str]: ...


class Playbooks(Protocol):
    def playbook(self, portfolio_id: str) -> Playbook | None: ...


# The mean balance of a portfolio's cases, in minor units.
Usual = Callable[[str], int]


def usual_of(totals: Mapping[str, int]) -> int:
    """
    The mean balance of the cases that owe, of a portfolio's level counters.

    >>> usual_of({"balance_minor": 900, "cases_open": 2, "cases_promised": 1, "cases_settled": 40})
    300
    """
    owing = sum(totals.get(f"cases_{one}", 0) for one in ("open", "promised", "held"))
    return max(0, totals.get("balance_minor", 0)) // owing if owing else 0


def standing_of(
    file: CaseFile,
    portfolio: Portfolio,
    today: date,
    *,
    usual_minor: int,
    called_back: bool = False,
) -> Standing | None:
    """
    Read what speaks for calling a case on *today*.

    Args:
        called_back: The debtor asked to be called now.

    Returns:
        None when there is nothing to call about: nothing that may be asked for is due, a hold
        stops it, or a promise runs and its day has not come.
    """
    if file.head.status is CaseStatus.VOID:
        return None
    left = collectable(file, portfolio, today)
    if left.stopped or left.oldest_due_on is None:
        return None
    bands = portfolio.policies.bands
    late = ageing.days_from_due(left.oldest_due_on, today)
    due_today = _due_today(file, portfolio, today)
    calls = [
        one
        for one in file.tasks
        if one.kind is TaskKind.CALL and one.state is TaskState.OPEN and one.due_on <= today
    ]
    asked = bool(calls)
    promised = any(one.state is PromiseState.OPEN and one.due_on != today for one in file.promises)
    wanted = called_back or due_today or asked or (late > 0 and not promised)
    if not wanted:
        return None
    own = ageing.band_of(left.oldest_due_on, today, bands)
    past_due = [band for band in bands if band.from_dpd is not None and band.from_dpd > 0]
    foretold = forecast.told(file, portfolio.forecast, today)
    return Standing(
        called_back=called_back,
        broken_days=_broken_days(file, portfolio, today),
        due_today=due_today,
        asked=asked,
        **_after_voice(calls, portfolio, today),
        likely=reliability.of(file.promises).score,
        forecast=foretold.percent if foretold else None,
        balance_minor=left.balance_minor,
        usual_minor=usual_minor,
        band=(past_due.index(own), len(past_due)) if own in past_due else None,
        rolls_in=_rolls_in(own, late),
        rested_days=_rested_days(file, portfolio, today),
        charged_off=file.head.charged_off > 0,
    )


def ranked(
    file: CaseFile,
    portfolio: Portfolio,
    segment: str,
    before: Turn | None,
    *,
    usual_minor: int,
    hours: GoodHours | None = None,
    now: datetime,
) -> Turn | None:
    """
    Say where a case's turn should be now; None when it should stay as it is, or have none.

    Who has the case keeps it, what was put off waits for its moment, and a case that was called
    today does not come up again today.

    Args:
        hours: What the portfolio knows of its hours, for the points that come and go by the hour.
    """
    today = local_day(now, portfolio.time_zone)
    standing = standing_of(file, portfolio, today, usual_minor=usual_minor)
    if before is not None and _stays(before, standing, now):
        return None
    if standing is None or not reachable(file, portfolio, now=now):
        gone = before is None or before.place is Place.DONE
        return None if before is None or gone else over(before, portfolio, Why.NOT_NOW, now=now)
    found = rank(standing, portfolio.policies.queue)
    told = good_hours.of_case(file, portfolio, Channel.CALL, segment=segment, known=hours, now=now)
    after = Turn(
        portfolio_id=portfolio.portfolio_id,
        case_id=file.head.case_id,
        place=Place.READY,
        day=today,
        segment=segment,
        score=found.score,
        reasons=found.reasons,
        hours=good_hours.of_day(told, today, portfolio.time_zone),
        version=before.version if before else 0,
    )
    return None if after == before else after


def reachable(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> bool:
    """Whether the law lets somebody of the case be called before the day is over."""
    today = local_day(now, portfolio.time_zone)
    for reach in contacting.reaches(file, Channel.CALL):
        at = contacting.rule(file, portfolio, reach, now=now).next_allowed_at
        if at is not None and local_day(at, portfolio.time_zone) <= today:
            return True
    return False


def over(turn: Turn, portfolio: Portfolio, why: Why, *, now: datetime, note: str = "") -> Turn:
    """The same turn, done for today."""
    return replace(
        turn,
        place=Place.DONE,
        until=tomorrow(now, portfolio.time_zone),
        why=why,
        person_id="",
        note=note,
        since=now,
    )


def tomorrow(now: datetime, time_zone: str) -> datetime:
    """The moment at which the portfolio's next day begins, in the zone's own time."""
    day = local_day(now, time_zone) + timedelta(days=1)
    return datetime.combine(day, time.min, ZoneInfo(time_zone))


def put(
    seen: Iterable[tuple[CaseFile, str]],
    portfolio: Portfolio,
    *,
    turns: Turns,
    enrolments: Enrolments,
    usual: Usual,
    hours: Known = nothing_known,
    now: datetime,
) -> int:
    """
    Rank cases, each with its segment's id, as they now are; says how many turns moved.

    What the forecast tells of them, and which arm of its test they are in, is kept before.

    Of one that somebody moves at the same time nothing is taken away: it is ranked again when
    the plan next looks at it. Safe to repeat.
    """
    files = {file.head.case_id: (file, segment) for file, segment in seen}
    if not files:
        return 0
    opened = [file for file, _ in files.values()]
    _enrol(opened, portfolio, enrolments=enrolments, now=now)
    forecast_tellings.keep(opened, portfolio, enrolments=enrolments, now=now)
    known = turns.get_many(files)
    usual_minor = usual(portfolio.portfolio_id)
    good = hours(portfolio.portfolio_id)
    moves = []
    for case_id, (file, segment) in files.items():
        before = known.get(case_id)
        after = ranked(
            file, portfolio, segment, before, usual_minor=usual_minor, hours=good, now=now
        )
        if after is not None:
            moves.append((before, after))
    return turns.move_many(moves, now=now)


def rank_cases(
    portfolio_id: str,
    case_ids: Sequence[str],
    *,
    portfolios: Portfolios,
    playbooks: Playbooks,
    cases: Cases,
    turns: Turns,
    enrolments: Enrolments,
    usual: Usual,
    hours: Known = nothing_known,
    now: datetime,
) -> int:
    """Open some cases and rank them; says how many turns moved. Safe to repeat."""
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None or portfolio.archived:
        return 0
    playbook = playbooks.playbook(portfolio_id) or Playbook(portfolio_id=portfolio_id)
    today = local_day(now, portfolio.time_zone)

    def segment(file: CaseFile) -> str:
        found = segment_of(playbook, facts_of(file, portfolio, today))
        return found.segment_id if found else ""

    seen = [(file, segment(file)) for file in cases.open_many(case_ids).values()]
    return put(
        seen, portfolio, turns=turns, enrolments=enrolments, usual=usual, hours=hours, now=now
    )


def fill(
    portfolio_id: str,
    *,
    portfolios: Portfolios,
    cases: Cases,
    turns: Turns,
    work: Queue,
    now: datetime,
) -> int:
    """
    Have overdue cases ranked that nobody asked for, once a day and as many as the policy says.

    The list by due date is gone through from where the day before ended, and from its start
    again when it is through: with 200 a day, 10,000 overdue cases come up every 50 days.
    """
    portfolio = portfolios.get(portfolio_id)
    if portfolio is None or portfolio.archived or portfolio.policies.queue.fill <= 0:
        return 0
    today = local_day(now, portfolio.time_zone)
    last, cursor = turns.filled(portfolio_id)
    if last is not None and last >= today:
        return 0
    wanted, found = portfolio.policies.queue.fill, list[str]()
    overdue = CaseFilter(status=CaseStatus.OPEN, due_to=today - timedelta(days=1))
    for _ in range(MOST_PAGES):
        limit = min(CASES_A_PAGE, wanted - len(found))
        page = cases.list(portfolio_id, sort="due", where=overdue, cursor=cursor, limit=limit)
        found += [line.case_id for line in page.items]
        cursor = page.cursor
        if cursor is None or len(found) >= wanted:
            break
    if not turns.fill(portfolio_id, last, today, cursor):
        return 0
    work.send(
        {
            "step": "rank",
            "portfolio_id": portfolio_id,
            "case_ids": found[first : first + CASES_A_MESSAGE],
        }
        for first in range(0, len(found), CASES_A_MESSAGE)
    )
    return len(found)


# Private


def _enrol(
    files: Sequence[CaseFile], portfolio: Portfolio, *, enrolments: Enrolments, now: datetime
) -> None:
    """
    Keep which arm of a test of the forecast cases are in, before they are ranked by it.

    A case takes part once somebody could be given it: nothing that is asked here differs by arm.
    """
    today = local_day(now, portfolio.time_zone)
    arms = {
        file.head.case_id: arm
        for file in files
        if (arm := forecast_tests.takes_part(file, portfolio, today)) is not None
        and standing_of(file, portfolio, today, usual_minor=0) is not None
        and reachable(file, portfolio, now=now)
    }
    if not arms:
        return
    name = forecast_tests.name_of(portfolio.forecast.test_id)
    for case_id in arms.keys() - enrolments.known(portfolio.portfolio_id, name, arms):
        enrolments.enrol(portfolio.portfolio_id, name, arms[case_id], case_id, today)


def _stays(turn: Turn, standing: Standing | None, now: datetime) -> bool:
    if turn.place is Place.LATER and turn.why is Why.CALL_BACK:
        return True  # the debtor was given a word
    return turn.rests(now) and (turn.place is not Place.LATER or standing is not None)


def _due_today(file: CaseFile, portfolio: Portfolio, today: date) -> bool:
    if any(one.state is PromiseState.OPEN and one.due_on == today for one in file.promises):
        return True
    plan = agreed(file, portfolio)
    return (
        plan is not None
        and plan.standing.next is not None
        and (plan.standing.next.share.due_on == today)
    )


def _after_voice(calls: Sequence[Task], portfolio: Portfolio, today: date) -> dict[str, Any]:
    """The voice message that the newest of the calls asked for follows, if it follows one."""
    spoken = [one for one in calls if one.cause.kind in (HEARD, UNHEARD)]
    if not spoken:
        return {}
    last = max(spoken, key=lambda one: (one.created_at, one.task_id))
    at = last.created_at.astimezone(ZoneInfo(portfolio.time_zone))
    minutes = at.hour * 60 + at.minute if at.date() == today else None
    return {"asked_for": last.cause.kind, "asked_at": minutes}


def _broken_days(file: CaseFile, portfolio: Portfolio, today: date) -> int | None:
    days = [one.last_day for one in file.promises if one.state is PromiseState.BROKEN]
    days += [
        local_day(one.ended_at, portfolio.time_zone)
        for one in file.agreements
        if one.state is AgreementState.DEFAULTED and one.ended_at is not None
    ]
    return (today - max(days)).days if days else None


def _rolls_in(band: Band | None, late: int) -> int | None:
    if band is None or band.to_dpd is None or late <= 0:
        return None
    return band.to_dpd + 1 - late


def _rested_days(file: CaseFile, portfolio: Portfolio, today: date) -> int | None:
    days = [
        local_day(one.sent_at or one.created_at, portfolio.time_zone)
        for one in file.attempts
        if _spoken(one)
    ]
    return (today - max(days)).days if days else None


def _spoken(one: Attempt) -> bool:
    return one.direction is Direction.IN or one.outcome in SPOKEN
