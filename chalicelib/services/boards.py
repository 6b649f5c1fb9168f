"""Boards: what each person of a portfolio did today, this week or this month, against goals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import goals as goal_rules
from chalicelib.domain.days import local_day
from chalicelib.domain.effort import FIGURES, Sums
from chalicelib.domain.errors import BadField, GoalsMoved, PersonNotFound
from chalicelib.domain.goals import Goals
from chalicelib.domain.people import Actor, Person, Role
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.tracking import Presence
from chalicelib.services.access import MANAGERS, STAFF, need_portfolio
from chalicelib.services.portfolios import Portfolios
from chalicelib.services.portfolios import get as portfolio_of
from chalicelib.services.working_days import working_day

PERIODS = ("day", "week", "month")
MONEY = {"promised_minor": "promised", "kept_minor": "kept", "collected_minor": "collected"}
DAY = timedelta(days=1)


class Counters(Protocol):
    def effort(self, portfolio_id: str, first: str, last: str) -> Sums: ...
    def effort_of(self, portfolio_id: str, person_id: str, whens: Iterable[str]) -> Sums: ...


class People(Protocol):
    def several(self, person_ids: Iterable[str]) -> dict[str, Person]: ...


class GoalStore(Protocol):
    """``store.documents.Documents`` of goals, by month."""

    def get(self, portfolio_id: str, key: str) -> Goals | None: ...
    def add(self, document: Goals) -> bool: ...
    def save(self, document: Goals) -> Goals | None: ...


class Presences(Protocol):
    def heard(self, *, since: datetime | None, until: datetime | None = None) -> list[Presence]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """All that boards are read from."""

    counters: Counters
    people: People
    portfolios: Portfolios
    goals: GoalStore
    tracking: Presences


def team(
    portfolio_id: str, period: str, *, actor: Actor, means: Means, now: datetime
) -> dict[str, Any]:
    """
    Lay out a portfolio's board: who did what, by team, against their part of the month's goals.

    Whoever did anything this month is on it, with nothing if they did nothing in the period. An
    agent sees their own row, and no other's; two or three queries, whatever the portfolio's size.

    Args:
        period: ``day``, ``week`` (from Monday) or ``month``, each up to today.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    today = local_day(now, portfolio.time_zone)
    first = starts(period, today)
    manages = actor.role in MANAGERS
    own = actor.person_id
    month = today.isoformat()[:7]
    if manages:
        monthly = by_person(means.counters.effort(portfolio_id, month, month))
        done = (
            monthly
            if period == "month"
            else by_person(
                means.counters.effort(portfolio_id, first.isoformat(), today.isoformat())
            )
        )
    else:
        whens = [month] if period == "month" else _days(first, today)
        done = by_person(means.counters.effort_of(portfolio_id, own, whens))
        monthly = {own: {}}
    known = means.people.several({*monthly, *done, *((own,) if not manages else ())})
    kept = means.goals.get(portfolio_id, month)
    goals = kept.goals if kept else {}
    span = _working_days(portfolio, first, today, period), _month_days(portfolio, today)
    shifts = _shifts(means.tracking, known, today, portfolio, now) if period == "day" else {}
    rows: list[dict[str, Any]] = [
        {
            "person": {"id": person.person_id, "name": person.name},
            "team": person.team,
            "role": person.role.value,
            "figures": shown(done.get(person.person_id, {}), portfolio.currency),
            "goals": _goal(goals, f"person:{person.person_id}", span, portfolio.currency),
            "shift_s": shifts.get(person.person_id),
        }
        for person in sorted(
            known.values(), key=lambda one: (one.team.casefold(), one.name.casefold())
        )
    ]
    teams = sorted({one.team for one in known.values()}, key=str.casefold) if manages else []
    return {
        "portfolio_id": portfolio_id,
        "period": period,
        "first": first.isoformat(),
        "last": today.isoformat(),
        "month": month,
        "currency": portfolio.currency,
        "as_of": now.isoformat().replace("+00:00", "Z"),
        "ranking": portfolio.policies.ranking,
        "own": own,
        "rows": rows,
        "teams": [
            {
                "team": name,
                "people": len(members),
                "figures": shown(added(done.get(one, {}) for one in members), portfolio.currency),
                "goals": _goal(goals, f"team:{name}", span, portfolio.currency),
            }
            for name in teams
            if (members := [key for key, person in known.items() if person.team == name])
        ],
        "total": {
            "people": len(rows),
            "figures": shown(added(done.values()), portfolio.currency),
            "goals": _goal(goals, goal_rules.ALL, span, portfolio.currency) if manages else None,
        },
    }


