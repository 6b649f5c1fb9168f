"""The figures of a portfolio as of today, from counters that move with every fact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import reliability
from chalicelib.domain.ageing import days_from_due
from chalicelib.domain.case import CaseStatus, CounterMoves
from chalicelib.domain.counters import NO_DATE
from chalicelib.domain.draft import local_day
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Band, Portfolio
from chalicelib.services import case_pages
from chalicelib.services.access import MANAGERS, STAFF, Portfolios, need, open_portfolio

READERS = 8  # hundreds of portfolios one after the other would be felt

DAYS_SHOWN = 30
_STATES = [status.value for status in CaseStatus if status is not CaseStatus.VOID]


Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known


class PeopleCounters(Protocol):
    def people(self, portfolio_id: str) -> dict[str, dict[str, int]]: ...


class Counters(Protocol):
    def read(self, portfolio_id: str, *, days_since: date | None = None) -> CounterMoves: ...


def of_portfolio(
    portfolio_id: str, *, actor: Actor, portfolios: Portfolios, counters: Counters, now: datetime
) -> dict[str, Any]:
    """
    Give a portfolio's figures, JSON-safe. One query, whatever the portfolio's size.

    ``overdue`` is the whole balance of debts whose oldest unpaid part is past due, and bands
    count debts the same way: each debt is in one band, that of its oldest unpaid part. What is
    due further ahead than the first band, or owes no more than the tolerance, is in none.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *STAFF)
    return figures(portfolio, counters, now)


def figures(portfolio: Portfolio, counters: Counters, now: datetime) -> dict[str, Any]:
    """Reckon the figures of ``of_portfolio`` on the portfolio's own today."""
    today = local_day(now, portfolio.time_zone)
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    since = min(last_month, today - timedelta(days=DAYS_SHOWN))
    sums = counters.read(portfolio.portfolio_id, days_since=since)
    currency = portfolio.currency

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": currency}

    return {
        "as_of": now.isoformat().replace("+00:00", "Z"),
        "today": today.isoformat(),
        "currency": currency,
        "balance": money(sums.totals.get("balance_minor", 0)),
        "overdue": money(overdue_minor(sums.due, today)),
        "debts": sums.totals.get("debts", 0),
        "cases": {state: sums.totals.get(f"cases_{state}", 0) for state in _STATES},
        "bands": [
            {
                "code": band.code,
                "from_dpd": band.from_dpd,
                "to_dpd": band.to_dpd,
                "balance": money(_in_band(sums.due, band, today)),
                "debts": _in_band(sums.due_debts, band, today),
            }
            for band in portfolio.policies.bands
        ],
        "recovered": {
            name: money(_flow(sums.days, "paid_minor", *span))
            for name, span in _spans(today).items()
        },
        "payments": {
            name: _flow(sums.days, "payments", *_spans(today)[name])
            for name in ("today", "this_month")
        },
        "promises": {
            name: _flow(sums.days, f"promises_{name}", *_spans(today)["this_month"])
            for name in ("matured", "kept", "partial", "broken")
        },
        "agreements": {
            name: _agreements(sums.days, money, *_spans(today)[name])
            for name in ("this_week", "this_month", "last_month")
        },
        "disputes": _disputes(sums, money, *_spans(today)["this_month"]),
        "days": [
            {
                "day": day.isoformat(),
                "paid": money(_flow(sums.days, "paid_minor", day, day)),
                "payments": _flow(sums.days, "payments", day, day),
            }
            for day in (today - timedelta(days=back) for back in reversed(range(DAYS_SHOWN)))
        ],
    }


def _agreements(
    days: Mapping[str, Mapping[str, int]],
    money: Callable[[int], dict[str, Any]],
    first: date,
    last: date,
) -> dict[str, Any]:
    """
    What became of agreements in a span; what is kept is kept of payments that matured in it.

    The rate by number is kept / matured, that by money what was paid in time of what was due.
    """

    def flow(name: str) -> int:
        return _flow(days, name, first, last)

    return {
        "offered": flow("agreements_offered"),
        "accepted": flow("agreements"),
        "completed": flow("agreements_completed"),
        "broken": flow("agreements_broken"),
        "agreed": money(flow("agreed_minor")),
        "matured": flow("shares_matured"),
        "kept": flow("shares_kept"),
        "due": money(flow("shares_minor")),
        "paid": money(flow("shares_kept_minor")),
    }


def _disputes(
    sums: CounterMoves, money: Callable[[int], dict[str, Any]], first: date, last: date
) -> dict[str, Any]:
    """Those under way, what they are about, and what became of others this month."""
    ways = ("opened", "accepted", "partly", "rejected", "withdrawn")
    return {
        "open": sums.totals.get("disputes", 0),
        "cases": sums.totals.get("cases_disputed", 0),
        "balance": money(sums.totals.get("disputed_minor", 0)),
        "this_month": {way: _flow(sums.days, f"disputes_{way}", first, last) for way in ways},
    }


