"""What each action on many cases needs: kept as it is needed, or refused before anybody waits."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.bulk import BulkAction
from chalicelib.domain.case import NO_STRATEGY
from chalicelib.domain.charge_off import ChargeOffReason
from chalicelib.domain.contact import Channel, HoldReason
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.bulk_actions import ELSEWHERE, FOR_GOOD
from chalicelib.services.colleagues import works_on
from chalicelib.services.notes import LONGEST_TAG
from chalicelib.services.strategies import Strategies
from chalicelib.services.strategies_in_force import in_force, lacking
from chalicelib.services.writing import Templates

MOST_TAGS = 10
LONGEST_NOTE = 500
LEAST_PEOPLE, MOST_PEOPLE = 2, 50  # that cases are handed out to
MESSAGED = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.LETTER)


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Means(Protocol):
    """What is asked to know whether an action can be done at all; see ``bulk_jobs.Means``."""

    @property
    def people(self) -> People: ...
    @property
    def strategies(self) -> Strategies: ...
    @property
    def templates(self) -> Templates: ...


def checked(  # noqa: PLR0911 (one line an action)
    action: BulkAction, terms: Mapping[str, Any], portfolio: Portfolio, means: Means, now: datetime
) -> dict[str, Any]:
    """
    Keep what the action needs.

    Raises:
        BadField: It cannot be done to any case.
    """
    match action:
        case BulkAction.ASSIGN:
            return {"person_id": _person(str(terms.get("person_id") or ""), portfolio, means)}
        case BulkAction.HAND_OUT:
            asked = terms.get("person_ids") or ()
            return {"person_ids": takers(asked, portfolio.portfolio_id, means.people)}
        case BulkAction.TAG | BulkAction.UNTAG:
            return {"tags": _tags(terms.get("tags") or ())}
        case BulkAction.STRATEGY:
            wanted = str(terms.get("strategy_id") or "")
            published = in_force(means.strategies.all(portfolio.portfolio_id))
            known = {one.strategy_id for one in published} | {"", NO_STRATEGY}
            if wanted not in known:
                raise BadField(field="strategy_id", reason="unknown")
            return {"strategy_id": wanted}
        case BulkAction.HOLD:
            return _hold(terms, portfolio, now)
        case BulkAction.RELEASE:
            return {"reason": _reason(terms, but=ELSEWHERE | FOR_GOOD).value}
        case BulkAction.MESSAGE:
            return _text(terms, portfolio, means)
        case BulkAction.CHARGE_OFF:
            return _charge_off(terms)


def takers(person_ids: Iterable[str], portfolio_id: str, people: People) -> list[str]:
    """
    Give whom cases are to be handed out to, each once.

    Raises:
        BadField: Too few or too many; or one who does not work on the portfolio, by name.
    """
    wanted = list(dict.fromkeys(person_ids))
    if len(wanted) < LEAST_PEOPLE:
        raise BadField(field="person_ids", reason="too_few", least=LEAST_PEOPLE)
    if len(wanted) > MOST_PEOPLE:
        raise BadField(field="person_ids", reason="too_many", most=MOST_PEOPLE)
    for person_id in wanted:
        person = people.get(person_id)
        if person is None:
            raise BadField(field="person_ids", reason="unknown", person=person_id)
        if not works_on(person, portfolio_id):
            raise BadField(field="person_ids", reason="not_on_portfolio", person=person.name)
    return wanted


def _person(person_id: str, portfolio: Portfolio, means: Means) -> str:
    if not person_id:
        return ""
    person = means.people.get(person_id)
    if person is None or not works_on(person, portfolio.portfolio_id):
        raise BadField(field="person_id", reason="unknown")
    return person_id


def _tags(tags: Iterable[str]) -> list[str]:
    wanted = sorted({tag.strip().lower() for tag in tags if tag.strip()})
    if not wanted:
        raise BadField(field="tags", reason="missing")
    if len(wanted) > MOST_TAGS:
        raise BadField(field="tags", reason="too_many", most=MOST_TAGS)
    if any(len(tag) > LONGEST_TAG for tag in wanted):
        raise BadField(field="tags", reason="too_long", most=LONGEST_TAG)
    return wanted


def _reason(terms: Mapping[str, Any], *, but: frozenset[HoldReason]) -> HoldReason:
    allowed = [one.value for one in HoldReason if one not in but]
    if terms.get("reason") not in allowed:
        raise BadField(field="reason", reason="not_one_of", choices=allowed)
    return HoldReason(terms["reason"])


def _hold(terms: Mapping[str, Any], portfolio: Portfolio, now: datetime) -> dict[str, Any]:
    reason = _reason(terms, but=ELSEWHERE)
    until = terms.get("until")
    if isinstance(until, date):
        if until < local_day(now, portfolio.time_zone):
            raise BadField(field="until", reason="in_the_past")
        until = until.isoformat()
    note = str(terms.get("note") or "").strip()[:LONGEST_NOTE]
    return {"reason": reason.value, "until": until or None, "note": note}


def _charge_off(terms: Mapping[str, Any]) -> dict[str, Any]:
    choices = [one.value for one in ChargeOffReason]
    if terms.get("reason") not in choices:
        raise BadField(field="reason", reason="not_one_of", choices=choices)
    note = str(terms.get("note") or "").strip()[:LONGEST_NOTE]
    if not note:
        raise BadField(field="note", reason="missing")
    return {"reason": terms["reason"], "note": note}


def _text(terms: Mapping[str, Any], portfolio: Portfolio, means: Means) -> dict[str, Any]:
    channels = [one.value for one in MESSAGED]
    if terms.get("channel") not in channels:
        raise BadField(field="channel", reason="not_one_of", choices=channels)
    channel, template_id = Channel(terms["channel"]), str(terms.get("template_id") or "")
    if not template_id:
        raise BadField(field="template_id", reason="missing")
    known = means.templates.find(portfolio.portfolio_id, template_id, channel, portfolio.language)
    if known is None:
        raise BadField(field="template_id", reason="unknown")
    if missing := lacking(portfolio):
        raise BadField(field=missing[0], reason="missing")
    return {"template_id": template_id, "channel": channel.value}
