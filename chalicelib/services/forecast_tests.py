"""
One forecast tried against another on part of a portfolio's cases, and what became of both.

A case takes part from the day it first comes up for a call while the test runs, if either forecast
says anything of it; that is kept as it happens, and outcomes are counted from what was kept, never
from who would be in which arm today. Each case is looked at for the same days since then, so that
an arm that was tried longer has no more time to be paid in.
"""

import base64
import itertools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, PromiseState
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField, ForecastTestNotFound, PortfolioMoved
from chalicelib.domain.experiment import (
    Enrolment,
    Interval,
    difference,
    mean_difference,
    share,
)
from chalicelib.domain.forecast_test import (
    CHALLENGER,
    CHAMPION,
    MODELS,
    ForecastPolicy,
    ForecastTest,
    arm_of,
    faults,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.prediction import forecast
from chalicelib.services.access import MANAGERS, open_portfolio
from chalicelib.services.audit import audited
from chalicelib.services.portfolios import Portfolios

WATCHED_DAYS = 30
# Whole cases are opened to count: so many a request, and then on with the cursor.
MOST_CASES, AT_ONCE = 400, 100
MOST_TESTS = 50
SEEN_DIFFERENCE = 0.05  # that a test should be large enough to see,
_POWER = 1.959964 + 0.841621  # at 95 % and 80 % power
ENDED = (PromiseState.KEPT, PromiseState.PARTIAL, PromiseState.BROKEN)


class Tests(Protocol):
    """``store.documents.Documents`` of tests."""

    def add(self, document: ForecastTest) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> ForecastTest | None: ...
    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[ForecastTest], str | None]: ...


class Enrolments(Protocol):
    def enrolled(
        self, portfolio_id: str, strategy: str, *, after: str = ""
    ) -> Iterator[Enrolment]: ...