def seen(
    portfolio_id: str, person_id: str, *, actor: Actor, means: Means
) -> tuple[Portfolio, Person]:
    """
    Open a portfolio and one person of it, for those who may see what that person did there.

    Everybody sees what they did themselves, also where they do not work any more; managers see
    those whose portfolio it is.

    Raises:
        PortfolioNotFound: None that the actor may see.
        PersonNotFound: Nobody of that portfolio; for an agent, anybody else.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    person = means.people.several([person_id]).get(person_id)
    if person is None or not may_see(person, portfolio_id, actor):
        raise PersonNotFound(person_id=person_id)
    return portfolio, person


def may_see(person: Person, portfolio_id: str, actor: Actor) -> bool:
    """Whether an actor who sees a portfolio may see what somebody did in it."""
    works = portfolio_id in person.portfolios or "*" in person.portfolios
    return person.person_id == actor.person_id or (actor.role in MANAGERS and works)


def goals_of(portfolio_id: str, month: str, *, actor: Actor, means: Means) -> Goals:
    """
    Give a month's goals as they were set; none, of version 0, where nobody did.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: It is no month.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    empty = Goals(portfolio_id=portfolio_id, month=month)
    for field, reason in goal_rules.faults(empty):
        raise BadField(field=field, reason=reason)
    return means.goals.get(portfolio_id, month) or empty


def set_goals(wanted: Goals, *, actor: Actor, means: Means) -> Goals:
    """
    Set a month's goals; what is not among them is no goal any more.

    Raises:
        GoalsMoved: They are not of the version that was changed.
        BadField: The first thing that makes no sense.
    """
    need_portfolio(actor, wanted.portfolio_id, *MANAGERS)
    portfolio_of(wanted.portfolio_id, actor=actor, portfolios=means.portfolios)
    for field, reason in goal_rules.faults(wanted):
        raise BadField(field=field, reason=reason)
    kept = {whose: figures for whose, figures in wanted.goals.items() if figures}
    wanted = replace(wanted, goals=kept)
    if wanted.version == 0:
        first = replace(wanted, version=1)
        stored = first if means.goals.add(first) else None
    else:
        stored = means.goals.save(wanted)
    if stored is None:
        raise GoalsMoved(month=wanted.month)
    return stored


def starts(period: str, today: date) -> date:
    """
    Give the first day of today's day, week or month.

    >>> starts("week", date(2026, 11, 22)).isoformat()
    '2026-11-16'
    """
    if period == "week":
        return today - timedelta(days=today.weekday())
    return today.replace(day=1) if period == "month" else today


def by_person(sums: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Add up sums by ``<when>#<person>`` over time."""
    found: dict[str, list[Mapping[str, int]]] = {}
    for name, figures in sums.items():
        found.setdefault(name.partition("#")[2], []).append(figures)
    return {person: added(several) for person, several in found.items()}


def added(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in several:
        for name, value in one.items():
            total[name] = total.get(name, 0) + value
    return total


def shown(figures: Mapping[str, int], currency: str) -> dict[str, Any]:
    """Lay figures out, JSON-safe, amounts as money; what is not there is nothing."""
    return {
        MONEY.get(name, name): (
            {"minor": figures.get(name, 0), "currency": currency}
            if name in MONEY
            else figures.get(name, 0)
        )
        for name in FIGURES
    }


# Private


def _goal(
    goals: Mapping[str, Mapping[str, int]], whose: str, span: tuple[int, int], currency: str
) -> dict[str, Any] | None:
    if whose not in goals:
        return None
    part = goal_rules.part(goals[whose], *span)
    return {
        MONEY.get(name, name): {"minor": value, "currency": currency} if name in MONEY else value
        for name, value in part.items()
    }


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _working_days(portfolio: Portfolio, first: date, today: date, period: str) -> int:
    """Of the period, as far as it lies in this month: what its part of the goal is reckoned by."""
    begins = max(first, today.replace(day=1))
    if period == "month":
        return _month_days(portfolio, today)
    last = first + timedelta(days=6) if period == "week" else today
    return _count(portfolio, begins, min(last, _month_end(today)))


def _month_days(portfolio: Portfolio, today: date) -> int:
    return _count(portfolio, today.replace(day=1), _month_end(today))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def _count(portfolio: Portfolio, first: date, last: date) -> int:
    number, day = 0, working_day(portfolio, first)
    while day <= last:
        number += 1
        day = working_day(portfolio, day + DAY)
    return number


def _shifts(
    tracking: Presences,
    people: Mapping[str, Person],
    today: date,
    portfolio: Portfolio,
    now: datetime,
) -> dict[str, int]:
    """Seconds that agents have been on the shift they began today."""
    if not any(person.role is Role.AGENT for person in people.values()):
        return {}
    found = {}
    for presence in tracking.heard(since=None):
        shift = presence.shift
        if presence.person_id not in people or shift is None:
            continue
        if local_day(shift.started_at, portfolio.time_zone) == today:
            until = shift.end(now) or now
            found[presence.person_id] = max(0, int((until - shift.started_at).total_seconds()))
    return found
