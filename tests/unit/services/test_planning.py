"""The daily plan: it reads what is due, and every debtor gets each message once."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.case import PromiseState
from chalicelib.domain.charge_off import ChargeOffPolicy, ChargeOffState
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, HoldReason
from chalicelib.domain.draft_promises import Part
from chalicelib.domain.errors import AlreadyRecorded, CaseMoved
from chalicelib.domain.task import TaskKind
from chalicelib.services import plan_agenda
from chalicelib.strategies.model import Arm, CaseEvent, Rule
from tests.builders import TODAY, change_of, pays, reopened
from tests.plan_world import PlanWorld
from tests.unit.strategies.world import THREE, a_step, a_strategy, due, on


@pytest.fixture
def world():
    return PlanWorld()


def planned(world: PlanWorld, case_id: str) -> list[str]:
    return [
        attempt.cause.step
        for attempt in world.cases.open(case_id).attempts
        if attempt.state is AttemptState.PLANNED
    ]


def test_what_is_due_is_planned_once_however_often_it_runs(world):
    case_id = world.debtor(due_on=TODAY)
    world.follow()

    assert world.run() == {
        "looked": 1, "planned": 1, "asked": 0, "withdrawn": 0, "moved": 0, "waiting": 0
    }  # fmt: skip
    assert world.run() == {}
    assert world.plan([case_id])["planned"] == 0
    assert planned(world, case_id) == ["day"]
    (attempt,) = world.cases.open(case_id).attempts
    assert attempt.cause.strategy == "str_test@1"
    # Which of the debtor's numbers is used is decided when it goes.
    assert (attempt.contact_id, attempt.not_before) == ("", world.now)


def test_a_month_looked_at_by_its_agenda_only(world):
    world.debtor(due_on=TODAY + timedelta(days=10))
    world.follow()
    looked, went = [], []
    for _ in range(40):
        looked += [world.today] if world.run() else []
        went += world.deliver()
        world.pass_days()

    due_on = TODAY + timedelta(days=10)
    assert [((on - due_on).days, step) for on, step in went] == [
        (-5, "before"),
        (0, "day"),
        (5, "after"),
    ]
    # On the first day, on the days of the steps, and the days after those.
    assert len(looked) == 7


def test_a_case_that_is_not_due_is_not_even_opened(world):
    world.debtor(due_on=TODAY + timedelta(days=300))
    world.follow()
    world.run()
    world.pass_days(30)
    opened = []
    world.cases.open_many = lambda keys: opened.extend(keys) or {}

    world.run()

    assert opened == []


def test_a_promise_whose_grace_is_over_is_broken_and_followed_up(world):
    follow_up = a_step("broken", on(CaseEvent.PROMISE_BROKEN), work=(TaskKind.CALL,))
    world.follow(a_strategy(*THREE.steps, follow_up))
    case_id = world.debtor(due_on=TODAY - timedelta(days=20))
    due_on, grace_on = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
    world.change(
        case_id, lambda d: d.promise("pro_1", 50_000, due_on, channel="", grace_on=grace_on)
    )
    for _ in range(3):
        world.run()
        world.pass_days()
    assert planned(world, case_id) == []

    world.run()

    file = world.cases.open(case_id)
    assert file.promises[0].state is PromiseState.BROKEN
    assert planned(world, case_id) == ["broken"]
    assert [task.kind for task in file.tasks] == [TaskKind.CALL]


@pytest.mark.parametrize("held", [False, True])
def test_a_person_calls_whose_promise_was_broken_whatever_the_strategy_says(world, held):
    world.follow()
    case_id = world.debtor(due_on=TODAY - timedelta(days=400))
    world.change(case_id, lambda d: d.promise("pro_1", 50_000, TODAY, channel=""))
    if held:
        debt_id = world.cases.open(case_id).debts[0].debt_id
        world.change(case_id, lambda d: d.hold("hol_1", HoldReason.ILLNESS, debt_ids=(debt_id,)))
    for _ in range(3):
        world.run()
        world.pass_days()

    file = world.cases.open(case_id)

    assert file.promises[0].state is PromiseState.BROKEN
    asked = [(task.kind, task.cause.step) for task in file.tasks]
    assert asked == ([] if held else [(TaskKind.CALL, "broken")])


def test_a_series_is_reminded_of_one_by_one(world):
    eve = a_step("eve", on(CaseEvent.PROMISE_DUE, -1))
    day = a_step("day", on(CaseEvent.PROMISE_DUE))
    world.follow(a_strategy(eve, day, min_gap_days=0))
    case_id = world.debtor(due_on=TODAY - timedelta(days=20))
    dues = [TODAY + timedelta(days=days) for days in (2, 9)]
    parts = [Part(f"pro_{n}", 10_000, it, it + timedelta(days=1)) for n, it in enumerate(dues)]
    world.change(case_id, lambda d: d.promise_series("ser_1", parts, channel="call"))
    said = []
    for _ in range(11):
        world.run()
        said += world.deliver()
        world.pass_days()

    assert said == [
        (dues[0] - timedelta(days=1), "eve"), (dues[0], "day"),
        (dues[1] - timedelta(days=1), "eve"), (dues[1], "day"),
    ]  # fmt: skip


def test_a_hold_that_is_over_ends_by_itself_and_collection_goes_on(world):
    case_id = world.debtor(due_on=TODAY)
    world.follow()
    until = TODAY + timedelta(days=3)
    world.change(case_id, lambda d: d.hold("hol_1", HoldReason.DISPUTE, until=until))
    for _ in range(4):
        world.run()
        assert planned(world, case_id) == []
        world.pass_days()

    world.run()

    file = world.cases.open(case_id)
    assert file.holds[0].ended_at == world.now
    assert planned(world, case_id) == ["day"]


def test_what_waits_is_taken_back_when_the_facts_say_so(world):
    stop = Rule(op="has", field="tags", value="legal")
    case_id = world.debtor(due_on=TODAY)
    world.follow(replace(THREE, stop=stop))
    world.run()
    assert planned(world, case_id) == ["day"]
    world.change(case_id, lambda d: d.set_tags(["legal"]))

    assert world.run()["withdrawn"] == 1
    assert planned(world, case_id) == []


def test_a_quota_gives_the_whole_day_to_the_likeliest_and_tomorrow_to_the_next(world, monkeypatch):
    amounts = [20_000, 900_000, 50_000, 400_000, 10_000]
    ids = [world.debtor(n, due_on=TODAY, minor=minor) for n, minor in enumerate(amounts)]
    world.follow(daily_quota=2)
    # Each worker sees one case: nobody has them all in hand.
    monkeypatch.setattr(plan_agenda, "CASES_A_MESSAGE", 1)

    assert world.run()["waiting"] == 5, "all have bid"
    assert world.run()["planned"] == 2

    assert [bool(planned(world, key)) for key in ids] == [False, True, False, True, False]
    assert world.run() == {}, "the day's places are gone"
    world.pass_days()
    world.run()
    world.run()
    assert [bool(planned(world, key)) for key in ids] == [True, True, True, True, False]


def test_no_place_is_given_before_every_case_of_the_day_has_bid(world):
    small, large = (world.debtor(n, due_on=TODAY, minor=m) for n, m in ((1, 9_000), (2, 900_000)))
    world.follow(daily_quota=1)
    world.now = datetime(2026, 11, 22, 7, tzinfo=UTC)  # one in the morning there
    assert world.plan([small])["planned"] == 0

    assert world.award() == 0
    assert world.plan([large])["waiting"] == 1
    assert world.award() == 1
    (message,) = world.queue.messages
    assert message["case_ids"] == [large]


def test_a_case_that_cannot_be_looked_at_holds_nobody_up_in_the_morning(world):
    bids, _stuck = (world.debtor(n, due_on=TODAY) for n in (1, 2))
    world.follow(daily_quota=5)
    world.plan([bids])

    assert world.award() == 1, "it is noon"


def test_a_place_that_was_won_twice_is_used_once(world):
    ids = [world.debtor(n, due_on=TODAY) for n in range(3)]
    world.follow(daily_quota=2)
    world.plan(ids)
    world.award()
    (message,) = world.queue.messages

    done = [world.plan(message["case_ids"], awarded=True) for _ in range(3)]

    assert [each["planned"] for each in done] == [2, 0, 0]
    assert world.allowances.used("prt_test", f"quota#{TODAY}#all") == 2


def test_a_budget_of_the_month_is_not_exceeded(world):
    ids = [world.debtor(n, due_on=TODAY) for n in range(5)]
    world.price = lambda channel, country: {(Channel.WHATSAPP, "MX"): 40_000}[channel, country]
    world.follow(daily_quota=4)
    book = world.strategies.playbooks["prt_test"]
    limited = replace(book, monthly_budget_micros=100_000, budget_currency="MXN")
    world.strategies.playbooks["prt_test"] = limited

    assert world.plan(ids)["waiting"] == 5, "all have bid"
    world.award()
    done = world.plan(world.queue.messages[0]["case_ids"], awarded=True)

    assert (done["planned"], done["waiting"]) == (2, 2)
    assert world.allowances.used("prt_test", f"quota#{TODAY}#all") == 2
    assert world.allowances.used("prt_test", f"budget#{TODAY:%Y-%m}") == 80_000


def budgeted(world, **limits):
    """Five who get a message of 40,000 millionths today, under budgets."""
    ids = [world.debtor(n, due_on=TODAY) for n in range(5)]
    world.price = lambda channel, country: {(Channel.WHATSAPP, "MX"): 40_000}[channel, country]
    world.follow()
    book = world.strategies.playbooks["prt_test"]
    world.strategies.playbooks["prt_test"] = replace(book, budget_currency="USD", **limits)
    return ids


@pytest.mark.parametrize(
    ("month", "day", "planned"),
    [
        (None, 80_000, 2),
        (200_000, 80_000, 2),
        (120_000, 160_000, 3),
        (None, 0, 0),
        (200_000, None, 5),
    ],
)
def test_a_message_is_granted_by_both_budgets_or_by_neither(world, month, day, planned):
    ids = budgeted(world, monthly_budget_micros=month, daily_budget_micros=day)

    done = world.plan(ids)

    assert (done["planned"], done["waiting"]) == (planned, 5 - planned)
    name, part = f"budget#{TODAY:%Y-%m}", f"day_{TODAY:%d}"
    spent = planned * 40_000
    assert world.allowances.used("prt_test", name) == spent
    assert world.allowances.used("prt_test", name, part) == spent


def test_what_the_day_has_no_money_for_goes_on_the_next_one(world):
    ids = budgeted(world, daily_budget_micros=120_000)
    assert world.plan(ids)["planned"] == 3
    assert world.plan(ids)["planned"] == 0, "who waits is looked at again tomorrow"

    world.now += timedelta(days=1)
    done = world.plan(ids)

    assert done["planned"] == 2
    sent = [one for key in ids for one in world.cases.open(key).attempts]
    assert len(sent) == 5, "everybody got theirs once"


def test_what_was_granted_to_a_message_that_is_taken_back_is_both_budgets_again(world):
    (case_id, *_) = budgeted(world, daily_budget_micros=200_000)
    (key,) = world.strategies.kept
    stop = Rule(op="has", field="tags", value="legal")
    world.strategies.kept[key] = replace(world.strategies.kept[key], stop=stop)
    world.run()
    world.change(case_id, lambda d: d.set_tags(["legal"]))

    assert world.run()["withdrawn"] == 1

    name, part = f"budget#{TODAY:%Y-%m}", f"day_{TODAY:%d}"
    used = [world.allowances.used("prt_test", name, of) for of in ("", part)]
    assert used == [160_000, 160_000]


def refuses(draft):
    draft.consent(ConsentState.REFUSED, source="phone")


def used(world):
    name, part = f"budget#{TODAY:%Y-%m}", f"day_{TODAY:%d}"
    return [world.allowances.used("prt_test", name, of) for of in ("", part)]


@pytest.mark.parametrize("happened", [pays(100_000), refuses], ids=["paid", "refused"])
def test_what_a_payment_or_a_refusal_makes_needless_is_both_budgets_again_once(world, happened):
    (case_id, *_) = budgeted(world, monthly_budget_micros=200_000, daily_budget_micros=200_000)
    world.run()
    assert used(world) == [200_000, 200_000]

    world.change(case_id, happened)
    assert planned(world, case_id) == []
    assert used(world) == [160_000, 160_000]

    draft = reopened(world.cases.open(case_id), world.portfolio, now=world.now)
    happened(draft)  # the same word again
    if (change := draft.change()) is not None:
        with suppress(AlreadyRecorded):
            world.cases.commit(change)
    world.run()
    assert used(world) == [160_000, 160_000]


def test_a_payment_that_loses_the_race_for_the_case_returns_nothing(world):
    (case_id, *_) = budgeted(world, daily_budget_micros=200_000)
    world.run()
    slow = reopened(world.cases.open(case_id), world.portfolio, now=world.now)
    pays(100_000)(slow)
    world.change(case_id, pays(100_000, "r-2"))

    with pytest.raises(CaseMoved):
        world.cases.commit(change_of(slow))
    assert used(world) == [160_000, 160_000]


def test_what_it_frees_is_for_who_had_no_room(world):
    ids = budgeted(world, monthly_budget_micros=160_000)
    world.run()
    (waits,) = [key for key in ids if not planned(world, key)]
    (goes, *_) = [key for key in ids if planned(world, key)]
    world.change(goes, pays(100_000))
    world.pass_days()

    assert world.plan([waits])["planned"] == 1


def test_what_was_granted_to_a_case_that_moved_is_both_budgets_again(world):
    (case_id, *_) = budgeted(world, monthly_budget_micros=200_000, daily_budget_micros=200_000)
    world.cases.commit_many = lambda changes: [CaseMoved(case_id=case_id) for _ in changes]

    assert world.plan([case_id])["moved"] == 1

    name, part = f"budget#{TODAY:%Y-%m}", f"day_{TODAY:%d}"
    used = [world.allowances.used("prt_test", name, of) for of in ("", part)]
    assert used == [0, 0]


def test_a_case_that_moves_meanwhile_is_left_for_the_next_run(world):
    case_id = world.debtor(due_on=TODAY)
    world.follow(daily_quota=1)
    opened = world.cases.open_many

    def moved(keys):
        found = opened(keys)
        world.change(case_id, lambda d: d.note("Llamó."))
        return found

    world.cases.open_many = moved
    assert world.plan([case_id], awarded=True)["moved"] == 1
    world.cases.open_many = opened

    assert world.allowances.used("prt_test", f"quota#{TODAY}#all") == 0
    assert world.run()["waiting"] == 1
    assert world.run()["planned"] == 1


def test_a_published_strategy_has_every_owing_case_looked_at_on_its_day(world):
    ids = [world.debtor(n, due_on=TODAY + timedelta(days=200)) for n in range(30)]
    world.follow()
    world.run()
    assert world.run() == {}
    message = {"step": "review", "portfolio_id": "prt_test", "day": str(TODAY), "shard": None}
    world.queue.send([message])
    while world.queue.messages:
        world.work(world.queue.messages.pop())

    assert {world.cases.open(key).head.agenda_on for key in ids} == {TODAY}


def test_an_agenda_longer_than_a_message_goes_on_where_it_stopped(world, monkeypatch):
    for number in range(40):
        world.debtor(number, due_on=TODAY)
    world.follow()
    monkeypatch.setattr(plan_agenda, "CASES_A_PAGE", 2)
    monkeypatch.setattr(plan_agenda, "CASES_A_MESSAGE", 2)

    assert world.run()["planned"] == 40


def test_who_takes_part_in_a_test_is_noted_with_their_arm(world):
    arms = (Arm(code="a"), Arm(code="out", holdout=True))
    world.follow(a_strategy(a_step("day", due(0)), arms=arms))
    ids = [world.debtor(n, due_on=TODAY) for n in range(20)]
    world.run()

    rows = {row.case_id: row for row in world.enrolments.enrolled("prt_test", "str_test@1")}
    assert set(rows) == set(ids)
    assert {rows[key].since for key in ids} == {TODAY}
    assert all(bool(planned(world, key)) is (rows[key].arm == "a") for key in ids)
    assert {row.arm for row in rows.values()} == {"a", "out"}


def test_days_on_which_nobody_looked_are_caught_up_with_once(world):
    case_id = world.debtor(due_on=date(2026, 11, 27))
    world.follow()
    world.run()
    world.deliver()
    world.pass_days(12)
    world.run()

    assert planned(world, case_id) == ["after"]


def test_every_case_that_was_looked_at_is_told_with_its_segment_unless_it_moved(world):
    world.follow()
    one, moving = world.debtor(1, due_on=TODAY), world.debtor(2, due_on=TODAY)
    real = world.cases.commit_many

    def but_one(changes):
        real([change for change in changes if change.after.case_id != moving])
        moved = CaseMoved(case_id=moving)
        return [moved if change.after.case_id == moving else None for change in changes]

    world.cases.commit_many = but_one
    world.plan([one, moving])

    assert world.told == [(one, "all")]
    assert world.cases.open(one).head.version > 1


def test_every_living_portfolio_has_its_queue_of_calls_filled(world):
    world.run()

    assert world.filled == ["prt_test"]


def test_what_is_so_late_as_the_policy_says_is_proposed_to_a_person_on_its_day(world):
    policies = replace(world.portfolio.policies, charge_off=ChargeOffPolicy(after_days=30))
    world.portfolio = replace(world.portfolio, policies=policies)
    case_id = world.debtor(due_on=TODAY - timedelta(days=28))
    world.follow()
    days = {}
    for _ in range(6):
        world.run()
        days[world.today] = len(world.cases.charge_offs("prt_test"))
        world.pass_days()

    assert list(days.values()) == [0, 0, 1, 1, 1, 1]
    (debt,) = world.cases.open(case_id).debts
    assert [(one.state, one.asked_by) for one in debt.charge_offs] == [
        (ChargeOffState.WAITING, "system")
    ]
    assert world.cases.open(case_id).head.charged_off == 0, "nothing without a person's word"
