from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import counters
from chalicelib.domain.contact import Channel, Content, Direction, Ruling
from chalicelib.domain.prices import cost
from chalicelib.services import budgets
from chalicelib.strategies.model import Playbook
from tests.builders import NOW, a_case, a_portfolio, an_attempt, change_of, reopened
from tests.fakes import MemoryCases

MONTH_END = datetime(2026, 12, 1, 4, tzinfo=UTC)  # still 30 November in Mexico City


class Limit:
    def __init__(self, micros, by_day=None):
        self.micros, self.by_day = micros, by_day

    def playbook(self, portfolio_id):
        return Playbook(
            portfolio_id=portfolio_id,
            monthly_budget_micros=self.micros,
            daily_budget_micros=self.by_day,
            budget_currency="USD",
        )


class Counted:
    """Counters as the memory store keeps them."""

    def __init__(self, cases):
        self.cases = cases

    def read(self, portfolio_id, *, days_since=None):
        return counters.merged(self.cases.moves[portfolio_id])


def world(*sent_at, channel=Channel.SMS):
    cases, file = MemoryCases(), a_case()
    case_id = file.head.case_id
    cases.files[case_id] = file
    ruling = Ruling(at=NOW, allowed=True, reason_code="OK")
    for number, at in enumerate(sent_at):
        key = f"att_{number}"
        micros, currency = cost(channel, "MX")
        for step in (
            lambda d: d.plan(an_attempt(key, channel=channel)),  # noqa: B023 (used at once)
            lambda d: d.reserve(
                key, ruling=ruling, content=Content(to="x", text="y"), contact_id="con_1",  # noqa: B023
                party="debtor",
            ),
            lambda d: d.sent(
                key, provider="aws-sms", provider_id=key, cost_micros=micros,  # noqa: B023
                cost_currency=currency, at=at,  # noqa: B023
            ),
        ):  # fmt: skip
            draft = reopened(cases.open(case_id), now=at)
            step(draft)
            cases.commit(change_of(draft))
    return cases, case_id


def test_a_month_is_the_portfolios_own():
    cases, _ = world(NOW, MONTH_END, MONTH_END + timedelta(hours=3))

    found = budgets.of_now(
        a_portfolio(), counters=Counted(cases), limits=Limit(None), now=MONTH_END
    )

    assert (found.month.name, found.month.messages) == ("2026-11", 2)
    assert found.month.spent_micros == 40_000
    # The third went at 01:00 of Mexico's 1 December: of another day and month.
    assert (found.day.name, found.day.messages, found.day.spent_micros) == ("2026-11-30", 1, 20_000)


@pytest.mark.parametrize(
    ("limit", "micros", "told"),
    [
        (Limit(40_000), 20_000, ""),
        (Limit(40_000), 20_001, budgets.BUDGET_USED),
        (Limit(None, by_day=40_000), 20_000, ""),
        (Limit(None, by_day=40_000), 20_001, budgets.DAY_BUDGET_USED),
        (Limit(90_000, by_day=30_000), 20_000, budgets.DAY_BUDGET_USED),
        (Limit(30_000, by_day=90_000), 20_000, budgets.BUDGET_USED),
        (Limit(None), 10**12, ""),
    ],
)
def test_budgets_have_room_up_to_their_limit(limit, micros, told):
    cases, _ = world(NOW)

    found = budgets.of_now(a_portfolio(), counters=Counted(cases), limits=limit, now=NOW)

    assert found.used_up(micros) == told


def test_what_failed_later_was_still_paid_for_and_counts_once():
    cases, case_id = world(NOW)
    draft = reopened(cases.open(case_id))
    draft.failed("att_0", "unreachable")
    cases.commit(change_of(draft))

    day = Counted(cases).read("prt_test").days["2026-11-22"]

    assert {k: v for k, v in day.items() if v} == {
        "messages": 1,
        "cost_micros": 20_000,
        "by_sms": 1,
    }
    stored = counters.messages(cases.open(case_id).attempts, a_portfolio().time_zone)
    assert stored == {"2026-11-22": {"messages": 1, "cost_micros": 20_000, "by_sms": 1}}


def test_what_came_in_costs_nothing():
    said = an_attempt(direction=Direction.IN, sent_at=NOW)

    assert counters.messages([said], "UTC") == {}


class Asked(Counted):
    def __init__(self, cases):
        super().__init__(cases)
        self.times = 0

    def read(self, portfolio_id, *, days_since=None):
        self.times += 1
        return super().read(portfolio_id, days_since=days_since)


def test_a_budget_lets_through_what_fits_and_nothing_after():
    cases, _ = world(NOW)  # one text message has gone: 20,000 millionths
    counted = Asked(cases)
    rooms = budgets.Rooms(counted, Limit(60_000))

    let = [rooms.take(a_portfolio(), 20_000, NOW + timedelta(seconds=n)) for n in range(4)]

    assert let == ["", "", budgets.BUDGET_USED, budgets.BUDGET_USED]
    assert counted.times == 1, "what it let through is counted without asking again"
    later = NOW + budgets.FRESH
    assert rooms.take(a_portfolio(), 20_000, later) == "", "what did not go after all is room again"
    assert counted.times == 2


def test_a_new_month_has_room_again():
    cases, _ = world(MONTH_END - timedelta(days=2))
    rooms = budgets.Rooms(Counted(cases), Limit(20_000))

    assert rooms.take(a_portfolio(), 1, MONTH_END) == budgets.BUDGET_USED
    assert rooms.take(a_portfolio(), 1, MONTH_END + timedelta(hours=3)) == ""


def test_a_new_day_of_the_portfolio_has_room_again_at_its_midnight():
    cases, _ = world(MONTH_END)
    rooms = budgets.Rooms(Counted(cases), Limit(None, by_day=20_000))
    before, midnight = MONTH_END.replace(hour=5, minute=59, second=59), MONTH_END.replace(hour=6)

    assert rooms.take(a_portfolio(), 1, before) == budgets.DAY_BUDGET_USED
    assert rooms.take(a_portfolio(), 20_000, midnight) == ""
    assert rooms.take(a_portfolio(), 1, midnight) == budgets.DAY_BUDGET_USED


def test_without_a_budget_nothing_is_counted():
    counted = Asked(MemoryCases())
    rooms = budgets.Rooms(counted, Limit(None))

    assert [rooms.take(a_portfolio(), 10**9, NOW) for _ in range(3)] == [""] * 3
    assert counted.times == 0