def reliability_of_people(
    portfolio_id: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    counters: PeopleCounters,
    people: Names,
) -> list[dict[str, Any]]:
    """
    How far the promises that each person agreed are kept, who agreed most first.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    currency = portfolio.currency
    found = {key: reliability.read(of) for key, of in counters.people(portfolio_id).items()}
    who = people({f"user:{key}" for key in found})
    most = sorted(found.items(), key=lambda one: (-one[1].matured, one[0]))
    return [
        {"person": {"id": key, "name": who.get(f"user:{key}", "")}}
        | case_pages.reliability_of(of, lambda minor: {"minor": minor, "currency": currency})
        for key, of in most
        if of.matured
    ]


def small(portfolio: Portfolio, counters: Counters, now: datetime) -> dict[str, Any]:
    """Give the few figures a list of portfolios shows: cases, balance, overdue."""
    today = local_day(now, portfolio.time_zone)
    sums = counters.read(portfolio.portfolio_id, days_since=today)
    currency = portfolio.currency
    return {
        "cases": sum(sums.totals.get(f"cases_{state}", 0) for state in _STATES),
        "balance": {"minor": sums.totals.get("balance_minor", 0), "currency": currency},
        "overdue": {"minor": overdue_minor(sums.due, today), "currency": currency},
    }


def small_of_all(
    portfolios: Sequence[Portfolio], counters: Counters, now: datetime
) -> list[dict[str, Any]]:
    """The small figures of many portfolios, in their order: each is a query, several at once."""
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(lambda each: small(each, counters, now), portfolios))


def across(
    seen: Iterable[Portfolio], *, actor: Actor, counters: Counters, now: datetime
) -> dict[str, Any]:
    """
    Sum the figures of several portfolios by currency; amounts of two are never added.

    Each portfolio counts on its own today. Bands are added by their code.
    """
    need(actor, *STAFF)
    by_currency: dict[str, dict[str, Any]] = {}
    for portfolio in seen:
        one = figures(portfolio, counters, now)
        known = by_currency.get(portfolio.currency)
        by_currency[portfolio.currency] = one if known is None else _added(known, one)
    return {"currencies": [by_currency[code] for code in sorted(by_currency)]}


def overdue_minor(due: Mapping[str, int], today: date) -> int:
    """Sum what is past due on *today* of an ageing histogram by ISO date."""
    limit = today.isoformat()
    return sum(minor for day, minor in due.items() if day != NO_DATE and day < limit)


def _in_band(histogram: Mapping[str, int], band: Band, today: date) -> int:
    total = 0
    for day, value in histogram.items():
        if day == NO_DATE:
            continue
        dpd = days_from_due(date.fromisoformat(day), today)
        if (band.from_dpd is None or dpd >= band.from_dpd) and (
            band.to_dpd is None or dpd <= band.to_dpd
        ):
            total += value
    return total


def _spans(today: date) -> dict[str, tuple[date, date]]:
    """The spans that recoveries are summed over, both ends inclusive; weeks begin on Monday."""
    month = today.replace(day=1)
    last_end = month - timedelta(days=1)
    last = last_end.replace(day=1)
    same_day = min(last_end, last + timedelta(days=today.day - 1))
    return {
        "today": (today, today),
        "this_week": (today - timedelta(days=today.weekday()), today),
        "this_month": (month, today),
        "last_month_to_date": (last, same_day),
        "last_month": (last, last_end),
    }


def _flow(days: Mapping[str, Mapping[str, int]], name: str, first: date, last: date) -> int:
    low, high = first.isoformat(), last.isoformat()
    return sum(flow.get(name, 0) for day, flow in days.items() if low <= day <= high)


def _added(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Add up two sets of figures of one currency: numbers are summed, lists by their key."""
    total = dict(one)
    for name, value in other.items():
        mine = one.get(name)
        if name in ("from_dpd", "to_dpd", "today", "as_of"):
            continue
        if isinstance(value, int) and isinstance(mine, int):
            total[name] = mine + value
        elif isinstance(value, dict) and isinstance(mine, dict):
            total[name] = _added(mine, value)
        elif isinstance(value, list) and isinstance(mine, list):
            total[name] = _joined(mine, value)
    return total


def _joined(mine: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    key = "code" if any("code" in row for row in (*mine, *others)) else "day"
    rows = {row[key]: row for row in mine}
    for row in others:
        rows[row[key]] = _added(rows[row[key]], row) if row[key] in rows else row
    joined = list(rows.values())
    return sorted(joined, key=lambda row: str(row["day"]))[-DAYS_SHOWN:] if key == "day" else joined
