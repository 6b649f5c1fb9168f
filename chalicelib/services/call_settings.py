"""The settings of a portfolio's calls: what they start from, were before, and would do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.compliance import packs
from chalicelib.domain import calls as catalogue
from chalicelib.domain import policy_rules
from chalicelib.domain.call_settings import SettingsBefore, key_of
from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import MOST_WEIGHT, WEIGHTS, QueuePolicy, rank
from chalicelib.prediction import forecast
from chalicelib.services import good_hours, ranking
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.call_queue import Means
from chalicelib.services.portfolios import get as portfolio_of

SHOWN, LOOKED_AT, REMEMBERED = 20, 120, 20


class History(Protocol):
    """``store.documents.Documents`` of settings, the newest first."""

    def add(self, document: SettingsBefore) -> bool: ...

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[SettingsBefore], str | None]: ...


class Cases(Protocol):
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What some weights would put first.

    Args:
        items: ``(case, its place with the weights that hold, from 1, priority)``.
        every: Whether all cases that are ready were looked at.
    """

    items: list[dict[str, Any]]
    looked: int
    every: bool


def keep(before: Portfolio, after: Portfolio, *, history: History, by: str, now: datetime) -> None:
    """
    Remember settings that are about to be changed. Safe to repeat: one row for each version.

    It is written before the portfolio is, so that nothing is lost between the two; a change that
    then fails leaves a row that equals what holds, which ``shown`` leaves out.
    """
    old, new = before.policies, after.policies
    if (old.queue, old.calls) == (new.queue, new.calls):
        return
    history.add(
        SettingsBefore(
            portfolio_id=before.portfolio_id,
            key=key_of(before.version),
            portfolio_version=before.version,
            replaced_at=now,
            replaced_by=by,
            queue=old.queue,
            calls=old.calls,
        )
    )


def shown(
    portfolio_id: str,
    *,
    actor: Actor,
    means: Means,
    history: History,
    people: Callable[[set[str]], Mapping[str, str]],
    now: datetime,
) -> dict[str, Any]:
    """
    Lay out what the settings start from within the country's law, and what they were before.

    Beside it stands how many of today's calls each segment had.

    Raises:
        PortfolioNotFound: None that the actor may see.
        NotAllowed: The actor is neither supervisor nor admin.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    kept, _ = history.page(portfolio_id, limit=REMEMBERED, cursor=None)
    earlier = [one for one in kept if one.portfolio_version < portfolio.version]
    names = people({one.replaced_by for one in earlier})
    forbidden = frozenset(packs.forbidden_questions(portfolio.country))
    model = forecast.deployed(portfolio.forecast.champion)
    given = means.turns.given(portfolio_id, local_day(now, portfolio.time_zone))
    book = means.playbooks.playbook(portfolio_id)
    segments = [*((one.segment_id, one.name) for one in (book.segments if book else ())), ("", "")]
    return {
        "results": [
            to_plain(one) | {"always": one.code in catalogue.ALWAYS}
            for one in catalogue.results(forbidden)
        ],
        "scripts": [
            {
                "stage": stage.value,
                "language": language,
                "lines": list(catalogue.script(stage, language)),
            }
            for stage in catalogue.Stage
            for language in catalogue.LANGUAGES
        ],
        "variables": list(catalogue.VARIABLES),
        "of_the_debt": sorted(catalogue.OF_THE_DEBT),
        "weights": {factor.value: weight for factor, weight in WEIGHTS.items()},
        "most_weight": MOST_WEIGHT,
        "forecast_until": to_plain(model.until) if model else None,
        "hours_until": to_plain(known.last) if (known := means.hours(portfolio_id)) else None,
        "segments": [
            {"segment": key, "name": name, "given": given.get(key, 0)} for key, name in segments
        ],
        "history": [
            {
                "portfolio_version": one.portfolio_version,
                "replaced_at": to_plain(one.replaced_at),
                "replaced_by": {"id": one.replaced_by, "name": names.get(one.replaced_by, "")},
                "queue": to_plain(one.queue),
                "calls": to_plain(one.calls),
            }
            for one in earlier
        ],
    }


def preview(
    portfolio_id: str,
    weights: Mapping[str, int],
    *,
    actor: Actor,
    means: Means,
    cases: Cases,
    now: datetime,
) -> Preview:
    """
    Say which cases some weights would put first, and why; nothing is saved, no turn moves.

    The cases that come first today are opened and ranked anew, with both: what is ready beyond
    them is not looked at, and the answer says so.

    Raises:
        BadField: Weights that could not be saved.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    saved = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    wanted = replace(saved.policies.queue, weights=dict(weights))
    policy_rules.check(replace(saved, policies=replace(saved.policies, queue=wanted)))
    today = local_day(now, saved.time_zone)
    book = means.playbooks.playbook(portfolio_id)
    segments = ["", *(one.segment_id for one in (book.segments if book else ()))]
    ready = sorted(
        (
            row
            for one in segments
            for row in means.turns.best(portfolio_id, today, one, most=LOOKED_AT + 1)
        ),
        key=lambda row: (-row[0], row[1]),
    )
    files = cases.open_many([case_id for _, case_id in ready[:LOOKED_AT]])
    usual_minor, known = means.usual(portfolio_id), means.hours(portfolio_id)
    turns = means.turns.get_many(files)
    standings = {
        case_id: good_hours.at_this_hour(
            standing,
            file,
            saved,
            segment=turns[case_id].segment if case_id in turns else "",
            known=known,
            now=now,
        )
        for case_id, file in files.items()
        if (standing := ranking.standing_of(file, saved, today, usual_minor=usual_minor))
    }

    def ordered(policy: QueuePolicy) -> list[tuple[str, Any]]:
        ranked = [(case_id, rank(standing, policy)) for case_id, standing in standings.items()]
        return sorted(ranked, key=lambda one: (-one[1].score, one[0]))

    places = {one: place for place, (one, _) in enumerate(ordered(saved.policies.queue), 1)}
    return Preview(
        items=[
            {
                "case_id": case_id,
                "name": files[case_id].head.name,
                "was": places[case_id],
                "score": priority.score,
                "reasons": to_plain(priority.reasons),
            }
            for case_id, priority in ordered(wanted)[:SHOWN]
        ],
        looked=len(standings),
        every=len(ready) <= LOOKED_AT,
    )
