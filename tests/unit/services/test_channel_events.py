import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import (
    AttemptState,
    Channel,
    ChannelEvent,
    ConsentState,
    Content,
    Ruling,
)
from chalicelib.services import channel_events
from chalicelib.services.channel_events import Outcome
from tests.builders import NOW, a_case, a_portfolio, an_attempt, change_of, reopened
from tests.fakes import MemoryCases

LATER = NOW + timedelta(minutes=5)


class OnePortfolio:
    def get(self, _):
        return a_portfolio()


class World:
    """A case with one message on its way, and what providers tell of it."""

    def __init__(self, *, sent=True, **values):
        self.cases = MemoryCases()
        file = a_case()
        self.point = file.contacts[0].contact_id
        self.cases.files[file.head.case_id] = file
        self.case_id = file.head.case_id
        self.do(lambda d: d.plan(an_attempt(contact_id=self.point, **values)))
        ruling = Ruling(at=NOW, allowed=True, reason_code="OK")
        content = Content(to="+525512345678", text="Hola")
        self.do(
            lambda d: d.reserve(
                "att_1", ruling=ruling, content=content, contact_id=self.point, party="debtor"
            )
        )
        if sent:
            self.do(lambda d: d.sent("att_1", provider="whatsapp", provider_id="wa-1"))

    def do(self, step):
        draft = reopened(self.file)
        step(draft)
        self.cases.commit(change_of(draft))

    @property
    def file(self):
        return self.cases.open(self.case_id)

    @property
    def attempt(self):
        return next(a for a in self.file.attempts if a.attempt_id == "att_1")

    def hear(self, kind, *, at=LATER, after_failure=None, **values):
        base = {"provider": "whatsapp", "provider_id": "wa-1", "reference": f"{self.case_id}:att_1"}
        return channel_events.apply(
            ChannelEvent(**base | {"kind": kind, "at": at} | values),
            cases=self.cases,
            portfolios=OnePortfolio(),
            now=LATER,
            after_failure=after_failure,
        )


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])))
@pytest.mark.parametrize("sent", [True, False], ids=["written", "crashed before it was written"])
def test_news_in_any_order_end_in_the_same_place(order, sent):
    world = World(sent=sent)
    for kind in (*order, *order):
        world.hear(kind)

    assert world.attempt.state is AttemptState.READ
    assert (world.attempt.read_at, world.attempt.provider_id) == (LATER, "wa-1")


def test_news_that_are_none_change_nothing():
    world = World()
    assert world.hear("delivered") is Outcome.APPLIED
    before = world.file

    assert world.hear("delivered") is Outcome.NO_NEWS
    assert world.hear("sent") is Outcome.NO_NEWS
    assert world.file == before


def test_without_a_reference_the_providers_id_finds_it():
    world = World()

    assert world.hear("delivered", reference="") is Outcome.APPLIED
    assert world.attempt.state is AttemptState.DELIVERED


@pytest.mark.parametrize("change", [
    {"reference": "cas_none:att_1"}, {"reference": "", "provider_id": "other"},
])  # fmt: skip
def test_a_message_that_is_not_ours_is_said_so(change):
    assert World().hear("delivered", **change) is Outcome.UNKNOWN


def test_an_attempt_that_is_not_there_is_not_made_up():
    world = World()

    assert world.hear("read", reference=f"{world.case_id}:att_9") is Outcome.UNKNOWN


def test_a_hard_bounce_condemns_the_address_and_what_waits_for_it():
    world = World()
    world.do(lambda d: d.plan(an_attempt("att_2", contact_id=world.point)))

    world.hear("bounced", code="invalid_recipient")

    assert (world.attempt.state, world.attempt.problem) == (
        AttemptState.FAILED, "invalid_recipient",
    )  # fmt: skip
    assert world.file.contacts[0].quality == "invalid"
    assert [a.state for a in world.file.attempts if a.attempt_id == "att_2"] == [
        AttemptState.WITHDRAWN
    ]


@pytest.mark.parametrize(("kind", "state", "source"), [
    ("complained", AttemptState.DELIVERED, "complaint"),
    ("opted_out", AttemptState.FAILED, "provider"),
])  # fmt: skip
def test_who_complains_or_opted_out_is_not_written_to_again(kind, state, source):
    world = World(channel=Channel.EMAIL)

    world.hear(kind)
    world.hear(kind)

    assert world.attempt.state is state
    (word,) = world.file.consents
    assert (word.state, word.channel, word.source) == (ConsentState.REFUSED, Channel.EMAIL, source)


def test_a_complaint_is_told_once_even_of_who_had_refused_before():
    world = World(channel=Channel.EMAIL)
    world.hear("opted_out")

    world.hear("complained")
    world.hear("complained")

    told = [one.facts for one in world.file.events if one.kind == "complaint.received"]
    assert told == [{"attempt_id": "att_1", "channel": "email"}]


def test_what_failed_is_handed_on_once():
    world, failed = World(), []

    def after_failure(draft, file, portfolio, attempt):
        failed.append((attempt.attempt_id, attempt.problem))
        draft.plan(replace(an_attempt("att_2"), channel=Channel.SMS))

    for _ in range(2):
        world.hear("failed", code="unreachable", after_failure=after_failure)

    assert failed == [("att_1", "unreachable")]
    assert [a.attempt_id for a in world.file.attempts] == ["att_1", "att_2"]


def test_a_failure_after_it_was_read_is_late_news():
    world = World()
    world.hear("read")

    assert world.hear("failed", code="unreachable") is Outcome.NO_NEWS
    assert world.attempt.state is AttemptState.READ


def test_an_event_that_overtakes_the_senders_own_note_loses_no_cost():
    world = World(sent=False)
    world.hear("delivered")

    world.do(
        lambda d: d.sent("att_1", provider="whatsapp", provider_id="wa-1", cost_micros=8_000,
                         cost_currency="USD")
    )  # fmt: skip

    assert (world.attempt.state, world.attempt.cost_micros) == (AttemptState.DELIVERED, 8_000)
