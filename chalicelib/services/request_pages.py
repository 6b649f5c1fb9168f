"""How requests by law are laid out: a line of the register, one on its page, a case's own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.compliance import data_terms
from chalicelib.domain.case import CaseHead
from chalicelib.domain.data_request import UNANSWERED, DataRequest, RequestKind, RequestState
from chalicelib.domain.days import local_day
from chalicelib.domain.names import folded
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import erasures
from chalicelib.services.access import MANAGERS, known_portfolio, open_portfolio
from chalicelib.services.data_requests import Means
from chalicelib.services.request_persons import alike

Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known

SOON_DAYS = 3  # from so few days on, it is due
MOST_DUE = 100  # a counter that is longer says so
# How far a search looks at once; the next page looks on.
MOST_LOOKED, PAGE = 1_000, 100


def listed(
    portfolio_id: str,
    *,
    live: bool,
    kind: RequestKind | None,
    words: str,
    cursor: str | None,
    limit: int,
    actor: Actor,
    means: Means,
    people: Names,
    now: datetime,
) -> dict[str, Any]:
    """
    Read a page of the register: what is under way the first due first, or what ended.

    Args:
        words: Part of a name, or of a number; empty: all.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    found: list[tuple[DataRequest, list[CaseHead]]] = []
    looked = 0
    while len(found) < limit and looked < MOST_LOOKED:
        wanted = min(limit - len(found), PAGE) if kind is None and not words else PAGE
        several, cursor = means.requests.listed(
            portfolio_id, live=live, limit=wanted, cursor=cursor
        )
        looked += len(several)
        heads = means.cases.heads(dict.fromkeys(key for one in several for key in one.case_ids))
        for one in several:
            of = [heads[key] for key in one.case_ids if key in heads]
            if kind in (None, one.kind) and _answers(one, of, words):
                found.append((one, of))
        if cursor is None:
            break
    today = local_day(now, portfolio.time_zone)
    who = people({f"user:{one.owner}" for one, _ in found if one.owner})
    return {
        "items": [line(one, of, who, today) for one, of in found],
        "cursor": cursor,
        "counts": counts(portfolio, means, now),
        "kinds": [one.value for one in data_terms.rights_of(portfolio.country, today)],
    }


def counts(portfolio: Portfolio, means: Means, now: datetime) -> dict[str, Any]:
    """Count what is late and what is due within ``SOON_DAYS``."""
    today = local_day(now, portfolio.time_zone)
    until = today + timedelta(days=SOON_DAYS)
    days = means.requests.due(portfolio.portfolio_id, until, most=MOST_DUE + 1)
    return {
        "late": sum(day < today for day in days[:MOST_DUE]),
        "soon": sum(day >= today for day in days[:MOST_DUE]),
        "more": len(days) > MOST_DUE,
    }


def line(
    one: DataRequest, heads: Sequence[CaseHead], who: Mapping[str, str], today: date
) -> dict[str, Any]:
    return {
        "request_id": one.request_id,
        "portfolio_id": one.portfolio_id,
        "number": one.number,
        "kind": one.kind.value,
        "way": one.way.value,
        "state": one.state.value,
        "name": name_of(one, heads),
        "cases": len(one.case_ids),
        "received_on": one.received_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "late": one.late_on(today),
        "days_left": (one.due_on - today).days if one.live else None,
        "verdict": one.answer.verdict.value if one.answer else "",
        "owner": _named(f"user:{one.owner}", who) if one.owner else None,
        "ended_at": to_plain(one.ended_at),
    }


