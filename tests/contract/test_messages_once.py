"""
Killed, redelivered, run twice, its clock moved: a debtor gets a message once.

A worker is killed at every place where it can be: a crash is an error that nothing catches, after
or before each thing it does with the case store and the provider.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.services import dispatch
from tests.builders import a_debt, a_draft, an_attempt, change_of, reopened
from tests.contact_world import Provider, means

NOON = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)  # a Thursday in Mexico City
MESSAGES = 9

# In memory for speed, on AWS's own engine for truth; moto's transactions are not safe against
# each other.
pytestmark = pytest.mark.parametrize(
    "engine", ["memory", pytest.param("dynamodb", marks=pytest.mark.dynamodb_local)]
)


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """The stores and the provider of a worker that dies at its n-th step."""

    def __init__(self, cases, provider, dies_at):
        self._cases, self._provider, self._left = cases, provider, dies_at

    def _step(self):
        self._left -= 1
        if self._left == 0:
            raise Killed

    def open(self, case_id):
        self._step()
        return self._cases.open(case_id)

    def commit(self, *changes):
        self._step()
        self._cases.commit(*changes)
        self._step()

    def send(self, message):
        self._step()
        receipt = self._provider.send(message)
        self._step()
        return receipt


class Queue:
    """At least once: what is put in comes out several times, in any order."""

    def __init__(self):
        self.messages = []

    def send(self, messages):
        self.messages += messages


@pytest.fixture
def planned(stores):
    """A message for each of several debtors, due at noon; gives (case id, attempt id)."""
    portfolio, keys = stores.portfolio, []
    for number in range(MESSAGES):
        draft = a_draft(
            a_debt(f"F-{number}", portfolio.portfolio_id), portfolio=portfolio, key=f"D-{number}"
        )
        change = change_of(draft)
        stores.cases.commit(change)
        case_id = change.after.case_id
        draft = reopened(stores.cases.open(case_id), portfolio, now=NOON - timedelta(hours=1))
        key = f"att_{portfolio.portfolio_id}_{number}"
        draft.plan(
            an_attempt(
                key, channel=Channel.SMS, contact_id="", fallback=(), not_before=NOON,
                cause=Cause(kind="manual"),
            )
        )  # fmt: skip
        stores.cases.commit(change_of(draft))
        keys.append((case_id, key))
    return keys


def collected(stores, planned, now):
    """What a run of the schedule queues of ours; the outbox is shared by all portfolios."""
    queue, ours = Queue(), set(planned)
    dispatch.collect(outbox=stores.cases, queue=queue, now=now, time_left_s=lambda: 60)
    found = [(m["case_id"], m["attempt_id"]) for m in queue.messages]
    return [one for one in found if one in ours]


def state_of(stores, one):
    attempts = stores.cases.open(one[0]).attempts
    return next(attempt.state for attempt in attempts if attempt.attempt_id == one[1])


def test_a_worker_killed_anywhere_sends_nothing_twice(stores, planned):
    provider, portfolio = Provider(), stores.portfolio
    # open, commit (before, after), send (before, after), open, commit (before, after): 8 places.
    places = range(1, 10)
    for dies_at, one in zip(places, planned, strict=False):
        mortal = Mortal(stores.cases, provider, dies_at)
        dying = means(mortal, portfolio, provider, sender=lambda _, worker=mortal: worker)
        try:
            dispatch.deliver(*one, means=dying, now=NOON)
            assert dies_at > 8
        except Killed:
            pass
        # The queue gives it again, at once and after the lease, to workers that live.
        for later in (0, 20):
            living = means(stores.cases, portfolio, provider)
            dispatch.deliver(*one, means=living, now=NOON + timedelta(minutes=later))

    got = provider.counts
    assert max(got.values()) == 1
    unknown = [one for one in planned[:9] if got[one[1]] == 0]
    # Killed with its place taken and before the provider had it: nobody sends it again, and it
    # stays reserved for a person to see.
    assert unknown == [planned[2], planned[3]]
    assert {state_of(stores, one) for one in unknown} == {AttemptState.RESERVED}
    # Killed after the provider had it: it stays reserved until the provider tells of it.
    assert [state_of(stores, planned[n]) for n in (4, 5, 6)] == [AttemptState.RESERVED] * 3
    assert state_of(stores, planned[8]) is AttemptState.SENT


def test_redelivered_run_twice_and_by_many_every_debtor_gets_one(stores, planned):
    provider, portfolio = Provider(), stores.portfolio
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: collected(stores, planned, NOON), range(2)))
    queued = runs[0] + runs[1]
    assert sorted(queued) == sorted(planned), "two schedules at once queue each message once"
    # The clock jumps past the lease: what nobody has delivered yet is queued once more.
    queued += collected(stores, planned, NOON + timedelta(minutes=16))
    assert len(queued) == 2 * len(planned)

    # Each several times, in another order.
    deliveries = [*queued[::-1], *queued[::2], *queued[1::2], *queued]
    using = means(stores.cases, portfolio, provider)
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(
            pool.map(lambda one: dispatch.deliver(*one, means=using, now=NOON), deliveries)
        )

    assert provider.counts == {key: 1 for _, key in planned}
    assert outcomes.count("sent") == len(planned)
    assert set(outcomes) == {"sent", "nothing"}
    assert {state_of(stores, one) for one in planned} == {AttemptState.SENT}
    # Days later, and with the clock back again, there is nothing left to go.
    for moved in (timedelta(days=3), -timedelta(hours=2)):
        assert collected(stores, planned, NOON + moved) == []
