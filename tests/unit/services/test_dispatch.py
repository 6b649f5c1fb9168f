"""What becomes of a planned message."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, HoldReason, NotSent
from chalicelib.domain.errors import CaseMoved
from chalicelib.services import budgets, dispatch, dispatch_choices
from tests.contact_world import LostConnection
from tests.dispatch_world import NIGHT, NOON, World


@pytest.fixture
def world():
    return World()


def test_a_message_goes_out_with_what_was_decided_and_said(world):
    world.plan()

    assert world.deliver() == "sent"

    (message,), attempt = world.provider.got, world.attempt()
    assert message.reference == f"{world.case_id}:att_1"
    assert message.content == attempt.content
    assert "La Esquina" in message.content.text
    assert (attempt.state, attempt.provider_id) == (AttemptState.SENT, "m-att_1")
    assert (attempt.ruling.reason_code, attempt.cost_micros) == ("OK", 20_000)
    kinds = [event.kind for event in world.file.events[-3:]]
    assert kinds == ["attempt.planned", "attempt.reserved", "attempt.sent"]


def test_what_it_cost_is_by_the_portfolios_own_contract(world):
    world.plan()
    asked = []

    def budget(portfolio, micros, now):
        asked.append(micros)
        return ""

    world.deliver(prices=lambda _: {"sms": 13_000}, budget=budget)

    # Reckoned by the text, three segments; counted by what the provider says.
    assert (world.attempt().cost_micros, asked) == (13_000, [39_000])


@pytest.mark.parametrize("used_up", [budgets.BUDGET_USED, budgets.DAY_BUDGET_USED])
def test_when_a_budget_is_used_up_a_message_waits_for_another_day(world, used_up):
    world.plan()
    asked = []

    def none_left(portfolio, micros, now):
        asked.append((portfolio.portfolio_id, micros, now))
        return used_up

    assert world.deliver(budget=none_left) == "postponed"

    attempt = world.attempt()
    ((portfolio_id, micros, at),) = asked
    assert (portfolio_id, micros % 20_000, at) == ("prt_test", 0, NOON)
    assert micros > 0
    assert (attempt.state, attempt.ruling.reason_code) == (AttemptState.PLANNED, used_up)
    midnight = datetime(2026, 11, 25, 6, tzinfo=UTC)  # of Mexico City
    assert (attempt.not_before, attempt.ruling.next_allowed_at) == (midnight, midnight)
    assert world.provider.got == []
    assert world.deliver(now=NOON + timedelta(days=1)) == "sent"


def test_delivered_again_it_does_not_go_again(world):
    world.plan()

    outcomes = [world.deliver() for _ in range(5)]

    assert outcomes == ["sent", *["nothing"] * 4]
    assert world.provider.counts == {"att_1": 1}


def test_at_night_it_waits_for_its_own_minute_of_the_morning(world):
    for key in ("a", "b", "c"):
        world.plan(key)

    assert [world.deliver(key, now=NIGHT) for key in ("a", "b", "c")] == ["postponed"] * 3

    opens = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    moments = {world.attempt(key).not_before for key in ("a", "b", "c")}
    assert len(moments) == 3
    assert all(opens <= at < opens + dispatch_choices.SPREAD for at in moments)
    assert world.attempt("a").ruling.reason_code == "OUTSIDE_HOURS"
    assert world.deliver("a", now=NIGHT) == "nothing"
    assert world.provider.got == []


def test_what_waits_for_a_moment_never_lands_where_it_is_not_allowed():
    moment = NOON
    closes = moment + timedelta(minutes=7)

    places = [dispatch_choices.later(f"att_{n}", moment, lambda at: at < closes) for n in range(50)]

    assert all(moment <= at < closes for at in places)
    assert len(set(places)) > 25


@pytest.mark.parametrize(
    ("happened", "problem"),
    [
        pytest.param(
            lambda d: d.promise("pro_1", 500, d.today, channel="phone"), "promised",
            id="promised"),
        pytest.param(lambda d: d.undo_upload("upl_test"), "void", id="void"),
    ],
)  # fmt: skip
def test_what_is_no_longer_wanted_is_taken_back(world, happened, problem):
    world.plan()
    world.do(happened)

    assert world.deliver() == "withdrawn"
    assert (world.attempt().state, world.attempt().problem) == (AttemptState.WITHDRAWN, problem)
    assert world.provider.got == []


def test_what_a_budget_granted_to_one_that_does_not_go_is_told_once(world):
    world.plan()
    world.do(lambda d: d.promise("pro_1", 500, d.today, channel="phone"))
    told = []
    world.cases.unspent = told.extend

    assert world.deliver() == "withdrawn"
    assert world.deliver() == "nothing"

    assert [one.attempt_id for change in told for one in change.unspent] == ["att_1"]


def test_a_payment_takes_back_what_it_makes_needless_by_itself(world):
    world.plan()
    world.do(lambda d: d.pay(100_000, paid_on=d.today, source="manual", reference="r"))

    assert (world.attempt().state, world.attempt().problem) == (AttemptState.WITHDRAWN, "paid")
    assert world.deliver() == "nothing"
    assert world.provider.got == []


@pytest.mark.parametrize(
    "happened",
    [
        lambda d: d.consent(ConsentState.REFUSED, source="panel"),
        lambda d: d.hold("hld_1", HoldReason.DISPUTE),
        lambda d: d.mark_contact(next(iter(d._contacts)), quality="wrong_person"),
    ],
    ids=["refused", "on hold", "wrong person"],
)  # fmt: skip
def test_who_stopped_contact_gets_nothing(world, happened):
    phone = next(c for c in world.file.contacts if c.kind is ContactKind.PHONE).contact_id
    world.plan(contact_id=phone)
    world.do(happened)

    assert world.deliver() in ("nothing", "withdrawn", "denied")
    assert world.provider.got == []


def test_a_channel_that_may_not_be_used_gives_way_to_the_next(world):
    phone = next(c for c in world.file.contacts if c.kind is ContactKind.PHONE).contact_id
    world.do(
        lambda d: d.consent(
            ConsentState.REFUSED, contact_id=phone, channel=Channel.SMS, source="sms"
        )
    )
    world.plan(fallback=(Channel.LETTER, Channel.EMAIL))

    assert world.deliver() == "denied"

    assert (world.attempt().state, world.attempt().problem) == (AttemptState.DENIED, "OPT_OUT")
    following = world.file.attempts[-1]
    assert (following.channel, following.fallback) == (Channel.EMAIL, ())
    assert following.cause == world.attempt().cause
    assert world.deliver(following.attempt_id) == "sent"
    assert world.provider.got[0].unsubscribe_url


def test_a_refusal_for_good_frees_the_place_and_falls_back_once(world):
    world.plan(fallback=(Channel.EMAIL,))
    world.provider.refusals = [NotSent("invalid_recipient")]

    assert [world.deliver(), world.deliver()] == ["failed", "nothing"]

    assert world.attempt().problem == "invalid_recipient"
    following = world.file.attempts[-1]
    assert world.deliver(following.attempt_id) == "sent", "the failed one holds no place"
    assert len(world.file.attempts) == 2


@pytest.mark.parametrize(("code", "most"), [
    ("unavailable", dispatch.RETRIES),
    ("throttled", dispatch.MOST_THROTTLED),
])  # fmt: skip
def test_a_message_that_may_go_later_is_tried_again_later_and_later(world, code, most):
    world.plan()
    world.provider.refusals = [NotSent(code, retry=True)] * 99
    now, waits = NOON, []

    while world.attempt().state is AttemptState.PLANNED and len(waits) < 99:
        if world.deliver(now=now) == "retried":
            waits.append(world.attempt().not_before - now)
        now = max(world.attempt().not_before or now, now + timedelta(seconds=1))

    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=18)]
    assert len(waits) == most
    assert (world.attempt().state, world.attempt().problem) == (AttemptState.FAILED, code)
    assert world.provider.got == []


def test_a_message_that_may_have_gone_is_never_sent_again(world):
    world.plan(fallback=(Channel.EMAIL,))
    world.provider.refusals = [LostConnection()]

    outcomes = [world.deliver(now=NOON + timedelta(hours=n)) for n in range(3)]

    assert outcomes == ["unknown", "nothing", "nothing"]
    assert world.attempt().state is AttemptState.RESERVED
    assert world.provider.got == []
    assert len(world.problems) == 1


def test_a_text_that_cannot_be_written_fails_before_anything_is_sent(world):
    world.plan(template_id="promise_broken")  # there is no promise to speak of
    world.plan("att_2", template_id="unknown")

    assert [world.deliver(), world.deliver("att_2")] == ["failed", "failed"]
    assert [world.attempt(k).problem for k in ("att_1", "att_2")] == [
        "fact_missing", "template_missing",
    ]  # fmt: skip


def test_who_loses_the_race_decides_anew(world):
    """Another message takes the day's place between reading and writing."""
    world.plan()
    world.plan("att_2", channel=Channel.EMAIL)

    class Racing:
        def __init__(self, cases):
            self._cases, self._raced = cases, False

        def open(self, case_id):
            return self._cases.open(case_id)

        def commit(self, *changes):
            if not self._raced:
                self._raced = True
                assert world.deliver("att_2") == "sent"
            self._cases.commit(*changes)

    assert world.deliver(cases=Racing(world.cases)) == "postponed"
    assert world.provider.counts == {"att_2": 1}
    assert world.attempt().ruling.reason_code == "DAILY_CAP"


