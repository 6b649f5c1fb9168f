"""One debtor under two spellings: proposed, merged by a person, parted again."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import MergeRefused, NotAllowed, PhoneSuppressed
from chalicelib.domain.merge import MergeState
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.upload import UploadMode
from chalicelib.services import merges
from tests.builders import a_portfolio
from tests.unit.uploads.test_pipeline import BOSS, owed
from tests.upload_fakes import Bench

HEAD = "debtor_id,name,phone,debt_id,due_on,amount\n"
FIRST = HEAD + "A1,José Pérez Nuñez,5512345678,F-1,2026-10-01,100.00\n"
LATER = (
    HEAD + "B7,PEREZ NUNEZ JOSE,+52 55 1234 5678,G-1,2026-10-05,40.00\n"
    "B8,Laura Gómez Ortiz,5587654321,G-2,2026-10-05,70.00\n"
)


@pytest.fixture
def bench():
    made = Bench(a_portfolio())
    made.load(BOSS, FIRST, mode=UploadMode.DEBTS)
    made.load(BOSS, LATER, mode=UploadMode.DEBTS)
    return made


def proposed(bench):
    found, _ = merges.proposals(
        "prt_test", actor=BOSS, merges=bench.merges, cases=bench.cases, limit=50, cursor=None
    )
    return found


def ports(bench):
    return {
        "actor": BOSS,
        "portfolios": bench.portfolios,
        "merges": bench.merges,
        "cases": bench.cases,
        "now": bench.now,
    }


def pair(bench):
    ((merge, (older, newer)),) = proposed(bench)
    return merge, older.head, newer.head


def test_the_same_person_is_proposed_and_nobody_else(bench):
    merge, older, newer = pair(bench)

    assert (older.debtor_key, newer.debtor_key) == ("id:a1", "id:b7")
    assert merge.score > 80
    assert set(merge.reasons) == {"name", "phone"}
    assert len(bench.cases.files) == 3  # nothing was merged by itself


def test_whoever_decides_sees_what_the_two_share(bench):
    ((_, files),) = proposed(bench)

    shown = [{contact.value for contact in file.contacts} for file in files]
    assert shown == [{"+525512345678"}, {"+525512345678"}]


def test_looking_again_proposes_nothing_again(bench):
    before = dict(bench.merges.merges)

    bench.load(BOSS, LATER.replace("40.00", "41.00"), mode=UploadMode.DEBTS)

    assert bench.merges.merges.keys() == before.keys()


def test_a_merge_moves_everything_and_both_timelines_tell(bench):
    merge, older, newer = pair(bench)
    before = owed(bench)

    done = merges.merge("prt_test", into=older.case_id, from_=newer.case_id, **ports(bench))
    again = merges.merge("prt_test", into=older.case_id, from_=newer.case_id, **ports(bench))

    assert done.state is again.state is MergeState.MERGED
    assert done.merge_id == merge.merge_id
    kept, gone = bench.cases.open(older.case_id), bench.cases.open(newer.case_id)
    assert (kept.head.balance_minor, gone.head.balance_minor) == (14_000, 0)
    assert (gone.head.status.value, gone.head.merged_into) == ("void", older.case_id)
    assert kept.events[-1].kind == "case.absorbed"
    assert gone.events[-1].kind == "case.merged"
    assert owed(bench) == before
    assert proposed(bench) == []


def test_what_a_person_had_erased_goes_to_no_further_case(bench):
    _, older, newer = pair(bench)
    file = bench.cases.files[newer.case_id]
    other = replace(file.contacts[0], contact_id="con_x", value="+525587654321")
    bench.cases.files[newer.case_id] = replace(file, contacts=(*file.contacts, other))
    known = {"suppressed": lambda _, values: frozenset(values) & {("phone", other.value)}}

    with pytest.raises(PhoneSuppressed):
        merges.merge("prt_test", into=older.case_id, from_=newer.case_id, **ports(bench) | known)
    assert bench.cases.open(newer.case_id).head.status.value == "open"
    merges.merge("prt_test", into=newer.case_id, from_=older.case_id, **ports(bench) | known)


@pytest.mark.parametrize("which", [0, 1])
def test_who_had_their_data_erased_is_not_named_again_by_a_merge(bench, which):
    _, *heads = pair(bench)
    file = bench.cases.files[heads[which].case_id]
    bench.cases.files[heads[which].case_id] = replace(
        file, head=replace(file.head, erased="7Q2M-0K4T", name="")
    )

    with pytest.raises(MergeRefused) as refused:
        merges.merge("prt_test", into=heads[0].case_id, from_=heads[1].case_id, **ports(bench))
    assert refused.value.details == {"reason": "erased"}


def test_a_later_file_follows_a_merged_debtor_to_where_it_went(bench):
    _, older, newer = pair(bench)
    merges.merge("prt_test", into=older.case_id, from_=newer.case_id, **ports(bench))

    upload = bench.load(BOSS, LATER.replace("40.00", "45.00"), mode=UploadMode.DEBTS)

    assert (upload.applied.updated, upload.applied.unchanged) == (1, 1)
    assert bench.cases.open(older.case_id).head.balance_minor == 14_500
    assert bench.cases.open(newer.case_id).head.balance_minor == 0


def test_a_merge_can_be_undone_and_done_again(bench):
    merge, older, newer = pair(bench)
    for _ in range(2):
        merges.merge("prt_test", into=older.case_id, from_=newer.case_id, **ports(bench))
        parted = merges.undo("prt_test", merge.merge_id, **ports(bench))

        assert parted.state is MergeState.UNDONE
        kept, gone = bench.cases.open(older.case_id), bench.cases.open(newer.case_id)
        assert (kept.head.balance_minor, gone.head.balance_minor) == (10_000, 4_000)
        assert gone.head.merged_into is None


def test_a_dismissed_pair_is_not_proposed_again(bench):
    merge, _, _ = pair(bench)

    merges.dismiss("prt_test", merge.merge_id, actor=BOSS, merges=bench.merges, now=bench.now)
    bench.load(BOSS, LATER.replace("70.00", "71.00"), mode=UploadMode.DEBTS)

    assert proposed(bench) == []


def test_what_cannot_be_merged_is_refused(bench):
    _, older, newer = pair(bench)
    agent = Actor(actor_id="user:3", role=Role.AGENT, portfolios=("prt_test",))

    with pytest.raises(MergeRefused):
        merges.merge("prt_test", into=older.case_id, from_=older.case_id, **ports(bench))
    with pytest.raises(NotAllowed):
        merges.merge(
            "prt_test",
            into=older.case_id,
            from_=newer.case_id,
            **ports(bench) | {"actor": agent},
        )