def page(
    one: DataRequest,
    *,
    actor: Actor,
    means: Means,
    people: Names,
    now: datetime,
    erasing: erasures.Means | None = None,
) -> dict[str, Any]:
    """
    One request: what was asked, by when it is to be answered, each step, what can be done.

    Whoever calls has asked who may see it.

    Args:
        erasing: With what an erasure is looked at; None = nothing is told of one.
    """
    portfolio = known_portfolio(one.portfolio_id, means.portfolios)
    heads = means.cases.heads(dict.fromkeys(one.case_ids))
    of = [heads[key] for key in one.case_ids if key in heads]
    manages = actor.role in MANAGERS
    unanswered = one.state in UNANSWERED
    who = people(
        {step.actor for step in one.steps}
        | {actor for actor in (one.proven_by, one.made_by) if actor}
        | ({f"user:{one.owner}"} if one.owner else set())
        | ({one.answer.by} if one.answer else set())
    )
    keeps = data_terms.keeps_of(portfolio.country, one.received_on)
    said = one.answer
    term = one.term
    return line(one, of, who, local_day(now, portfolio.time_zone)) | {
        "version": one.version,
        "made_at": to_plain(one.made_at),
        "made_by": _named(one.made_by, who),
        "words": one.words,
        "reply_to": one.reply_to,
        "proof": one.proof.value if one.proof else "",
        "proven_at": to_plain(one.proven_at),
        "proven_by": _named(one.proven_by, who) if one.proven_by else None,
        "term": {
            "law": term.law,
            "article": term.article,
            "days": term.days,
            "unit": term.unit,
            "carry_days": term.carry_days,
            "own": term.own,
            "answer_by": term.answer_by.isoformat(),
            "carry_by": term.carry_by.isoformat() if term.carry_by else None,
            "extended_to": term.extended_to.isoformat() if term.extended_to else None,
        },
        "case_list": [_case(head) for head in of],
        "alike": [_case(head) for head in _others(one, means)] if unanswered else [],
        "keeps": {"article": keeps.article, "checked": keeps.checked.value},
        "in_force": any(head.balance_minor > 0 for head in of),
        "answer": said
        and {
            "verdict": said.verdict.value,
            "ground": said.ground.value if said.ground else "",
            "article": said.article,
            "text": said.text,
            "at": to_plain(said.at),
            "by": _named(said.by, who),
        },
        "steps": [
            {
                "at": to_plain(step.at),
                "act": step.act,
                "note": step.note,
                "by": _named(step.actor, who),
            }
            for step in one.steps
        ],
        "can": {
            "work": manages and unanswered,
            "extend": manages and unanswered and term.extend_days > 0 and term.extended_to is None,
            "carry_out": manages and one.state is RequestState.ANSWERED and not one.erasing,
            "letter": manages and said is not None,
        },
        "erasure": erasing
        and erasures.page(one, portfolio, actor=actor, means=erasing, names=people, now=now),
    }


def name_of(one: DataRequest, heads: Sequence[CaseHead]) -> str:
    """Give the name of whoever asks, as the cases or the request say it."""
    return next((head.name for head in heads if head.name), one.name)


def of_case(
    portfolio_id: str, case_id: str, *, actor: Actor, means: Means, now: datetime
) -> dict[str, Any]:
    """
    List the requests that are about a case, the newest first.

    Raises:
        PortfolioNotFound, NotAllowed: As everywhere.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *MANAGERS)
    today = local_day(now, portfolio.time_zone)
    found = means.requests.of_case(portfolio_id, case_id)
    heads = means.cases.heads([case_id])
    return {
        "items": [line(one, tuple(heads.values()), {}, today) for one in reversed(found)],
        "cursor": None,
        "counts": counts(portfolio, means, now),
        "kinds": [one.value for one in data_terms.rights_of(portfolio.country, today)],
    }


# Private


def _others(one: DataRequest, means: Means) -> list[CaseHead]:
    files = {key: means.cases.open(key) for key in one.case_ids}
    return alike(one, one.portfolio_id, files, means.cases)


def _answers(one: DataRequest, heads: Sequence[CaseHead], words: str) -> bool:
    if not words:
        return True
    sought = folded(words)
    texts = [one.number, one.number.replace("-", ""), one.name, *(head.name for head in heads)]
    return any(sought in folded(text) for text in texts if text)


def _case(head: CaseHead) -> dict[str, Any]:
    return {
        "case_id": head.case_id,
        "name": head.name,
        "status": head.status.value,
        "balance": {"minor": head.balance_minor, "currency": head.currency},
    }


def _named(actor_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": actor_id.removeprefix("user:"), "name": who.get(actor_id, "")}
