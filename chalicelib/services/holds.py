"""Holds: collection stops for a reason, and goes on by itself or when somebody says so."""

from datetime import date, datetime
from typing import Any

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import Draft
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import MANAGERS, need

MAX_NOTE = 500
# What an agent is told at the door or on the phone; the others are decided by a supervisor.
REPORTED = frozenset(HoldReason) - {HoldReason.LEGAL, HoldReason.SUPERVISOR}


def place(
    case_id: str,
    *,
    reason: HoldReason,
    until: date | None,
    note: str,
    key: str,
    actor: Actor,
    **stores: Any,
) -> tuple[CaseFile, Portfolio]:
    """
    Stop collection; messages that wait to go during the hold are taken back with it.

    Args:
        until: Its last day; None = until somebody lifts it.
        key: Names this request; a second one with the same key changes nothing.

    Raises:
        NotAllowed: The reason is for supervisors to give.
        BadField: It would end before today.
    """
    if reason not in REPORTED:
        need(actor, *MANAGERS)
    hold_id = derived_id("hld", case_id, key)

    def do(draft: Draft, *_: object) -> None:
        draft.hold(hold_id, reason, until=until, note=note.strip()[:MAX_NOTE])

    return casework.change(case_id, do, actor=actor, **stores)


def lift(
    case_id: str, hold_id: str, *, actor: Actor, now: datetime, **stores: Any
) -> tuple[CaseFile, Portfolio]:
    """
    End a hold before its time, which a supervisor answers for. Safe to repeat.

    Raises:
        HoldNotFound: Not of this case.
    """
    need(actor, *MANAGERS)

    def do(draft: Draft, *_: object) -> None:
        draft.lift(hold_id)

    return casework.change(case_id, do, actor=actor, now=now, **stores)