class Cases(Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


@dataclass(slots=True)
class Counted:
    """
    What became of an arm's cases within ``WATCHED_DAYS`` of taking part.

    Args:
        cases: All that take part; only of ``watched`` are the days over, and only they count below.
        paid_minor, squares: Sums over the watched cases of what was paid, and of its square.
        promises, kept: Made in those days and ended by now.
    """

    cases: int = 0
    watched: int = 0
    paid: int = 0
    paid_minor: int = 0
    squares: int = 0
    promises: int = 0
    kept: int = 0


def name_of(test_id: str) -> str:
    """What cases of a test are enrolled under, beside the A/B tests of strategies."""
    return f"forecast@{test_id}"


def settings(
    portfolio_id: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    tests: Tests,
    people: Callable[[set[str]], Mapping[str, str]],
) -> dict[str, Any]:
    """
    Lay out which forecast a portfolio goes by, what else is deployed, and the tests there were.

    Raises:
        PortfolioNotFound: None that the actor may see.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    known, _ = tests.page(portfolio_id, limit=MOST_TESTS, cursor=None)
    known.sort(key=lambda one: one.started_at, reverse=True)
    who = people({one.started_by for one in known})
    policy = portfolio.forecast
    return {
        "version": portfolio.version,
        "models": [_model(name) for name in MODELS],
        "champion": policy.champion,
        "challenger": policy.challenger or None,
        "percent": policy.percent,
        "test_id": policy.test_id or None,
        "current": _current(policy),
        "can_change": actor.role is Role.ADMIN,
        "tests": [
            {
                "test_id": one.test_id,
                "champion": one.policy.champion,
                "champion_id": one.policy.champion_id,
                "challenger": one.policy.challenger,
                "challenger_id": one.policy.challenger_id,
                "percent": one.policy.percent,
                "started_at": to_plain(one.started_at),
                "started_by": {"id": one.started_by, "name": who.get(one.started_by, "")},
                "running": one.test_id == policy.test_id,
            }
            for one in known
        ],
    }


def choose(
    portfolio_id: str,
    *,
    champion: str,
    challenger: str | None,
    percent: int,
    version: int,
    actor: Actor,
    portfolios: Portfolios,
    tests: Tests,
    now: datetime,
) -> Portfolio:
    """
    Choose the forecast a portfolio goes by, and begin, change or end a test.

    Whatever differs from the running test ends it and begins another: who was in which arm of
    the one before stays as it was kept.

    Args:
        version: The portfolio's version that the choice was made on.

    Raises:
        NotAllowed: The actor is no admin.
        PortfolioMoved: It has another version by now.
        BadField: No such model, none of that name deployed, or a percentage out of range.
    """
    before = open_portfolio(actor, portfolio_id, portfolios, Role.ADMIN)
    if before.version != version:
        raise PortfolioMoved(version=before.version)
    policy = ForecastPolicy(champion=champion, challenger=challenger or "", percent=percent)
    for field, reason in faults(policy):
        raise BadField(field=field, reason=reason)
    if policy.runs:
        policy = replace(
            policy,
            champion_id=forecast.id_of(champion),
            challenger_id=forecast.id_of(policy.challenger),
        )
        for field in ("champion", "challenger"):
            if not getattr(policy, f"{field}_id"):
                raise BadField(field=field, reason="not_deployed")
    if policy == replace(before.forecast, test_id=""):
        return before
    if policy.runs:
        test_id = derived_id("fct", portfolio_id, str(version), now.isoformat())
        policy = replace(policy, test_id=test_id)
        # Before the portfolio: a case that takes part is never of a test that nobody knows.
        tests.add(
            ForecastTest(
                portfolio_id=portfolio_id,
                test_id=test_id,
                policy=policy,
                started_at=now,
                started_by=actor.actor_id,
            )
        )
    after = replace(before, forecast=policy, version=version + 1, updated_at=now)
    facts = {
        f"forecast.{one.name}": [getattr(before.forecast, one.name), getattr(policy, one.name)]
        for one in fields(ForecastPolicy)
        if getattr(before.forecast, one.name) != getattr(policy, one.name)
    }
    audit = audited("portfolio.changed", f"portfolio:{portfolio_id}", actor, now, facts)
    portfolios.save(after, audit=audit)
    return after


def takes_part(file: CaseFile, portfolio: Portfolio, today: date) -> str | None:
    """
    Say which arm of the running test a case takes part in; None where it takes part in none.

    What a test began with must still be what is deployed: another model is another test.
    """
    policy = portfolio.forecast
    if not policy.runs or not _current(policy) or not forecast.tellable(file, policy, today):
        return None
    return arm_of(policy, file.head.case_id)


def result(
    portfolio_id: str,
    test_id: str,
    *,
    actor: Actor,
    portfolios: Portfolios,
    tests: Tests,
    enrolments: Enrolments,
    cases: Cases,
    now: datetime,
    cursor: str | None = None,
) -> dict[str, Any]:
    """
    Count what became of a test's cases, by arm, and how sure the difference is.

    Args:
        cursor: Of the answer before: it carries what was counted so far.

    Raises:
        ForecastTestNotFound: None of the portfolio.
        BadField: No cursor of ours.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, *MANAGERS)
    test = tests.get(portfolio_id, test_id)
    if test is None:
        raise ForecastTestNotFound(test_id=test_id)
    last, arms = _opened(cursor) if cursor else ("", {CHAMPION: Counted(), CHALLENGER: Counted()})
    reading = enrolments.enrolled(portfolio_id, name_of(test_id), after=last)
    taken = list(itertools.islice(reading, MOST_CASES))
    today = local_day(now, portfolio.time_zone)
    for first in range(0, len(taken), AT_ONCE):
        some = taken[first : first + AT_ONCE]
        over = [one for one in some if one.since + timedelta(days=WATCHED_DAYS) <= today]
        files = cases.open_many(one.case_id for one in over)
        for one in some:
            arms[one.arm].cases += 1
        for one in over:
            if one.case_id in files:
                _count(arms[one.arm], files[one.case_id], one.since, portfolio.time_zone)
    more = len(taken) == MOST_CASES
    base, tried = arms[CHAMPION], arms[CHALLENGER]
    needed = _needed(base.paid + tried.paid, base.watched + tried.watched)
    return {
        "test_id": test_id,
        "days": WATCHED_DAYS,
        "arms": [
            _arm(CHAMPION, test.policy.champion, base, portfolio.currency),
            _arm(CHALLENGER, test.policy.challenger, tried, portfolio.currency),
        ],
        "paid": _shares(tried.paid, tried.watched, base.paid, base.watched),
        "kept": _shares(tried.kept, tried.promises, base.kept, base.promises),
        "collected_minor": _means(tried, base),
        "needed": needed,
        "enough": min(base.watched, tried.watched) >= needed,
        "cursor": _sealed(taken[-1].case_id, arms) if more else None,
    }


