"""All workers together hand messages over no faster than each provider takes them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contact import AttemptState, Channel, NotSent
from chalicelib.services import pacing
from chalicelib.services.pacing import AT_ONCE, MOST_AHEAD, SPREAD, Pacer
from tests.contact_world import MemoryPaces
from tests.dispatch_world import NOON, World


def a_pacer(**rates):
    senders = {Channel.SMS: {"MX": "+5255", "*": "pool"}}
    return Pacer(rates=rates or {"sms": 2, "email": 10}, senders=senders, paces=MemoryPaces())


def ask(pacer, channel=Channel.SMS, country="MX", *, units=1, key="att", now=NOON):
    return pacer.wait(channel, country, units, key, now)


def test_a_seconds_messages_go_together_and_the_next_wait_for_their_own_moment():
    pacer = a_pacer()

    turns = [ask(pacer) for _ in range(5)]

    assert turns[:3] == [None] * 3
    assert [turn.at - NOON for turn in turns[3:]] == [
        timedelta(seconds=1.5), timedelta(seconds=2)]  # fmt: skip
    assert all(turn.kept for turn in turns[3:])


def test_parts_of_an_sms_count_each():
    pacer = a_pacer()
    ask(pacer, units=6)

    assert ask(pacer).at == NOON + timedelta(seconds=3)


def test_each_sender_has_a_lane_and_countries_that_share_one_share_it():
    pacer = a_pacer(sms=0.1)
    for country in ("MX", "CO"):
        assert ask(pacer, country=country) is None

    assert ask(pacer, country="PE").at == NOON + timedelta(seconds=10)  # the pool, after Colombia
    assert ask(pacer, channel=Channel.EMAIL) is None


def test_a_channel_without_a_rate_has_no_limit():
    pacer = a_pacer(sms=1)

    assert [ask(pacer, channel=Channel.LETTER) for _ in range(99)] == [None] * 99


def test_beyond_some_minutes_no_place_is_kept_and_they_do_not_all_come_back_at_once():
    pacer = a_pacer(sms=0.1)
    while (turn := ask(pacer)) is None or turn.kept:
        pass

    back = [ask(pacer, key=f"att_{n}").at for n in range(20)]

    assert all(NOON + MOST_AHEAD < at <= NOON + MOST_AHEAD + SPREAD * 1.5 for at in back)
    assert len(set(back)) == 20


@given(
    st.lists(st.tuples(st.floats(0, 5), st.integers(1, 4)), min_size=1, max_size=60),
    st.floats(0.2, 50),
)
def test_in_no_span_of_time_do_more_go_than_the_rate_and_one_second_of_it(steps, rate):
    pacer, now, gone = a_pacer(sms=rate), NOON, []
    for pause, units in steps:
        now += timedelta(seconds=pause)
        turn = ask(pacer, units=units, now=now)
        if turn is None or turn.kept:
            gone.append((now if turn is None else turn.at, units))

    gone.sort()
    for first, (start, _) in enumerate(gone):
        for end, _ in gone[first:]:
            units = [count for at, count in gone if start <= at <= end]
            room = rate * ((end - start + AT_ONCE).total_seconds() + 0.001 * len(units))
            assert sum(units) - max(units) <= room + 0.001


# In the dispatch


def test_a_message_that_waits_for_its_turn_goes_at_it_and_takes_no_other():
    world, pacer, later = World(), a_pacer(sms=0.1), []
    ask(pacer)  # somebody else's, ten seconds long
    world.plan()
    more = {"pace": pacer.wait, "again": lambda *turn: later.append(turn)}

    assert world.deliver(**more) == "paced"

    ((case_id, key, at, now),) = later
    assert (case_id, key, at, now) == (world.case_id, "att_1", NOON + timedelta(seconds=10), NOON)
    assert world.attempt().state is AttemptState.PLANNED
    assert "attempt.postponed" not in {event.kind for event in world.file.events}
    free = pacer.paces.free_at.copy()
    assert world.deliver(now=at, turn=at, **more) == "sent"
    assert pacer.paces.free_at == free  # it took no other place


def test_a_turn_that_is_long_over_is_asked_for_anew():
    world, pacer, later = World(), a_pacer(sms=0.1), []
    world.plan()
    more = {"pace": pacer.wait, "again": lambda *turn: later.append(turn)}
    late = NOON + pacing.LATE + timedelta(seconds=1)
    pacer.wait(Channel.SMS, "MX", 1, "other", late)

    assert world.deliver(now=late, turn=NOON, **more) == "paced"
    assert len(later) == 1


def test_without_a_place_it_waits_in_the_outbox_and_says_why():
    world, pacer, asked = World(), a_pacer(sms=0.1), []
    world.plan()
    while (turn := ask(pacer)) is None or turn.kept:
        pass

    def budget(*of):
        asked.append(of)
        return ""

    assert world.deliver(pace=pacer.wait, budget=budget) == "postponed"

    attempt = world.attempt()
    assert (attempt.state, attempt.ruling.reason_code) == (AttemptState.PLANNED, pacing.PACED)
    assert attempt.not_before > NOON + MOST_AHEAD
    assert (asked, world.provider.got) == ([], [])  # nothing of the budget is used meanwhile


def test_a_provider_that_takes_no_more_is_asked_again_and_no_try_is_lost():
    world, now = World(), NOON
    full = [NotSent("throttled", retry=True) for _ in range(6)]
    broken = [NotSent("unavailable", retry=True) for _ in range(5)]
    world.provider.refusals = [*full, *broken]
    world.plan()

    outcomes = []
    while "sent" not in outcomes and len(outcomes) < 30:
        outcomes.append(world.deliver(now=now))
        now = max(world.attempt().not_before or now, now) + timedelta(seconds=1)

    assert outcomes.count("retried") == 11
    assert outcomes[-1] == "sent"
