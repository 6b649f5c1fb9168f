# ruff: noqa: F811 (a fixture of another file)
"""Money that went back after its case was merged: one press brings it to where the debts are."""

from dataclasses import replace

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.errors import BadField, CaseMoved, NotAllowed, OverLimit, UnmatchedNotFound
from chalicelib.domain.payment import BackKind
from chalicelib.domain.people import Role
from chalicelib.domain.unmatched import UnmatchedState, unmatched_id
from chalicelib.services.incoming import Outcome
from tests.contract.test_paying import back, crowd, ref  # noqa: F401 (a fixture)
from tests.money_world import AGENT, BOSS

KEY = unmatched_id("sandbox", "pay_1")


class Merged:
    """A case that paid 400 of its 1,000 and was merged into one that owes 1,000, too."""

    def __init__(self, crowd, paid=40_000):
        self.crowd, self.amount = crowd, paid
        self.gone, self.into = crowd.a_case(), crowd.a_case()
        self.to = ref(self.gone, crowd.start(self.gone))
        self.news()
        crowd.merge(self.gone, self.into)

    def news(self, *backs):
        return self.crowd.take(self.crowd.paid(self.to, self.amount, *backs))[0]

    @property
    def kept(self):
        return self.crowd.tray.get(self.crowd.pid, KEY)

    def owed(self):
        return [self.crowd.owed(one) for one in (self.gone, self.into)]

    def clean(self):
        for one in (self.gone, self.into):
            file = self.crowd.cases.open(one)
            assert timeline.verify(file.events, file.head.chain).ok
            assert file.head.balance_minor == self.crowd.owed(one)
        assert self.crowd.proven()


@pytest.fixture
def merged(crowd):
    return Merged(crowd)


def test_a_refund_is_brought_to_the_case_that_owes_it_now_once(crowd, merged):
    assert merged.owed() == [0, 160_000]
    assert merged.news(back(40_000)) is Outcome.UNMATCHED
    assert merged.kept.state is UnmatchedState.OPEN
    assert merged.owed() == [0, 160_000]

    for _ in range(2):
        shown = crowd.bring(KEY)
        assert (shown["state"], shown["case_id"]) == ("assigned", merged.into)
        assert merged.owed() == [0, 200_000]

    gone, into = (crowd.cases.open(one) for one in (merged.gone, merged.into))
    assert (gone.head.status, gone.head.merged_into) == (CaseStatus.VOID, merged.into)
    assert [one.void for one in gone.debts] == [True]
    assert any(entry.reverses and entry.reason == "refund" for entry in gone.entries)
    told = [
        event.facts["amount_minor"] for event in into.events if event.kind == "payment.refunded"
    ]
    assert told == [40_000]
    assert [one.annulled_why for one in gone.documents] == ["refunded"]
    assert merged.news(back(40_000)) is Outcome.KNOWN
    merged.clean()


def test_part_of_it_and_then_the_rest(crowd, merged):
    first, second = back(10_000), back(30_000, "re_2")
    merged.news(first)
    crowd.bring(KEY)
    assert merged.owed() == [0, 170_000]

    merged.news(first, second)
    assert merged.kept.state is UnmatchedState.OPEN
    crowd.bring(KEY)
    assert merged.owed() == [0, 200_000]
    merged.clean()


def test_a_chargeback_that_was_won_comes_back_and_people_were_asked(crowd, merged):
    merged.news(back(40_000, "dp_1", BackKind.CHARGEBACK))
    crowd.bring(KEY)
    into = crowd.cases.open(merged.into)
    assert [task.cause.step for task in into.tasks] == ["charged_back"]
    assert crowd.cases.open(merged.gone).tasks == ()

    merged.news(back(40_000, "dp_1", BackKind.CHARGEBACK, returned=True))
    assert merged.owed() == [0, 200_000]
    crowd.bring(KEY)
    assert merged.owed() == [0, 160_000]
    merged.clean()


