"""One thing done to many cases: previewed, confirmed, done once, taken back."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.bulk import CHUNK, BulkAction, BulkState
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.errors import (
    BadField,
    BulkJobWrongState,
    CaseMoved,
    NotAllowed,
    PortfolioNotFound,
)
from chalicelib.domain.people import Role
from chalicelib.services import bulk_jobs, bulk_work
from chalicelib.strategies.model import StrategyState
from tests.builders import an_attempt
from tests.bulk_world import ASKED, BOSS, BulkWorld, change, ill, prepared, settled
from tests.unit.strategies.world import THREE


@pytest.fixture
def world():
    return BulkWorld()


def of_job(world, case_id, job):
    return [one for one in world.file(case_id).events if one.facts.get("job_id") == job.job_id]


# Asking


def test_nothing_is_done_before_somebody_says_the_count(world):
    ids = world.debtors(3)
    job = world.counted("tag", tags=["vip"])

    assert (job.state, job.count) == (BulkState.READY, 3)
    assert all(not world.file(one).head.tags for one in ids)
    with pytest.raises(BadField) as refused:
        world.do(bulk_jobs.confirm, job, count=4)
    assert refused.value.details == {"field": "count", "reason": "not_the_count", "count": 3}


def test_the_count_is_that_of_the_filter_exactly(world):
    world.debtors(230, city="Puebla")
    world.debtors(41, first=231, city="Toluca")

    job = world.counted("tag", tags=["vip"], filters={"city": "PUEBLA"})

    assert (job.count, job.chunks) == (230, 3)
    ids = [case_id for chunk in world.jobs.chunks(job.job_id) for case_id in chunk.case_ids]
    assert len(set(ids)) == 230


def test_a_hurried_count_goes_on_where_it_was(world, monkeypatch):
    monkeypatch.setattr(bulk_work, "PAGE", 40)
    world.debtors(150)
    world.seconds = 0.0
    job = world.ask("tag", tags=["vip"])
    messages = world.work()

    assert messages == 4
    assert (world.job(job).state, world.job(job).count) == (BulkState.READY, 150)


def test_those_left_alone_are_handed_out_and_taken_back(world):
    called, *others = world.debtors(4)
    change(world, called, lambda draft: draft.record(an_attempt(sent_at=world.now)))

    job = world.ran("assign", filters={"untouched_days": 3}, person_id="luis")

    assert (job.count, job.filters) == (3, {"untouched_days": 3})
    assert [world.file(one).head.owner for one in (called, *others)] == ["", *["luis"] * 3]
    world.undone(job)
    assert [world.file(one).head.owner for one in others] == [""] * 3


def test_the_preview_says_what_will_be_refused_and_why(world):
    reached, silent = world.debtor(1), world.debtor(2, email=False)
    held = world.debtor(3)
    ill(world, [held])

    job = world.counted("message", template_id="reminder_friendly", channel="email")

    assert job.sample.reasons == {"done:": 1, "refused:NO_CONTACT": 1, "refused:ON_HOLD": 1}
    assert {line["case_id"] for line in job.sample.lines} == {silent, held}
    assert not world.file(reached).attempts


def test_ticked_rows_are_the_only_ones_and_those_of_others_are_nobodys(world):
    first, second, _ = world.debtors(3)
    other = replace(world.portfolio, portfolio_id="prt_other")
    stranger = BulkWorld(portfolio=other, cases=world.cases)
    foreign = stranger.debtor(9)

    job = world.ran("tag", tags=["vip"], picked=[first, second, foreign, first])

    shown = world.shown(job)
    assert (job.count, shown["figures"]) == (3, {"done": 2, "skipped": 1, "refused": 0, "left": 0})
    assert shown["reasons"]["skipped:gone"] == 1
    assert not world.file(foreign).head.tags
    assert "Deudor 00009" not in world.files.objects[world.job(job).report].decode()
    assert all("Deudor 00009" not in str(line) for line in job.sample.lines)


@pytest.mark.parametrize(("action", "terms", "field"), [
    ("assign", {"person_id": "sara"}, "person_id"),
    ("assign", {"person_id": "ivan"}, "person_id"),
    ("assign", {"person_id": "nobody"}, "person_id"),
    ("hand_out", {}, "person_ids"),
    ("hand_out", {"person_ids": ["luis", "luis"]}, "person_ids"),
    ("hand_out", {"person_ids": [f"p{n}" for n in range(51)]}, "person_ids"),
    ("tag", {"tags": [" "]}, "tags"),
    ("tag", {"tags": ["x" * 41]}, "tags"),
    ("strategy", {"strategy_id": "str_none"}, "strategy_id"),
    ("hold", {"reason": "dispute"}, "reason"),
    ("hold", {"reason": "supervisor", "until": date(2026, 11, 1)}, "until"),
    ("release", {"reason": "cease"}, "reason"),
    ("message", {"template_id": "reminder_friendly", "channel": "call"}, "channel"),
    ("message", {"template_id": "none", "channel": "sms"}, "template_id"),
    ("charge_off", {"reason": "bad_luck", "note": "x"}, "reason"),
    ("charge_off", {"reason": "age", "note": " "}, "note"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_before_anybody_waits_for_it(world, action, terms, field):
    with pytest.raises(BadField) as refused:
        world.ask(action, **terms)

    assert refused.value.details["field"] == field
    assert not world.queue.messages


@pytest.mark.parametrize(("role", "portfolios", "error"), [
    (Role.AGENT, ("prt_test",), NotAllowed),
    (Role.SUPERVISOR, ("prt_other",), PortfolioNotFound),
])  # fmt: skip
def test_only_who_manages_the_portfolio_may_ask(world, role, portfolios, error):
    with pytest.raises(error):
        world.ask("tag", tags=["x"], actor=replace(BOSS, role=role, portfolios=portfolios))


# Doing


@pytest.mark.parametrize("action", BulkAction)
def test_each_action_is_done_once_told_of_with_its_job_and_taken_back(world, action):
    ids = prepared(world)
    if action is BulkAction.RELEASE:
        ill(world, ids)
    before = {one: settled(world.file(one).head) for one in ids}
    job = world.ran(action.value, **ASKED[action])

    assert job.state is BulkState.DONE
    assert world.shown(job)["figures"] == {"done": 3, "skipped": 0, "refused": 0, "left": 0}
    for case_id in ids:
        own = of_job(world, case_id, job)
        assert own
        assert {event.actor for event in own} == {"user:eva"}

    world.undone(job)

    assert world.job(job).state is BulkState.UNDONE
    assert world.shown(job)["undone"] == {"done": 3, "skipped": 0, "refused": 0}
    assert {one: settled(world.file(one).head) for one in ids} == before
    assert all(
        attempt.state is AttemptState.WITHDRAWN
        for one in ids
        for attempt in world.file(one).attempts
    )


@pytest.mark.parametrize("action", BulkAction)
def test_every_message_may_come_twice(world, action):
    ids = prepared(world)
    if action is BulkAction.RELEASE:
        ill(world, ids)
    job = world.ask(action.value, **ASKED[action])
    world.work(twice=True)
    world.do(bulk_jobs.confirm, job, count=3)
    world.work(twice=True)
    told = {one: len(of_job(world, one, job)) for one in ids}
    world.now += timedelta(minutes=5)
    world.do(bulk_jobs.undo, job)
    world.work(twice=True)

    assert set(told.values()) == {1}
    assert {len(of_job(world, one, job)) for one in ids} == {2}
    shown = world.shown(job)
    assert (shown["figures"]["done"], shown["undone"]["done"]) == (3, 3)


def test_a_worker_that_died_after_committing_did_its_cases_once(world):
    ids = world.debtors(CHUNK)
    job = world.counted("tag", tags=["vip"])
    world.do(bulk_jobs.confirm, job, count=job.count)
    world.work(most=1)
    settle, world.jobs.settle = world.jobs.settle, lambda *_, **__: 1 / 0
    with pytest.raises(ZeroDivisionError):
        world.take(world.queue.messages[0])
    world.jobs.settle = settle
    world.work()

    assert world.shown(job)["figures"] == {"done": CHUNK, "skipped": 0, "refused": 0, "left": 0}
    assert {len(of_job(world, one, job)) for one in ids} == {1}


def test_cases_that_move_meanwhile_are_tried_again(world):
    world.debtors(5)
    job = world.counted("tag", tags=["vip"])
    world.do(bulk_jobs.confirm, job, count=5)
    commit_many, moves = world.cases.commit_many, iter([True, True])

    def once_moved(changes):
        if next(moves, False):
            return [CaseMoved(case_id=one.after.case_id) for one in changes]
        return commit_many(changes)

    world.cases.commit_many = once_moved
    world.work()

    assert world.shown(job)["figures"]["done"] == 5


def test_done_and_skipped_and_refused_are_the_count_and_a_file_names_the_rest(world):
    world.debtors(3)
    tagged = world.debtor(4)
    change(world, tagged, lambda draft: draft.set_tags(["vip"]))
    full = world.debtor(5)
    change(world, full, lambda draft: draft.set_tags([f"t{n}" for n in range(20)]))

    job = world.ran("tag", tags=["vip"])

    shown = world.shown(job)
    assert shown["figures"] == {"done": 3, "skipped": 1, "refused": 1, "left": 0}
    assert shown["reasons"] == {"done:": 3, "skipped:unchanged": 1, "refused:tags.too_many": 1}
    rows = list(csv.reader(io.StringIO(world.files.objects[job.report].decode("utf-8-sig"))))
    assert rows[0] == ["expediente", "nombre", "resultado", "motivo"]
    assert sorted(rows[1:]) == sorted(
        [
            [tagged, "Deudor 00004", "skipped", "unchanged"],
            [full, "Deudor 00005", "refused", "tags.too_many"],
        ]
    )


def test_a_stopped_job_goes_on_with_what_it_had_not_reached(world):
    world.debtors(3 * CHUNK)
    job = world.counted("assign", person_id="luis")
    world.do(bulk_jobs.confirm, job, count=job.count)
    world.work(most=2)  # sent out, and the first chunk
    world.do(bulk_jobs.stop, job)
    world.work()
    assert world.shown(job)["figures"] == {
        "done": CHUNK, "skipped": 0, "refused": 0, "left": 2 * CHUNK,
    }  # fmt: skip

    world.do(bulk_jobs.resume, job)
    world.work()

    assert world.job(job).state is BulkState.DONE
    assert world.shown(job)["figures"]["done"] == 3 * CHUNK


def test_chunks_are_sent_out_over_as_many_messages_as_it_takes(world):
    world.debtors(CHUNK + 1)
    job = world.counted("tag", tags=["vip"])
    world.seconds = 0.0
    world.do(bulk_jobs.confirm, job, count=job.count)
    world.work(most=1)
    [again] = world.queue.messages
    world.seconds = 100.0
    world.work()

    assert (again["do"], again["first"]) == ("send", 0)
    assert world.job(job).state is BulkState.DONE


@pytest.mark.parametrize("what", [bulk_jobs.stop, bulk_jobs.resume, bulk_jobs.undo])
def test_what_is_only_counted_can_be_neither_stopped_nor_undone(world, what):
    world.debtor(1)
    job = world.counted("tag", tags=["vip"])

    with pytest.raises(BulkJobWrongState):
        world.do(what, job)


def test_yesterdays_preview_says_nothing_of_today(world):
    world.debtor(1)
    job = world.counted("tag", tags=["vip"])
    world.now += timedelta(hours=13)

    assert not world.shown(job)["can"]["confirm"]
    with pytest.raises(BulkJobWrongState):
        world.do(bulk_jobs.confirm, job, count=1)


# What it means for the case


def test_a_message_waits_for_the_outbox_and_asks_the_gate_there(world):
    [case_id] = world.debtors(1)
    world.ran("message", template_id="reminder_friendly", channel="email")

    [attempt] = world.file(case_id).attempts
    assert (attempt.state, attempt.cause.kind) == (AttemptState.PLANNED, "bulk")


def test_a_held_case_is_not_written_to_and_a_settled_one_is_not_either(world):
    held, paid = world.debtors(2)
    ill(world, [held])
    change(
        world,
        paid,
        lambda draft: draft.pay(
            world.file(paid).head.balance_minor,
            paid_on=date(2026, 11, 22),
            source="manual",
            reference="R-1",
        ),
    )
    job = world.ran("message", template_id="reminder_friendly", channel="email")

    assert world.file(paid).head.status is CaseStatus.SETTLED
    assert world.shown(job)["reasons"] == {"refused:ON_HOLD": 1, "refused:settled": 1}
    assert not world.file(held).attempts


def test_a_case_put_on_a_strategy_is_on_the_agenda_of_today(world):
    world.strategies.add(replace(THREE, state=StrategyState.PUBLISHED))
    [case_id] = world.debtors(1)
    change(world, case_id, lambda draft: draft.look_again_on(date(2027, 1, 1)))

    world.ran("strategy", strategy_id=THREE.strategy_id)

    head = world.file(case_id).head
    assert (head.strategy, head.agenda_on) == (THREE.strategy_id, date(2026, 11, 23))


def test_what_was_decided_meanwhile_is_not_taken_back_by_the_job(world):
    first, second = world.debtors(2)
    job = world.ran("charge_off", **ASKED[BulkAction.CHARGE_OFF])
    (key,) = [one.charge_off_id for one in world.file(first).debts[0].charge_offs]
    change(world, first, lambda draft: draft.decide_charge_off(key, approved=True))
    world.undone(job)

    assert world.file(first).head.charged_off == 1
    (other,) = world.file(second).debts[0].charge_offs
    assert other.state.value == "withdrawn"
    assert world.shown(job)["undone"] == {"done": 1, "skipped": 1, "refused": 0}