def test_a_case_that_never_stands_still_is_left_for_another_time(world):
    class Moving:
        def open(self, case_id):
            return world.cases.open(case_id)

        def commit(self, *_):
            raise CaseMoved

    world.plan()
    with pytest.raises(CaseMoved):
        world.deliver(cases=Moving())
    assert world.provider.got == []


class Queue:
    def __init__(self):
        self.messages = []

    def send(self, messages):
        self.messages += messages


def collect(world, queue, now=NOON):
    return dispatch.collect(outbox=world.cases, queue=queue, now=now, time_left_s=lambda: 60)


def test_what_is_due_is_queued_once_and_comes_back_if_it_gets_lost(world):
    world.plan()
    world.plan("later", not_before=NOON + timedelta(hours=1))
    queue = Queue()

    assert [collect(world, queue), collect(world, queue)] == [1, 0]
    assert queue.messages == [{"case_id": world.case_id, "attempt_id": "att_1"}]

    assert collect(world, queue, now=NOON + dispatch.LEASE) == 1, "the lease is over"


def test_nothing_is_taken_when_there_is_no_time_for_it(world):
    world.plan()
    queue = Queue()

    taken = dispatch.collect(outbox=world.cases, queue=queue, now=NOON, time_left_s=lambda: 3)

    assert (taken, queue.messages) == (0, [])
