"""What somebody earned in a month of a portfolio, line by line, from the payments themselves."""

from calendar import monthrange
from datetime import date
from typing import Any

from chalicelib.domain import commission
from chalicelib.domain.errors import BadField
from chalicelib.domain.goals import PERSON
from chalicelib.domain.ledger import Entry
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.services import boards
from chalicelib.services.access import STAFF, open_portfolio
from chalicelib.services.coaching import Cases

PAGE, MOST_LINES = 500, 5_000
PEOPLE_AT_ONCE = 20


def of_person(
    portfolio_id: str,
    person_id: str,
    month: str,
    *,
    actor: Actor,
    means: boards.Means,
    cases: Cases,
) -> dict[str, Any]:
    """
    Lay out what somebody earned in a month: each payment, its rate, what the goal made of it.

    Without rules for the month there is nothing to show; with more than ``MOST_LINES`` payments
    there is no total either, for one that leaves some out would be wrong.

    Raises:
        PortfolioNotFound: None that the actor may see.
        PersonNotFound: Nobody of that portfolio; for an agent, anybody else.
        BadField: It is no month.
    """
    portfolio, person = boards.seen(portfolio_id, person_id, actor=actor, means=means)
    _check(month)
    base: dict[str, Any] = {
        "person": {"id": person_id, "name": person.name},
        "month": month,
        "rules": None,
        "collected": None,
        "goal": None,
        "percent": 100,
        "earned": None,
        "lines": [],
        "more": False,
    }
    rules = commission.rules_of(portfolio.policies.commission, month)
    if rules is None:
        return base
    credits, more = _credits(portfolio_id, person_id, month, cases)
    goals = means.goals.get(portfolio_id, month)
    own_goals = goals.goals.get(f"{PERSON}{person_id}", {}) if goals else {}
    found = commission.earned(rules, credits, own_goals.get("collected_minor"))
    heads = cases.heads(list({case_id for case_id, _ in credits}))

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": portfolio.currency}

    return base | {
        "rules": to_plain(rules),
        "collected": None if more else money(found.collected_minor),
        "goal": None if found.goal_minor is None else money(found.goal_minor),
        "percent": found.percent,
        "earned": None if more else money(found.earned_minor),
        "more": more,
        "lines": [
            {
                "case_id": one.case_id,
                "name": heads[one.case_id].name if one.case_id in heads else "",
                "entry_id": one.entry.entry_id,
                "day": one.entry.effective_on.isoformat(),
                "late_days": one.entry.late_days,
                "reversal": one.entry.reverses is not None,
                "collected": money(one.collected_minor),
                "ppm": one.ppm,
                "earned": money(one.earned_minor),
            }
            for one in found.lines
        ],
    }


def of_team(
    portfolio_id: str,
    month: str,
    *,
    actor: Actor,
    means: boards.Means,
    cases: Cases,
    cursor: str | None = None,
) -> dict[str, Any]:
    """
    Lay out what each person of a portfolio earned in a month, by lateness, by team and name.

    Who did anything in the month has a line; of whom that is seen is decided as for one person:
    an agent's own alone. A line whose payments are too many has no amounts.

    Args:
        cursor: The last person of the answer before; ``PEOPLE_AT_ONCE`` are told at once.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: It is no month.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *STAFF)
    _check(month)
    rules = commission.rules_of(portfolio.policies.commission, month)
    base = {
        "month": month,
        "currency": portfolio.currency,
        "rules": to_plain(rules),
        "rows": [],
        "cursor": None,
    }
    if rules is None:
        return base
    did = boards.by_person(means.counters.effort(portfolio_id, month, month))
    known = [
        person
        for person in means.people.several(did).values()
        if boards.may_see(person, portfolio_id, actor)
    ]
    known.sort(key=lambda one: (one.team.casefold(), one.name.casefold(), one.person_id))
    ids = [one.person_id for one in known]
    first = ids.index(cursor) + 1 if cursor in ids else 0
    some = known[first : first + PEOPLE_AT_ONCE]
    goals = means.goals.get(portfolio_id, month)
    rows = []
    for person in some:
        own = goals.goals.get(f"{PERSON}{person.person_id}", {}) if goals else {}
        credits, more = _credits(portfolio_id, person.person_id, month, cases)
        found = commission.earned(rules, credits, own.get("collected_minor"))
        rows.append(
            {
                "person": {"id": person.person_id, "name": person.name},
                "team": person.team,
                "payments": len(found.lines),
                "collected_minor": None if more else found.collected_minor,
                "goal_minor": found.goal_minor,
                "percent": found.percent,
                "earned_minor": None if more else found.earned_minor,
                "bands": [] if more else [to_plain(one) for one in commission.by_rate(found)],
            }
        )
    more_people = first + len(some) < len(known)
    return base | {"rows": rows, "cursor": some[-1].person_id if more_people else None}


def _check(month: str) -> None:
    if not commission.MONTH.fullmatch(month):
        raise BadField(field="month", reason="bad_format")


def _credits(
    portfolio_id: str, person_id: str, month: str, cases: Cases
) -> tuple[list[tuple[str, Entry]], bool]:
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    found: list[tuple[str, Entry]] = []
    cursor: str | None = None
    while True:
        page = cases.credits(portfolio_id, person_id, first, last, cursor=cursor, limit=PAGE)
        found += page.items
        cursor = page.cursor
        if cursor is None or len(found) >= MOST_LINES:
            return found, cursor is not None
