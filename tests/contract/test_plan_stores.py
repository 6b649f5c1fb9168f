"""What the plan's stores promise: the same of those in memory and of those on DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.case import CaseChange
from chalicelib.domain.experiment import Enrolment
from chalicelib.domain.foretold import Telling, ToldOfDebt
from chalicelib.prediction.served import ServedModel
from chalicelib.store.allowances import AllowanceStore
from chalicelib.store.bids import BidStore
from chalicelib.store.case_keys import LIST_SHARDS, list_shard
from chalicelib.store.enrolments import EnrolmentStore
from chalicelib.store.served_models import ServedModelStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.strategies.model import Arm, Playbook, Rule, Segment, StrategyState
from chalicelib.strategies.ready_made import ready_made
from tests import engines
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of
from tests.plan_world import MemoryAllowances, MemoryBids, MemoryEnrolments, MemoryStrategies


@dataclass
class PlanStores:
    strategies: Any
    allowances: Any
    enrolments: Any
    bids: Any
    pid: str


@pytest.fixture
def plan_stores(engine, portfolio, request):
    pid = portfolio.portfolio_id
    if engine == "memory":
        return PlanStores(
            MemoryStrategies(), MemoryAllowances(), MemoryEnrolments(), MemoryBids(), pid
        )
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    stores = (StrategyStore, AllowanceStore, EnrolmentStore, BidStore)
    made = [store(wire, engines.WORK) for store in stores]
    return PlanStores(*made, pid)


def a_draft_of(pid: str, code: str = "late", strategy_id: str = "str_1"):
    return replace(
        ready_made()[code].strategy(strategy_id, pid, "pt"),
        arms=(Arm(code="a"), Arm(code="out", holdout=True)),
        created_at=NOW,
        created_by="user:ana",
    )


def test_a_strategy_is_read_as_it_was_written(plan_stores):
    store, made = plan_stores.strategies, a_draft_of(plan_stores.pid)

    assert store.add(made)
    assert not store.add(replace(made, name="otra"))
    assert store.get(plan_stores.pid, "str_1", 1) == made
    assert store.get(plan_stores.pid, "str_1", 2) is None
    assert store.get("prt_other", "str_1", 1) is None


def test_of_two_who_write_a_strategy_one_is_refused(plan_stores):
    store, made = plan_stores.strategies, a_draft_of(plan_stores.pid)
    store.add(made)
    published = replace(made, state=StrategyState.PUBLISHED, valid_from=TODAY, published_at=NOW)

    stored = store.save(published)

    assert stored == replace(published, edit=2)
    assert store.save(replace(made, name="tarde")) is None
    assert store.get(plan_stores.pid, "str_1", 1) == stored


def test_all_versions_are_listed_in_order(plan_stores):
    store = plan_stores.strategies
    for strategy_id, version in (("str_2", 1), ("str_1", 2), ("str_1", 11), ("str_1", 1)):
        made = a_draft_of(plan_stores.pid, strategy_id=strategy_id)
        store.add(replace(made, version=version))

    assert [(one.strategy_id, one.version) for one in store.all(plan_stores.pid)] == [
        ("str_1", 1),
        ("str_1", 2),
        ("str_1", 11),
        ("str_2", 1),
    ]


def test_a_playbook_is_written_over_the_version_it_was_read_at(plan_stores):
    store = plan_stores.strategies
    assert store.playbook(plan_stores.pid) is None
    segment = Segment(
        segment_id="late",
        name="Tardía",
        priority=1,
        strategy_id="str_1",
        rule=Rule(op="all", parts=(Rule(op="in", field="city", value=("Lima", "Cusco")),)),
        daily_quota=500,
    )
    book = Playbook(portfolio_id=plan_stores.pid, segments=(segment,), updated_at=NOW)

    first = store.save_playbook(book)

    assert first == replace(book, version=1)
    assert store.save_playbook(replace(book, budget_currency="MXN")) is None
    second = store.save_playbook(replace(first, monthly_budget_micros=5))
    assert (
        store.playbook(plan_stores.pid)
        == second
        == replace(first, monthly_budget_micros=5, version=2)
    )


def test_no_more_is_granted_than_there_is_and_what_is_given_back_is_there_again(plan_stores):
    store, pid = plan_stores.allowances, plan_stores.pid

    assert store.grant(pid, "q", [1] * 4, most=5, now=NOW) == 4
    assert store.grant(pid, "q", [1, 1, 1], most=5, now=NOW) == 1
    assert store.grant(pid, "q", [1], most=5, now=NOW) == 0
    store.give_back(pid, "q", 2, now=NOW)
    store.give_back(pid, "q", 4, now=NOW)  # more than there is: it was never granted
    assert store.grant(pid, "q", [3], most=5, now=NOW) == 0
    assert store.grant(pid, "q", [2], most=5, now=NOW) == 1
    assert store.used(pid, "q") == 5
    assert store.grant(pid, "other", [7, 7], most=10, now=NOW) == 1


def test_a_month_and_its_day_grant_both_or_neither(plan_stores):
    store, pid = plan_stores.allowances, plan_stores.pid

    def ask(amounts, day, *, month=100, most=30):
        return store.grant(pid, "m", amounts, most=month, part=day, part_most=most, now=NOW)

    def used():
        return [store.used(pid, "m", part) for part in ("", "day_22", "day_23")]

    assert ask([20, 20], "day_22") == 1
    assert used() == [20, 20, 0]
    assert ask([11], "day_22") == 0
    assert ask([30, 1], "day_23") == 1
    assert used() == [50, 20, 30]
    assert ask([60], "day_23", most=None) == 0, "the month holds where the day has no limit"
    assert ask([60], "day_23", month=None, most=None) == 1
    store.give_back(pid, "m", 20, part="day_24", now=NOW)  # that day granted nothing
    store.give_back(pid, "m", 20, part="day_22", now=NOW)
    assert used() == [90, 0, 90]
    assert ask([10], "day_22") == 1, "a day that was all given back grants again"
    assert ask([1], "day_22", month=None, most=11) == 1
    assert used() == [101, 11, 90]


def test_a_month_counted_before_its_days_goes_on(plan_stores):
    store, pid = plan_stores.allowances, plan_stores.pid
    store.grant(pid, "old", [40], most=100, now=NOW)

    assert store.grant(pid, "old", [30], most=100, part="day_22", part_most=50, now=NOW) == 1

    assert (store.used(pid, "old"), store.used(pid, "old", "day_22")) == (70, 30)


@pytest.mark.parametrize(("month", "day"), [(10, None), (100, 10), (None, 10)])
def test_workers_who_ask_at_once_never_get_more_together(plan_stores, engine, month, day):
    if engine == "moto":
        pytest.skip("moto does not keep conditions between threads")
    store, pid = plan_stores.allowances, plan_stores.pid

    def ask(_):
        amounts = [1, 1, 1]
        return store.grant(pid, "race", amounts, most=month, part="d", part_most=day, now=NOW)

    with ThreadPoolExecutor(6 if engine == "dynamodb" else 1) as pool:
        granted = list(pool.map(ask, range(6)))

    assert sum(granted) == store.used(pid, "race") == store.used(pid, "race", "d") <= 10


def test_taking_part_begins_once(plan_stores):
    store, pid = plan_stores.enrolments, plan_stores.pid
    later = TODAY + timedelta(days=5)
    store.enrol(pid, "str_1@2", "a", "cas_1", TODAY)
    store.enrol(pid, "str_1@2", "b", "cas_1", later)
    store.enrol(pid, "str_1@2", "b", "cas_2", later)
    store.enrol(pid, "str_1@3", "b", "cas_3", later)

    assert store.known(pid, "str_1@2", ["cas_1", "cas_2", "cas_3"]) == {"cas_1", "cas_2"}
    assert store.known(pid, "str_1@2", []) == set()
    assert {row.case_id: row for row in store.enrolled(pid, "str_1@2")} == {
        "cas_1": Enrolment(case_id="cas_1", arm="a", since=TODAY),
        "cas_2": Enrolment(case_id="cas_2", arm="b", since=later),
    }


def owing(stores, limit=200):
    found = []
    for shard in range(LIST_SHARDS):
        cursor = None
        while True:
            page = stores.cases.owing(
                stores.portfolio.portfolio_id, shard, cursor=cursor, limit=limit
            )
            found += page.items
            cursor = page.cursor
            if cursor is None:
                break
    return found


def test_owing_cases_are_paged_and_brought_forward_only(stores):
    pid = stores.portfolio.portfolio_id
    ids = []
    for number in range(9):
        debt = a_debt(f"F-{number}", pid, due_on=date(2027, 1, 1) + timedelta(days=number))
        change = change_of(a_draft(debt, portfolio=stores.portfolio, key=f"D-{number}"))
        stores.cases.commit(change)
        ids.append(change.after.case_id)
    settled = change_of(a_draft(portfolio=stores.portfolio, key="D-0-nothing"))
    stores.cases.commit(settled)

    assert sorted(owing(stores)) == sorted(owing(stores, limit=1)) == sorted(ids)

    soon, sooner = TODAY + timedelta(days=3), TODAY + timedelta(days=1)
    one = ids[0]
    before = stores.cases.open(one).head
    # New cases are on today's agenda already: nothing is put off.
    assert not stores.cases.bring_forward(pid, one, soon)
    assert stores.cases.open(one).head == before

    draft_head = replace(before, version=before.version + 1, agenda_on=TODAY + timedelta(days=9))
    stores.cases.commit(CaseChange(before=before, after=draft_head))
    assert stores.cases.bring_forward(pid, one, soon)
    assert not stores.cases.bring_forward(pid, one, soon)
    assert stores.cases.bring_forward(pid, one, sooner)
    after = stores.cases.open(one).head
    assert (after.agenda_on, after.version) == (sooner, before.version + 3)
    found = stores.cases.due_cases(pid, list_shard(one), sooner).items
    assert one in found


def test_the_best_bids_of_a_day_are_given_their_places_first(plan_stores):
    store, pid = plan_stores.bids, plan_stores.pid
    scores = {"cas_a": 7, "cas_b": 90, "cas_c": 0, "cas_d": 90, "cas_e": 1_000}
    bids = [("early", score, case_id) for case_id, score in scores.items()]
    for _ in range(2):  # as a queue may do
        store.place(pid, TODAY, [*bids, ("late", 5, "cas_x")], now=NOW)

    best = store.best(pid, TODAY, "early", most=3)
    assert best == ["cas_e", "cas_b", "cas_d"]
    for _ in range(2):
        store.drop(pid, TODAY, "early", best)

    assert store.best(pid, TODAY, "early", most=9) == ["cas_a", "cas_c"]
    assert store.best(pid, TODAY, "late", most=9) == ["cas_x"]
    assert store.best(pid, TODAY + timedelta(days=1), "early", most=9) == []


def test_who_takes_part_is_read_on_behind_any_case(plan_stores):
    store, pid = plan_stores.enrolments, plan_stores.pid
    for number in range(20):
        store.enrol(pid, "str_1@3", "a", f"cas_{number}", TODAY)

    everybody = [row.case_id for row in store.enrolled(pid, "str_1@3")]

    assert len(set(everybody)) == 20
    for place in (0, 7, 19):
        behind = store.enrolled(pid, "str_1@3", after=everybody[place])
        assert [row.case_id for row in behind] == everybody[place + 1 :]


def a_telling(case_id, on=TODAY, *, percent=72, **values):
    debts = (
        ToldOfDebt(debt_id="dbt_1", late_days=-3, percent=72, usual=4, low=-2, high=19),
        ToldOfDebt(debt_id="dbt_2", late_days=40, percent=31),
    )
    base = {
        "case_id": case_id, "on": on, "at": NOW, "model": "first", "model_id": "2026-10-31-a",
        "basis": "model", "percent": percent, "test_id": "fct_1", "arm": "champion",
        "debts": debts,
    }  # fmt: skip
    return Telling(**base | values)


def test_what_was_told_is_kept_once_a_month_and_read_by_its_days(plan_stores):
    store, pid = plan_stores.enrolments, plan_stores.pid
    today, later = date(2026, 11, 28), date(2026, 12, 3)
    first = [a_telling(f"cas_{number}", today) for number in range(30)]
    other = a_telling("cas_1", today, model_id="2026-11-01-b", model="second")
    silent = a_telling("cas_2", today, percent=None, basis="too_few_paid", debts=first[0].debts[1:])
    again = a_telling("cas_1", today + timedelta(days=1), percent=3)
    next_month = a_telling("cas_1", later)
    store.enrol(pid, first[0].name, "40", "cas_before", today)  # of before debts were kept
    for one in (*first, other, silent, again, next_month):
        store.tell(pid, one)

    def told(since, until):
        parts = store.told_in(pid, since, until)
        assert parts == sorted(set(parts))
        return [one for part in parts for one in store.tellings(part, since, until)]

    assert sorted(told(today, today), key=repr) == sorted([*first, other, silent], key=repr)
    assert told(today + timedelta(days=1), later) == [next_month]
    assert told(date(2026, 10, 1), date(2026, 10, 31)) == []
    assert store.told_in("prt_nobody", today, later) == []
    enrolled = {row.case_id: row.arm for row in store.enrolled(pid, first[0].name)}
    assert (len(enrolled), enrolled["cas_1"], enrolled["cas_before"]) == (31, "72", "40")
    assert store.known(pid, silent.name, ["cas_1", "cas_2"]) == {"cas_2"}


def test_the_last_model_put_into_service_stands(engine, request):
    if engine == "memory":
        pytest.skip("no service has a store of its own for it: it is wiring's")
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    store = ServedModelStore(wire, engines.WORK)

    def serve(name, body):
        store.put(ServedModel(name=name, body=body, model_id=body[:3], served_at=NOW))

    for name in ("first", "second"):
        serve(name, "")  # whatever a test before left
    serve("first", "figures of May")
    assert (store.text("first"), store.text("second")) == ("figures of May", "")
    with ThreadPoolExecutor(3 if engine == "dynamodb" else 1) as pool:
        list(pool.map(lambda n: serve("first", f"figures {n}"), range(3)))
    assert store.text("first") in {"figures 0", "figures 1", "figures 2"}
    serve("first", "")
    assert (store.text("first"), store.text("third")) == ("", "")
