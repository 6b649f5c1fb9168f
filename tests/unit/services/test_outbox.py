from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.errors import (
    AttemptNotFound,
    AttemptSettled,
    BadField,
    NotAllowed,
    PortfolioNotFound,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.services import enclosures, outbox
from chalicelib.strategies.model import Playbook
from tests.builders import NOW, a_portfolio, an_attempt
from tests.unit.services.test_channel_events import OnePortfolio, World

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
AGENT = Actor(actor_id="user:2", role=Role.AGENT, portfolios=("*",), name="Luis")
PID = a_portfolio().portfolio_id
HANGING = NOW + timedelta(minutes=16)


class Nothing:
    def read(self, *_, **__):
        from chalicelib.domain.case import CounterMoves

        return CounterMoves(totals={}, due={}, due_debts={}, days={})

    def playbook(self, portfolio_id):
        return Playbook(
            portfolio_id=portfolio_id,
            monthly_budget_micros=5_000_000,
            daily_budget_micros=400_000,
            budget_currency="USD",
        )


def by(world, actor=BOSS, now=HANGING):
    return {"actor": actor, "cases": world.cases, "portfolios": OnePortfolio(), "now": now}


class Shelf:
    def link(self, key, *, filename, expires_s):
        return f"https://shelf.example/{key}?as={filename}"


def page(world, attempt_id="att_1", **values):
    return outbox.page(
        world.case_id, attempt_id, people=lambda ids: dict.fromkeys(ids, "Ana"), files=Shelf(),
        **by(world, **values),
    )  # fmt: skip


def test_a_message_says_why_it_went_what_it_said_and_what_became_of_it():
    world = World()
    world.hear("delivered")

    shown = page(world)

    assert (shown["cause"]["strategy"], shown["cause"]["step"]) == ("str_1@2", "d-5")
    assert shown["ruling"]["reason_code"] == "OK"
    assert shown["content"]["text"] == "Hola"
    assert [event["kind"] for event in shown["events"]] == [
        "attempt.planned", "attempt.reserved", "attempt.sent", "attempt.delivered",
    ]  # fmt: skip
    assert shown["message"]["state"] == "delivered"
    assert shown["can"] == {"retry": False, "settle": False, "withdraw": False, "post": False}


@pytest.mark.parametrize(("went", "state", "problem"), [
    (True, AttemptState.SENT, ""), (False, AttemptState.FAILED, "not_sent"),
])  # fmt: skip
def test_what_hangs_is_settled_by_a_person(went, state, problem):
    world = World(sent=False)
    assert page(world)["can"]["settle"]

    outbox.settle(world.case_id, "att_1", went=went, **by(world))

    assert (world.attempt.state, world.attempt.problem) == (state, problem)


@pytest.mark.parametrize("sent", [True, False])
def test_what_is_settled_or_just_going_is_left_alone(sent):
    world = World(sent=sent)

    now = HANGING if sent else NOW + timedelta(minutes=14)
    with pytest.raises(AttemptSettled):
        outbox.settle(world.case_id, "att_1", went=True, **by(world, now=now))


def test_a_failed_message_goes_into_the_outbox_once_more_and_once_only():
    world = World()
    world.hear("failed", code="unreachable")

    for _ in range(2):
        outbox.retry(world.case_id, "att_1", **by(world))

    again = [a for a in world.file.attempts if a.attempt_id != "att_1"]
    assert [(a.state, a.cause.kind, a.cause.by, a.provider_id) for a in again] == [
        (AttemptState.PLANNED, "manual", "user:1", "")
    ]
    assert world.attempt.state is AttemptState.FAILED


def test_a_message_that_did_not_fail_is_not_sent_again():
    world = World()

    with pytest.raises(AttemptSettled):
        outbox.retry(world.case_id, "att_1", **by(world))


def test_what_has_not_gone_can_be_taken_back():
    world = World()
    world.do(lambda d: d.plan(an_attempt("att_2")))

    for _ in range(2):
        outbox.withdraw(world.case_id, "att_2", **by(world))
    with pytest.raises(AttemptSettled):
        outbox.withdraw(world.case_id, "att_1", **by(world))

    assert page(world, "att_2")["message"]["state"] == "withdrawn"


def test_an_agent_reads_and_does_nothing():
    world = World(sent=False)

    assert not any(page(world, actor=AGENT)["can"].values())
    for do in (outbox.retry, outbox.withdraw):
        with pytest.raises(NotAllowed):
            do(world.case_id, "att_1", **by(world, actor=AGENT))


def test_a_message_of_another_case_is_none():
    with pytest.raises(AttemptNotFound):
        page(World(), "att_9")


def test_the_tray_holds_what_waits_hangs_or_failed():
    world = World(sent=False)
    world.do(lambda d: d.plan(an_attempt("att_2")))

    hanging = outbox.listed(
        PID, AttemptState.RESERVED, cursor=None, limit=10, actor=BOSS, cases=world.cases,
        now=HANGING,
    )  # fmt: skip
    told = outbox.summary(
        PID, actor=BOSS, cases=world.cases, portfolios=OnePortfolio(), counters=Nothing(),
        limits=Nothing(), now=HANGING,
    )  # fmt: skip

    assert [(m["attempt_id"], m["hangs"], m["name"]) for m in hanging["items"]] == [
        ("att_1", True, "José Pérez Ñandú")
    ]
    assert told["states"] == {"planned": 1, "reserved": 1, "failed": 0, "denied": 0}
    assert (told["month"]["month"], told["month"]["limit_micros"]) == ("2026-11", 5_000_000)
    assert (told["day"]["day"], told["day"]["limit_micros"]) == ("2026-11-22", 400_000)


def test_anothers_portfolio_is_none():
    world = World()
    stranger = Actor(actor_id="user:3", role=Role.SUPERVISOR, portfolios=("prt_x",), name="X")

    with pytest.raises(PortfolioNotFound):
        outbox.listed(
            PID, AttemptState.FAILED, cursor=None, limit=10, actor=stranger, cases=world.cases,
            now=NOW,
        )  # fmt: skip


def test_a_certified_letter_keeps_the_posts_number():
    world = World(channel=Channel.LETTER)

    for _ in range(2):
        outbox.post(world.case_id, "att_1", " rr 123 456 789 mx", **by(world))

    shown = page(world)
    assert shown["message"]["tracking"] == "RR123456789MX"
    assert [e["kind"] for e in shown["events"]].count("attempt.posted") == 1
    assert shown["can"]["post"]


@pytest.mark.parametrize(("channel", "number", "refusal"), [
    (Channel.LETTER, "1; drop", BadField), (Channel.LETTER, "", BadField),
    (Channel.SMS, "RR123456789MX", AttemptSettled),
])  # fmt: skip
def test_only_letters_have_such_a_number(channel, number, refusal):
    world = World(channel=channel)

    with pytest.raises(refusal):
        outbox.post(world.case_id, "att_1", number, **by(world))


def test_the_files_of_a_message_are_there_as_they_went():
    world = World()
    event = next(e for e in world.file.events if e.kind == "attempt.reserved")
    digest = "ab" * 32
    told = replace(event, facts=event.facts | {"files": [{"name": "x.pdf", "sha256": digest}]})

    (shown,) = enclosures.shown(world.case_id, "att_1", [told], Shelf())

    key = f"sent/{world.case_id}/att_1/{digest}.pdf"
    assert shown == {
        "name": "x.pdf", "sha256": digest, "url": f"https://shelf.example/{key}?as=x.pdf",
    }  # fmt: skip
    assert page(world)["content"]["files"] == []
