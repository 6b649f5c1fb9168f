"""Handing a report over to its recipients, one by one, each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.contact import NotSent, Outgoing
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.report_schedule import Letter, LetterState, Mailing, ReportSchedule
from chalicelib.domain.saved_report import SavedReport
from chalicelib.domain.shared_report import SharedReport
from chalicelib.services import report_letters
from chalicelib.services import shared_reports as sharing
from chalicelib.services.report_ports import Means, Sender, address_key, stop_url

TRIED_FOR = timedelta(hours=2)  # what a provider surely did not take is tried again

Problem = Callable[[Exception], None]


class ToComeAgain(Exception):
    """The provider takes no more now; who is left gets it when this is tried again."""


class LeaseLost(Exception):
    """Another worker has the mailing: this one was away for longer than its lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """
    What one mailing is worked on with.

    Args:
        problem: Told of an e-mail of which nobody knows whether it went.
    """

    schedule: ReportSchedule
    portfolio: Portfolio
    kept: SavedReport
    means: Means
    sender: Sender
    problem: Problem
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """
    What goes out.

    Args:
        file: Gives the file in a language.
        shared: What an address outside gets a link to.
    """

    file: Callable[[str], report_letters.File]
    shared: SharedReport | None


def hand_over(found: Mailing, goods: Goods, sending: Sending) -> Mailing:
    """
    Send to everybody who waits for it.

    Raises:
        ToComeAgain: The provider takes no more now.
        LeaseLost: Another worker goes on with it.
    """
    means, schedule = sending.means, sending.schedule
    known = means.people.several({one.to for one in found.letters if not one.outside})
    who = means.sharing.people({schedule.updated_by}).get(schedule.updated_by, "")
    facts = report_letters.Facts(
        kept=sending.kept, portfolio=sending.portfolio, mailing=found, who=who,
        site=means.sharing.site,
    )  # fmt: skip
    for at, letter in enumerate(found.letters):
        if letter.state is not LetterState.WAITING:
            continue
        message = _message(letter, facts, known, goods, sending)
        if message is None:  # gone since it was looked at
            found = _with(found, at, LetterState.NO_ACCESS)
            continue
        found = stored(_with(found, at, LetterState.HANDING), means)
        state, code = _handed(message, found, sending)
        found = _with(found, at, state, code)
        if state is LetterState.WAITING:
            stored(replace(found, lease_until=None), means)
            raise ToComeAgain
    return found


def stored(mailing: Mailing, means: Means) -> Mailing:
    """
    Write a mailing over the version that was read.

    Raises:
        LeaseLost: It has moved.
    """
    saved = means.mailings.save(mailing)
    if saved is None:
        raise LeaseLost
    return saved


# Private


def _handed(message: Outgoing, found: Mailing, sending: Sending) -> tuple[LetterState, str]:
    try:
        sending.sender.send(message)
    except NotSent as refused:
        if refused.retry and sending.now < found.due_at + TRIED_FOR:
            return LetterState.WAITING, ""
        return LetterState.REFUSED, refused.code
    except Exception as error:  # it may have gone
        sending.problem(error)
        return LetterState.UNKNOWN, ""
    return LetterState.SENT, ""


def _message(
    letter: Letter,
    facts: report_letters.Facts,
    known: Mapping[str, Person],
    goods: Goods,
    sending: Sending,
) -> Outgoing | None:
    portfolio, means = sending.portfolio, sending.means
    if letter.outside:
        if goods.shared is None:
            return None
        key = address_key(portfolio.portfolio_id, letter.to)
        return report_letters.to_outside(
            facts,
            goods.shared,
            sharing.url_of(goods.shared, means.sharing),
            to=letter.to,
            language=portfolio.language,
            stop_url=_stop(key, sending),
            recipient=key,
        )
    person = known.get(letter.to)
    if person is None:
        return None
    language = report_letters.words(person.language)["language"]
    return report_letters.to_person(
        facts,
        goods.file(language),
        to=person.email,
        language=language,
        stop_url="" if facts.mailing.asked_by else _stop(person.person_id, sending),
        recipient=person.person_id,
    )


def _stop(recipient: str, sending: Sending) -> str:
    schedule = sending.schedule
    return stop_url(
        schedule.portfolio_id,
        schedule.schedule_id,
        recipient,
        sending.now.date(),
        sending.means,
    )


def _with(found: Mailing, at: int, state: LetterState, code: str = "") -> Mailing:
    letters = list(found.letters)
    letters[at] = replace(letters[at], state=state, code=code)
    return replace(found, letters=tuple(letters))
