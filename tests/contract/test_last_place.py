"""Two workers and two channels want the last place of a week: one of them gets it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Cause, Channel
from chalicelib.services import dispatch
from chalicelib.store.cases import CaseStore
from tests import engines
from tests.builders import a_debt, a_draft, a_portfolio, an_attempt, change_of, reopened
from tests.contact_world import Provider, means

pytestmark = pytest.mark.dynamodb_local

NOON = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)  # a Thursday in Mexico City
WORKERS = ("a", "b")
CHANNELS = (Channel.SMS, Channel.EMAIL)
ROUNDS = 4
# In Mexico the third contact in seven days is the last. The gate says "one a day" first, but
# what the others wait for is the seven days' end.


@pytest.fixture
def cases(dynamodb_endpoint):
    wire = engines.wire_to(dynamodb_endpoint, pool=8)
    return CaseStore(wire, cases=engines.CASES, work=engines.WORK)


def a_case_with_one_place_left(cases, portfolio, key):
    """Two contacts this week, on Tuesday and Wednesday, and a message planned on each channel."""
    draft = a_draft(a_debt(f"F-{key}", portfolio.portfolio_id), portfolio=portfolio, key=key)
    draft.put_contact(ContactKind.EMAIL, "ana@example.mx")
    change = change_of(draft)
    cases.commit(change)
    case_id = change.after.case_id
    draft = reopened(cases.open(case_id), portfolio, now=NOON - timedelta(hours=1))
    for days in (1, 2):
        at = NOON - timedelta(days=days)
        sent = an_attempt(f"past_{days}", state=AttemptState.SENT, created_at=at, sent_at=at)
        draft.record(replace(sent, not_before=None, channel=Channel.SMS))
    for worker in WORKERS:
        for channel in CHANNELS:
            planned = an_attempt(
                f"{worker}_{channel}", channel=channel, contact_id="", not_before=None,
                cause=Cause(kind="manual"), fallback=(), created_at=NOON,
            )  # fmt: skip
            draft.plan(planned)
    cases.commit(change_of(draft))
    return case_id


def test_one_of_four_gets_the_last_place_of_the_week(cases):
    portfolio, provider = a_portfolio("prt_race"), Provider()
    racers = [f"{worker}_{channel}" for worker in WORKERS for channel in CHANNELS]
    start = Barrier(len(racers))

    def race(case_id, attempt_id):
        start.wait()
        using = means(cases, portfolio, provider)
        return dispatch.deliver(case_id, attempt_id, means=using, now=NOON)

    with ThreadPoolExecutor(len(racers)) as pool:
        for number in range(ROUNDS):
            case_id = a_case_with_one_place_left(cases, portfolio, f"D-{number}")
            provider.got.clear()

            outcomes = list(pool.map(race, [case_id] * len(racers), racers))

            assert sorted(outcomes) == ["postponed"] * 3 + ["sent"]
            assert len(provider.got) == 1
            file = cases.open(case_id)
            went = [a for a in file.attempts if a.state is AttemptState.SENT]
            assert len(went) == 3
            waiting = [a for a in file.attempts if a.state is AttemptState.PLANNED]
            assert {a.not_before.date().isoformat() for a in waiting} == {"2026-12-01"}
