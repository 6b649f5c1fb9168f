"""
Handing a person's notices over by e-mail, each once.

What is handed over is noted before: a message of the queue that comes twice sends nothing twice,
and a worker that dies in between costs one e-mail, which the panel has all the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.contact import NotSent, Outgoing, Receipt
from chalicelib.domain.notice import Notice, NoticeBox, NoticeKind, Often
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import notice_letters
from chalicelib.services.colleagues import works_on
from chalicelib.services.person_notices import MOST_TOLD, TRIES, Boxes

LEASE = timedelta(minutes=5)  # longer than a worker may run
TRIED_FOR = timedelta(hours=6)  # what a provider surely did not take is tried again


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


class Portfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...


class ToComeAgain(Exception):
    """The provider takes no more now; it waits, and goes when this is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        names: Names people by who they are on timelines.
        fresh: Gives a notice as it is now; None where it is over.
        site: Where the panel is, without a slash at the end.
        problem: Told of an e-mail of which nobody knows whether it went.
    """

    boxes: Boxes
    people: People
    portfolios: Portfolios
    names: Callable[[set[str]], Mapping[str, str]]
    fresh: Callable[[Notice, Person, Portfolio], Notice | None]
    sender: Sender
    site: str
    problem: Callable[[Exception], None]


def work(portfolio_id: str, person_id: str, *, means: Means, now: datetime) -> str:
    """
    Send a person what is to go; safe to repeat.

    Returns:
        ``sent``, ``refused`` or ``unknown``; ``stale`` where nothing is to go, ``busy`` where
        another worker does it.

    Raises:
        ToComeAgain: The provider takes no more now.
    """
    box = means.boxes.get(portfolio_id, person_id)
    if box is None or (box.lease_until is not None and now < box.lease_until):
        return "stale" if box is None else "busy"
    handed = box.handing
    box = _done(box, handed)  # of a worker that died: they may have gone
    due = box.due(now)
    if not due and not handed:
        return "stale"
    person, portfolio = means.people.get(person_id), means.portfolios.get(portfolio_id)
    told = _wanted(due, person, portfolio, means)
    refs = tuple(one.ref for one in due)
    if person is None or portfolio is None or not told:
        means.boxes.save(_done(box, refs))
        return "stale"
    taken = means.boxes.save(replace(box, handing=refs, lease_until=now + LEASE))
    if taken is None:
        return "busy"
    message = notice_letters.letter(
        told,
        left_out=box.left_out,
        person=person,
        portfolio=portfolio,
        names=means.names({one.by for one in told if one.by}),
        site=means.site,
    )
    became = _handed(message, told, means, now)
    if became == "waits":
        _settled(taken, (), means)
        raise ToComeAgain
    _settled(taken, refs, means)
    return became


# Private


def _wanted(
    due: tuple[Notice, ...], person: Person | None, portfolio: Portfolio | None, means: Means
) -> tuple[Notice, ...]:
    """What is still theirs to know and to want: they may have left or changed their mind."""
    if person is None or portfolio is None or not works_on(person, portfolio.portfolio_id):
        return ()
    wanted = [one for one in due if person.often(one.kind) is not Often.NEVER]
    decisions = [one for one in wanted if one.kind is NoticeKind.APPROVAL]
    # All of them tell the same: what waits now.
    once = [one for one in wanted if one not in decisions[1:]]
    return tuple(new for one in once if (new := means.fresh(one, person, portfolio)) is not None)


def _handed(message: Outgoing, told: tuple[Notice, ...], means: Means, now: datetime) -> str:
    try:
        means.sender.send(message)
    except NotSent as refused:
        fresh = now < min(one.at for one in told) + TRIED_FOR
        return "waits" if refused.retry and fresh else "refused"
    except Exception as error:  # it may have gone
        means.problem(error)
        return "unknown"
    return "sent"


def _done(box: NoticeBox, refs: tuple[str, ...]) -> NoticeBox:
    gone = set(refs)
    return replace(
        box,
        waiting=tuple(one for one in box.waiting if one.ref not in gone),
        told=(*box.told, *(ref for ref in refs if ref not in box.told))[-MOST_TOLD:],
        handing=(),
        left_out=0 if refs else box.left_out,
        lease_until=None,
    )


def _settled(taken: NoticeBox, refs: tuple[str, ...], means: Means) -> None:
    """Write what became of it over whatever came into the box meanwhile."""
    box: NoticeBox | None = taken
    for _ in range(TRIES):
        if box is None or means.boxes.save(_done(box, refs)) is not None:
            return
        box = means.boxes.get(taken.portfolio_id, taken.person_id)
    raise RuntimeError("what somebody was told kept moving")