def test_of_a_debt_that_was_paid_whole_it_is_the_same(crowd):
    whole = Merged(crowd, 100_000)
    assert whole.owed() == [0, 100_000]
    whole.news(back(100_000))
    crowd.bring(KEY)
    assert whole.owed() == [0, 200_000]
    whole.clean()


def test_it_follows_the_debts_through_a_second_merge_and_back(crowd, merged):
    last = crowd.a_case()
    crowd.merge(merged.into, last, "mrg_2")
    merged.news(back(40_000))
    crowd.bring(KEY)
    assert [*merged.owed(), crowd.owed(last)] == [0, 0, 300_000]
    merged.clean()


def test_when_the_merge_is_undone_the_debts_take_it_along(crowd, merged):
    merged.news(back(40_000))
    crowd.bring(KEY)
    crowd.merge(merged.gone, merged.into, undo=True)
    assert merged.owed() == [100_000, 100_000]
    assert merged.news(back(40_000)) is Outcome.KNOWN
    merged.clean()


def test_undone_before_it_was_brought_it_goes_the_ordinary_way(crowd, merged):
    merged.news(back(40_000))
    crowd.merge(merged.gone, merged.into, undo=True)
    assert merged.owed() == [60_000, 100_000]
    assert crowd.bring(KEY)["case_id"] == merged.gone
    assert merged.owed() == [100_000, 100_000]
    merged.clean()


def test_who_was_killed_between_the_ledger_and_the_tray_presses_again(
    crowd,
    merged,
    monkeypatch,
):
    merged.news(back(40_000))
    with monkeypatch.context() as broken:
        broken.setattr(crowd.tray, "save", _killed)
        with pytest.raises(KeyboardInterrupt):
            crowd.bring(KEY)
    assert merged.owed() == [0, 200_000]
    assert merged.kept.state is UnmatchedState.OPEN

    crowd.bring(KEY)
    assert merged.kept.state is UnmatchedState.ASSIGNED
    assert merged.owed() == [0, 200_000]
    merged.clean()


def test_two_people_at_once_bring_it_once(crowd, merged):
    merged.news(back(40_000))
    crowd.at_once(*[lambda: crowd.bring(KEY)] * 3)
    assert merged.owed() == [0, 200_000]
    merged.clean()


def test_a_case_that_keeps_moving_is_told_and_nothing_is_half_done(
    crowd,
    merged,
    monkeypatch,
):
    merged.news(back(40_000))
    with monkeypatch.context() as busy:
        busy.setattr(crowd.cases, "commit", _moved)
        with pytest.raises(CaseMoved):
            crowd.bring(KEY)
    assert merged.owed() == [0, 160_000]
    assert merged.kept.state is UnmatchedState.OPEN


def test_who_may_not_adjust_so_much_may_not_bring_it(crowd, merged):
    merged.news(back(40_000))
    with pytest.raises(NotAllowed):
        crowd.bring(KEY, AGENT)
    policies = crowd.portfolio.policies
    limits = replace(policies.role_limits, supervisor_adjustment_minor=39_999)
    crowd.portfolio = replace(crowd.portfolio, policies=replace(policies, role_limits=limits))
    with pytest.raises(OverLimit):
        crowd.bring(KEY)
    assert merged.owed() == [0, 160_000]
    crowd.bring(KEY, replace(BOSS, role=Role.ADMIN))
    assert merged.owed() == [0, 200_000]


def test_what_waits_for_another_reason_is_not_brought(crowd):
    crowd.take(crowd.paid("nobody knows"))
    with pytest.raises(BadField):
        crowd.bring(KEY)
    with pytest.raises(UnmatchedNotFound):
        crowd.bring(unmatched_id("sandbox", "pay_9"), BOSS)


def _killed(*_):
    raise KeyboardInterrupt


def _moved(*changes):
    raise CaseMoved(case_id="cas_1")
