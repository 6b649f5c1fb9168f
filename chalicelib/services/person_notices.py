"""
Telling people by e-mail what the panel shows them: mentions, tasks, call-backs, approvals.

What is told waits in a box of the person and the portfolio. What is to go at once waits a few
minutes for its like, so that five mentions make one e-mail; what is to go daily waits for the
morning of the portfolio's time zone. A thing is kept under a name that is made from its cause, so
that a request that is repeated tells nothing twice.

An e-mail lies in mailboxes that nobody of us keeps, is forwarded and read on locked screens. So it
says how many, of which kind, by whom, and links to the cases: no debtor's name, amount or word of
a note. Whoever follows a link signs in.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.notice import GATHERED, Notice, NoticeBox, NoticeKind, Often
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio

STEP = "notices"
MORNING = time(8)
MOST_WAITING = 100  # of a kind: call-backs are promised weeks ahead, and crowd nothing out
MOST_TOLD = 300
MOST_AT_ONCE = 1_000
TRIES = 8


class Boxes(Protocol):
    """What ``store.notice_boxes.NoticeBoxStore`` keeps."""

    def add(self, document: NoticeBox) -> bool: ...
    def get(self, portfolio_id: str, key: str) -> NoticeBox | None: ...
    def save(self, document: NoticeBox) -> NoticeBox | None: ...
    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str, datetime]]: ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None: ...


def tell(
    person: Person,
    kind: NoticeKind,
    *,
    ref: str,
    case_id: str,
    by: str,
    portfolio: Portfolio,
    boxes: Boxes,
    now: datetime,
) -> None:
    """
    Have a person told of something, as they want it. Safe to repeat.

    Raises:
        RuntimeError: The box kept moving.
    """
    often = person.often(kind)
    if often is Often.NEVER:
        return
    at = now + GATHERED if often is Often.NOW else morning(now, portfolio.time_zone)
    put(
        Notice(ref=ref, kind=kind, often=often, case_id=case_id, by=by, at=at),
        person.person_id,
        portfolio.portfolio_id,
        boxes=boxes,
    )


def put(
    notice: Notice,
    person_id: str,
    portfolio_id: str,
    *,
    boxes: Boxes,
    also: Callable[[NoticeBox], NoticeBox] = lambda box: box,
) -> None:
    """
    Put a notice into a person's box. Safe to repeat.

    Args:
        also: What else of the box changes with it.

    Raises:
        RuntimeError: The box kept moving.
    """
    for _ in range(TRIES):
        found = boxes.get(portfolio_id, person_id)
        before = found or NoticeBox(person_id=person_id, portfolio_id=portfolio_id)
        if before.knows(notice.ref):
            return
        after = also(_kept(before, notice))
        if boxes.add(after) if found is None else boxes.save(after) is not None:
            return
    raise RuntimeError("what somebody is to be told kept moving")


def start(*, boxes: Boxes, work: Queue, now: datetime) -> int:
    """Order what is to go; says how many. Safe to repeat at any time."""
    due = boxes.due(now, limit=MOST_AT_ONCE)
    work.send(
        {"step": STEP, "portfolio_id": portfolio_id, "person_id": person_id}
        for portfolio_id, person_id, _ in due
    )
    return len(due)


def morning(now: datetime, time_zone: str) -> datetime:
    """Give the next morning there that has not come yet."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    first = datetime.combine(today, MORNING, zone)
    return first if now < first else datetime.combine(today + timedelta(days=1), MORNING, zone)


# Private


def _kept(box: NoticeBox, notice: Notice) -> NoticeBox:
    if sum(one.kind is notice.kind for one in box.waiting) >= MOST_WAITING:
        told = (*box.told, notice.ref)[-MOST_TOLD:]
        return replace(box, left_out=box.left_out + 1, told=told)
    return replace(box, waiting=(*box.waiting, notice))
