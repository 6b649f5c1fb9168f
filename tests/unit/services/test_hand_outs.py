"""Cases handed out between several people so that their open cases come out even."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bulk import CHUNK, BulkState
from chalicelib.domain.errors import BadField
from chalicelib.services import bulk_jobs, bulk_work
from tests.builders import an_attempt
from tests.bulk_world import BulkWorld, a_person, change

BOTH = ["luis", "rosa"]


@pytest.fixture
def world():
    return BulkWorld()


def give(world, ids, owner):
    for case_id in ids:
        change(world, case_id, lambda draft: draft.give_to(owner))


def owners(world):
    return {key: file.head.owner for key, file in world.cases.files.items()}


def loads(world):
    return Counter(owners(world).values())


def told(world, job):
    return {
        one["person_id"]: (one["has"], one["gets"], one["gives"], one["after"])
        for one in world.shown(job)["hand_out"]["shares"]
    }


def test_open_cases_come_out_even_and_the_preview_said_so(world):
    give(world, world.debtors(7, city="Toluca"), "luis")
    give(world, world.debtors(2, first=8, city="Toluca"), "rosa")
    world.debtors(9, first=20)

    job = world.counted("hand_out", person_ids=BOTH, filters={"city": "Puebla"})

    assert (job.count, told(world, job)) == (9, {"luis": (7, 2, 0, 9), "rosa": (2, 7, 0, 9)})
    assert loads(world) == {"luis": 7, "rosa": 2, "": 9}
    world.do(bulk_jobs.confirm, job, count=9)
    world.work()
    assert loads(world) == {"luis": 9, "rosa": 9}


def test_whoever_has_cases_of_the_list_keeps_what_falls_to_him(world):
    his = world.debtors(6)
    give(world, his, "luis")
    give(world, world.debtors(2, first=7), "sara")

    job = world.ran("hand_out", person_ids=BOTH)

    assert told(world, job) == {"luis": (6, 0, 2, 4), "rosa": (0, 4, 0, 4)}
    assert [owners(world)[one] for one in his] == ["luis"] * 4 + ["rosa"] * 2
    assert world.shown(job)["figures"] == {"done": 4, "skipped": 4, "refused": 0, "left": 0}
    assert world.shown(job)["reasons"]["skipped:unchanged"] == 4


def test_those_that_nobody_turned_to_are_handed_out_alone(world):
    called, *others = world.debtors(5)
    change(world, called, lambda draft: draft.record(an_attempt(sent_at=world.now)))

    world.ran("hand_out", filters={"untouched_days": 3}, person_ids=BOTH)

    assert owners(world)[called] == ""
    assert Counter(owners(world)[one] for one in others) == {"luis": 2, "rosa": 2}


def test_what_owes_nothing_makes_nobody_any_work(world):
    paid, *_ = world.debtors(3)
    pay(world, paid)

    job = world.ran("hand_out", person_ids=BOTH)

    assert (job.count, world.shown(job)["hand_out"]["left_out"]) == (2, 1)
    assert loads(world) == {"": 1, "luis": 1, "rosa": 1}


def test_what_is_paid_before_its_turn_is_left_alone(world):
    first, _ = world.debtors(2)
    job = world.counted("hand_out", person_ids=BOTH)
    pay(world, first)
    world.do(bulk_jobs.confirm, job, count=2)
    world.work()

    assert owners(world)[first] == ""
    assert world.shown(job)["reasons"] == {"done:": 1, "skipped:settled": 1}


def test_ticked_rows_are_handed_out_and_those_of_others_are_nobodys(world):
    first, second, _ = world.debtors(3)
    other = BulkWorld(
        portfolio=replace(world.portfolio, portfolio_id="prt_other"), cases=world.cases
    )
    foreign = other.debtor(9)

    job = world.ran("hand_out", picked=[first, foreign, second], person_ids=BOTH)

    assert (job.count, owners(world)[foreign]) == (2, "")
    assert {owners(world)[one] for one in (first, second)} == set(BOTH)


@pytest.mark.parametrize(("who", "reason", "person"), [
    ("sara", "not_on_portfolio", "Sara"),
    ("ivan", "not_on_portfolio", "Ivan"),
    ("nobody", "unknown", "nobody"),
])  # fmt: skip
def test_who_may_not_see_the_portfolio_is_refused_by_name(world, who, reason, person):
    with pytest.raises(BadField) as refused:
        world.ask("hand_out", person_ids=["luis", who])

    assert refused.value.details == {"field": "person_ids", "reason": reason, "person": person}


def test_who_left_after_the_preview_is_given_nothing(world):
    world.debtors(4)
    job = world.counted("hand_out", person_ids=BOTH)
    world.people.people["rosa"] = a_person("rosa", disabled=True)

    with pytest.raises(BadField) as refused:
        world.do(bulk_jobs.confirm, job, count=4)

    assert refused.value.details["person"] == "Rosa"
    assert world.job(job).state is BulkState.READY
    assert loads(world) == {"": 4}


def test_messages_that_come_twice_and_out_of_order_give_the_same_end(world, monkeypatch):
    monkeypatch.setattr(bulk_work, "PAGE", 70)
    give(world, world.debtors(90), "luis")
    give(world, world.debtors(30, first=91), "sara")
    world.debtors(180, first=121)
    again = BulkWorld()
    again.cases.files = dict(world.cases.files)
    again.cases.moves = {key: list(of) for key, of in world.cases.moves.items()}
    world.ran("hand_out", person_ids=BOTH)

    again.seconds = 0.0  # each page of the count is a message of its own
    job = again.ask("hand_out", person_ids=BOTH)
    again.work(twice=True)
    again.do(bulk_jobs.confirm, job, count=300)
    again.seconds = 100.0
    again.work(most=1, twice=True)
    again.queue.messages.reverse()
    again.work(twice=True)

    assert owners(again) == owners(world)
    assert loads(again) == {"luis": 150, "rosa": 150}
    assert again.shown(job)["figures"]["left"] == 0


def test_a_worker_that_died_half_way_through_gives_the_same_end(world):
    ids = world.debtors(CHUNK)
    job = world.counted("hand_out", person_ids=BOTH)
    world.do(bulk_jobs.confirm, job, count=CHUNK)
    world.work(most=1)
    commit_many = world.cases.commit_many

    def half(changes):
        commit_many(changes[: CHUNK // 2])
        raise ZeroDivisionError

    world.cases.commit_many = half
    with pytest.raises(ZeroDivisionError):
        world.take(world.queue.messages[0])
    world.cases.commit_many = commit_many
    world.work()

    by_turns = [owners(world)[one] for one in ids]
    assert by_turns == BOTH * (CHUNK // 2)
    assert world.shown(job)["figures"] == {"done": CHUNK, "skipped": 0, "refused": 0, "left": 0}


def test_each_goes_back_to_whom_it_was_unless_it_was_given_on(world):
    ids = world.debtors(6)
    give(world, ids[:3], "sara")
    before = owners(world)
    job = world.ran("hand_out", person_ids=BOTH)
    change(world, ids[0], lambda draft: draft.give_to("eva"))

    world.undone(job)

    assert owners(world) == before | {ids[0]: "eva"}
    assert world.shown(job)["undone"] == {"done": 5, "skipped": 1, "refused": 0}
    assert world.means.counters.owned_by("prt_test", ["luis", "rosa", "sara", "eva"]) == {
        "sara": 2, "eva": 1,
    }  # fmt: skip


def pay(world, case_id):
    owes = world.file(case_id).head.balance_minor
    paid_on = (world.now - timedelta(days=1)).date()
    change(
        world,
        case_id,
        lambda draft: draft.pay(owes, paid_on=paid_on, source="manual", reference=case_id),
    )
