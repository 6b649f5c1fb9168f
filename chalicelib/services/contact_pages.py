"""How contact with a debtor is laid out: what is allowed now, what was said, what is on hold."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import Attempt, Consent, Hold
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_contact import standing_word
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, contacting
from chalicelib.services.access import MANAGERS, Portfolios
from chalicelib.services.casework import OpenCases

ATTEMPTS_ON_PAGE = 50

Names = Callable[[set[str]], Mapping[str, str]]


def page(
    case_id: str,
    *,
    actor: Actor,
    cases: OpenCases,
    portfolios: Portfolios,
    now: datetime,
    people: Names = lambda _: {},
) -> dict[str, Any]:
    """
    Lay out contact with the debtor of a case.

    Raises:
        CaseNotFound: None that the actor may see.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    return page_of(file, portfolio, actor=actor, now=now, people=people)


def page_of(
    file: CaseFile, portfolio: Portfolio, *, actor: Actor, now: datetime, people: Names
) -> dict[str, Any]:
    """The same for a case that is open already, as after a change."""
    who = people(
        {hold.placed_by for hold in file.holds}
        | {word.by for word in file.consents}
        | {attempt.cause.by for attempt in file.attempts}
    )
    alive = file.head.status is not CaseStatus.VOID
    today = local_day(now, portfolio.time_zone)
    return {
        "ways": [_way(option, file) for option in contacting.options(file, portfolio, now=now)],
        "holds": [
            _hold(hold, who) | {"active": hold.active_on(today)} for hold in reversed(file.holds)
        ],
        "consents": [
            _consent(word, who)
            for word in sorted(file.consents, key=lambda word: word.at, reverse=True)
        ],
        "attempts": [
            _attempt(attempt, who) for attempt in reversed(file.attempts[-ATTEMPTS_ON_PAGE:])
        ],
        "can": {
            "consent": alive,
            "hold": alive,
            "lift": alive and actor.role in MANAGERS,
            "decide": alive and actor.role in MANAGERS,
        },
    }


def _way(option: contacting.Option, file: CaseFile) -> dict[str, Any]:
    reach, ruling = option.reach, option.ruling
    word = standing_word(file.consents, reach.contact_id, reach.channel)
    return {
        "contact_id": reach.contact_id,
        "channel": reach.channel.value,
        "allowed": ruling.allowed,
        "reason_code": ruling.reason_code,
        "article": ruling.article,
        "rules": ruling.rules,
        "next_allowed_at": to_plain(ruling.next_allowed_at),
        "consent": word.state.value if word else None,
        "consent_source": word.source if word else None,
    }


def _hold(hold: Hold, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "hold_id": hold.hold_id,
        "reason": hold.reason.value,
        "since": hold.since.isoformat(),
        "until": to_plain(hold.until),
        "placed_at": to_plain(hold.placed_at),
        "placed_by": _named(hold.placed_by, who),
        "lifted_at": to_plain(hold.lifted_at),
        "note": hold.note,
        "debts": list(hold.debt_ids),
    }


def _consent(word: Consent, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "contact_id": word.contact_id,
        "channel": word.channel.value if word.channel else None,
        "state": word.state.value,
        "source": word.source,
        "at": to_plain(word.at),
        "by": _named(word.by, who),
        "words": word.words,
    }


def _attempt(attempt: Attempt, who: Mapping[str, str]) -> dict[str, Any]:
    said, ruling, cause = attempt.content, attempt.ruling, attempt.cause
    return {
        "attempt_id": attempt.attempt_id,
        "channel": attempt.channel.value,
        "direction": attempt.direction.value,
        "state": attempt.state.value,
        "contact_id": attempt.contact_id,
        "cause": {
            "kind": cause.kind,
            "strategy": cause.strategy,
            "step": cause.step,
            "anchor": to_plain(cause.anchor),
            "variant": cause.variant,
            "by": _named(cause.by, who),
        },
        "ruling": None
        if ruling is None
        else {
            "at": to_plain(ruling.at),
            "allowed": ruling.allowed,
            "reason_code": ruling.reason_code,
            "article": ruling.article,
            "rules": ruling.rules,
            "next_allowed_at": to_plain(ruling.next_allowed_at),
        },
        "to": said.to if said else "",
        "subject": said.subject if said else "",
        "text": said.text if said else "",
        "template": said.template if said else attempt.template_id,
        "created_at": to_plain(attempt.created_at),
        "not_before": to_plain(attempt.not_before),
        "sent_at": to_plain(attempt.sent_at),
        "delivered_at": to_plain(attempt.delivered_at),
        "read_at": to_plain(attempt.read_at),
        "outcome": attempt.outcome,
        "problem": attempt.problem,
        "cost_micros": attempt.cost_micros,
        "cost_currency": attempt.cost_currency,
    }


def _named(actor_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": actor_id, "name": who.get(actor_id, "")}
