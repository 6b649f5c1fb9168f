"""How the day's queue of calls stands, and how a turn is shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.call_turn import Place, Turn
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.priority import Factor
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.call_queue import Given, Means
from chalicelib.services.portfolios import get as portfolio_of

TOP, MOST_COUNTED = 10, 500
SKIP = "skip:"

Names = Callable[[set[str]], Mapping[str, str]]


def given(found: Given, portfolio_id: str, *, means: Means, people: Names) -> dict[str, Any]:
    """Lay out what came of asking for the next case."""
    turn = found.turn
    waiting = 0 if turn else means.turns.waiting(portfolio_id, most=MOST_COUNTED)
    return {
        "turn": shown(turn, means=means, people=people, law_until=found.law_until)
        if turn
        else None,
        "opens_at": to_plain(found.opens_at),
        "waiting": waiting,
    }


def shown(
    turn: Turn, *, means: Means, people: Names, law_until: datetime | None = None
) -> dict[str, Any]:
    """Lay out one turn."""
    names = segment_names(turn.portfolio_id, means)
    return _turn(turn, names, people(_people([turn])), law_until)


def board(
    portfolio_id: str, *, actor: Actor, means: Means, people: Names, now: datetime
) -> dict[str, Any]:
    """
    Lay out how the day's queue stands: by segment, who has what, what comes first.

    Raises:
        PortfolioNotFound: None that the actor may see.
        NotAllowed: The actor is neither supervisor nor admin.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    turns, today = means.turns, local_day(now, portfolio.time_zone)
    names, counted = segment_names(portfolio_id, means), turns.given(portfolio_id, today)
    rows = {one: turns.best(portfolio_id, today, one, most=MOST_COUNTED) for one in names}
    best = sorted((row for few in rows.values() for row in few[:TOP]), reverse=True)[:TOP]
    holding = list(dict.fromkeys(case_id for _, case_id in turns.holders(portfolio_id)))
    known = turns.get_many([*holding, *(case_id for _, case_id in best)])
    taken = [
        turn
        for one in holding
        if (turn := known.get(one)) and turn.place is Place.TAKEN and turn.rests(now)
    ]
    top = [turn for _, one in best if (turn := known.get(one)) and turn.place is Place.READY]
    heads = means.cases.heads([turn.case_id for turn in (*taken, *top)])
    who = people(_people(taken))

    def lines(several: Sequence[Turn]) -> list[dict[str, Any]]:
        return [
            {
                "turn": _turn(turn, names, who, None),
                "name": head.name,
                "balance": {"minor": head.balance_minor, "currency": head.currency},
            }
            for turn in several
            if (head := heads.get(turn.case_id)) is not None
        ]

    return {
        "segments": [
            {
                "segment": one,
                "name": name,
                "ready": len(rows[one]),
                "given": counted.get(one, 0),
            }
            for one, name in names.items()
        ],
        "most": MOST_COUNTED,
        "waiting": turns.waiting(portfolio_id, most=MOST_COUNTED),
        "taken": lines(taken),
        "top": lines(top),
        "skipped": {
            name.removeprefix(SKIP): number
            for name, number in counted.items()
            if name.startswith(SKIP)
        },
        "weights": {one.value: portfolio.policies.queue.weight(one) for one in Factor},
    }


def segment_names(portfolio_id: str, means: Means) -> dict[str, str]:
    """Name the segments of a portfolio by id, in their order; the last, "", is all others."""
    book = means.playbooks.playbook(portfolio_id)
    ordered = sorted(book.segments if book else (), key=lambda one: one.priority)
    return {one.segment_id: one.name for one in ordered} | {"": ""}


# Private


def _turn(
    turn: Turn, names: Mapping[str, str], who: Mapping[str, str], law_until: datetime | None
) -> dict[str, Any]:
    actor_id = f"user:{turn.person_id}"
    return {
        "case_id": turn.case_id,
        "place": turn.place.value,
        "segment": turn.segment,
        "segment_name": names.get(turn.segment, ""),
        "score": turn.score,
        "reasons": to_plain(turn.reasons),
        "why": turn.why.value if turn.why else None,
        "until": to_plain(turn.until),
        "since": to_plain(turn.since),
        "law_until": to_plain(law_until),
        "person": {"id": turn.person_id, "name": who.get(actor_id, "")} if turn.person_id else None,
    }


def _people(turns: Sequence[Turn]) -> set[str]:
    return {f"user:{turn.person_id}" for turn in turns if turn.person_id}
