"""Calls, messages and visits of invented debtors."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Content,
    Direction,
)
from chalicelib.domain.visit import (
    Findings,
    Judgement,
    Met,
    Report,
    Standing,
    Trusted,
    Visit,
    VisitKind,
    VisitState,
)

_STATES = (AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ, AttemptState.FAILED)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """An hour of Mexico City's, which is six behind all year."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
        hours=hour + 6, minutes=minute
    )


def case_id(number: int) -> str:
    return f"cas_{number:07}"


def call(number: int, day: date, chance: Random) -> Attempt:
    moment = at(day, chance.randrange(8, 21), 30)
    return Attempt(
        attempt_id=f"att_{number}_{day}",
        channel=Channel.CALL,
        direction=Direction.OUT,
        state=AttemptState.DONE,
        cause=Cause(kind="manual", by="user:ana"),
        created_at=moment,
        ended_at=moment + timedelta(seconds=number % 600),
        outcome=chance.choice(["conversation", "answered", "unanswered"]),
        party=chance.choice(["debtor", "debtor", "family", "guarantor"]),
    )


def message(number: int, day: date, chance: Random) -> list[Attempt]:
    """A message of a strategy's arm, and its answer if there is one."""
    moment, state = at(day, 10), chance.choice(_STATES)
    later = moment + timedelta(minutes=5)
    channel = chance.choice([Channel.SMS, Channel.WHATSAPP])
    template = chance.choice(["aviso@1", "aviso@2", "oferta@1"])
    sent = Attempt(
        attempt_id=f"att_{number}_{day}",
        channel=channel,
        direction=Direction.OUT,
        state=state,
        cause=Cause(kind="strategy", strategy="str_1@2", step="d1", variant="ab"[number % 2]),
        content=Content(to="", text="", template=template),
        created_at=moment,
        sent_at=moment,
        delivered_at=later if state is not AttemptState.SENT else None,
        read_at=later if state is AttemptState.READ else None,
        cost_micros=chance.randrange(500, 9_000),
        cost_currency="USD",
    )
    if chance.random() >= 0.4:
        return [sent]
    answer = Attempt(
        attempt_id=f"att_in_{number}_{day}",
        channel=channel,
        direction=Direction.IN,
        state=AttemptState.RECEIVED,
        cause=Cause(kind="reply"),
        created_at=later + timedelta(days=chance.choice([0, 0, 3, 9])),
    )
    return [sent, answer]


def visit(number: int, day: date, chance: Random) -> Visit:
    moment = at(day, chance.randrange(9, 18))
    judged = Judgement(verdict=chance.choice(["verified", "verified", "unsure"]))
    return Visit(
        visit_id=f"vis_{number}_{day}",
        person_id="ana",
        at=moment,
        received_at=moment + timedelta(hours=chance.choice([0, 0, 30])),
        state=VisitState.COMPLETE,
        standing=chance.choice([Standing.RECEIVED, Standing.ACCEPTED, Standing.REJECTED]),
        report=Report(
            case_id=case_id(number),
            address_id=None,
            device_id="d",
            started_at=moment,
            finished_at=moment,
            kind=VisitKind.VISIT,
            disposition="undecided",
            verdict=judged,
            met=Met(who=chance.choice(["holder", "family", "nobody"])),
        ),
        findings=Findings(verdict=judged, trust=Trusted(score=90), counted=True),
    )