# Private


def _model(name: str) -> dict[str, Any]:
    model = forecast.deployed(name)
    return {
        "name": name,
        "model_id": model.model_id if model else None,
        "until": to_plain(model.until) if model else None,
    }


def _current(policy: ForecastPolicy) -> bool:
    """Whether what is deployed is still what the test began with."""
    if not policy.runs:
        return True
    return (
        forecast.id_of(policy.champion) == policy.champion_id
        and forecast.id_of(policy.challenger) == policy.challenger_id
    )


def _count(arm: Counted, file: CaseFile, since: date, zone: str) -> None:
    until = since + timedelta(days=WATCHED_DAYS)
    undone = reversals(file.entries)
    paid = -sum(
        one.amount_minor
        for one in file.entries
        if one.kind is EntryKind.PAYMENT
        and one.entry_id not in undone
        and since <= one.effective_on < until
    )
    made = [
        one
        for one in file.promises
        if one.state in ENDED and since <= local_day(one.made_at, zone) < until
    ]
    arm.watched += 1
    arm.paid += paid > 0
    arm.paid_minor += paid
    arm.squares += paid * paid
    arm.promises += len(made)
    arm.kept += sum(one.state is PromiseState.KEPT for one in made)


def _arm(code: str, model: str, of: Counted, currency: str) -> dict[str, Any]:
    return {
        "code": code,
        "model": model,
        "cases": of.cases,
        "watched": of.watched,
        "paid": of.paid,
        "rate": _plain(share(of.paid, of.watched)) if of.watched else None,
        "collected": {"minor": of.paid_minor, "currency": currency},
        "promises": of.promises,
        "kept": of.kept,
    }


def _shares(hits: int, tries: int, base_hits: int, base_tries: int) -> dict[str, float] | None:
    if not tries or not base_tries:
        return None
    return _plain(difference(hits, tries, base_hits, base_tries))


def _means(tried: Counted, base: Counted) -> dict[str, float] | None:
    """How much more was paid a case, in minor units."""
    if min(tried.watched, base.watched) < 2:
        return None
    return _plain(
        mean_difference(
            (tried.watched, tried.paid_minor, tried.squares),
            (base.watched, base.paid_minor, base.squares),
        )
    )


def _needed(paid: int, watched: int) -> int:
    """Cases an arm with which ``SEEN_DIFFERENCE`` would mostly be seen, at the rate so far."""
    rate = paid / watched if watched and 0 < paid < watched else 0.5
    return math.ceil(2 * rate * (1 - rate) * (_POWER / SEEN_DIFFERENCE) ** 2)


def _plain(one: Interval) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high}


def _sealed(last: str, arms: Mapping[str, Counted]) -> str:
    plain = {code: [getattr(one, each.name) for each in fields(one)] for code, one in arms.items()}
    return base64.urlsafe_b64encode(json.dumps([last, plain]).encode()).decode()


def _opened(cursor: str) -> tuple[str, dict[str, Counted]]:
    try:
        last, plain = json.loads(base64.urlsafe_b64decode(cursor))
        return str(last), {
            code: Counted(*(int(one) for one in plain[code])) for code in (CHAMPION, CHALLENGER)
        }
    except (ValueError, TypeError, KeyError):
        raise BadField(field="cursor", reason="bad_format") from None
