"""A debt that is charged off stays owed: nothing of the ledger moves, nothing is forgiven."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.charge_off import ChargeOffPolicy, ChargeOffReason, ChargeOffState, in_force
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import (
    BadField,
    ChargeOffNotFound,
    ChargeOffSettled,
    DebtNotFound,
    NothingToChargeOff,
)
from chalicelib.domain.recoveries import recoveries
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, moratory

DEBT = a_debt().debt_id
ASKER, BOSS = "user:ana", "user:boss"


class Desk:
    """One case on which people work a step at a time."""

    def __init__(self, *debts, **policies):
        self.portfolio = a_portfolio(**policies)
        draft = a_draft(*(debts or (a_debt(),)), portfolio=self.portfolio)
        self.file = after(None, draft.change())

    def do(self, do, actor=ASKER, now=NOW):
        draft = Draft(self.file, self.portfolio, actor=actor, now=now)
        told = do(draft)
        change = draft.change()
        self.file = after(self.file, change) if change else self.file
        return told

    def ask(self, key="cho_1", debt=DEBT, on=TODAY, actor=ASKER, now=NOW):
        return self.do(
            lambda d: d.ask_charge_off(
                debt, key, reason=ChargeOffReason.AGE, on=on, note="Sin respuesta"
            ),
            actor,
            now,
        )

    def decide(self, approved=True, key="cho_1", now=NOW, answer="no"):
        return self.do(
            lambda d: d.decide_charge_off(key, approved=approved, answer=answer), BOSS, now
        )

    def charge_off(self, **asked):
        self.ask(**asked)
        return self.decide(key=asked.get("key", "cho_1"), now=asked.get("now", NOW))

    def pay(self, minor, key="r", now=NOW):
        paid_on = Draft(self.file, self.portfolio, actor=BOSS, now=now).today
        self.do(lambda d: d.pay(minor, paid_on=paid_on, source="manual", reference=key), BOSS, now)

    def one(self, debt=DEBT):
        return next(one for one in self.file.debts if one.debt_id == debt).charge_offs[-1]

    @property
    def kinds(self):
        return [event.kind for event in self.file.events]


def days(number):
    return NOW + timedelta(days=number)


def test_a_charge_off_moves_nothing_of_the_ledger():
    desk = Desk()
    before = (desk.file.entries, desk.file.head.balance_minor, desk.file.head.due_buckets)

    assert desk.ask()
    assert desk.decide()
    assert (desk.file.entries, desk.file.head.balance_minor, desk.file.head.due_buckets) == before
    assert desk.file.head.oldest_due_on is not None, "it is owed, and late, as before"
    assert (desk.file.head.charged_off, desk.file.head.charged_off_minor) == (1, 100_000)
    assert (desk.one().amount_minor, desk.one().decided_by) == (100_000, BOSS)


def test_what_was_decided_is_told_in_the_chain_and_the_words_only_as_personal():
    desk = Desk()
    desk.charge_off()

    assert desk.kinds[-2:] == ["charge_off.asked", "debt.charged_off"]
    asked, done = desk.file.events[-2:]
    assert asked.facts["charge_off"] == "age"
    assert asked.personal == {"reason": "Sin respuesta"}
    assert done.facts["amount_minor"] == 100_000
    assert not done.personal
    assert timeline.verify(desk.file.events, desk.file.head.chain).ok


def test_it_is_asked_for_once_and_never_twice():
    desk = Desk()
    assert desk.ask()
    assert not desk.ask(), "the same request again"
    with pytest.raises(ChargeOffSettled) as waits:
        desk.ask("cho_2")
    assert waits.value.details["state"] == "waiting"

    assert desk.decide()
    assert not desk.decide()
    with pytest.raises(ChargeOffSettled):
        desk.ask("cho_3")
    with pytest.raises(ChargeOffSettled):
        desk.decide(approved=False)
    assert len(desk.file.debts[0].charge_offs) == 1


def test_a_no_is_told_with_its_reason_and_it_may_be_asked_for_again():
    desk = Desk()
    desk.ask()

    assert desk.decide(approved=False, answer="Prometió pagar")
    assert not desk.decide(approved=False)
    assert desk.one().answer == "Prometió pagar"
    assert desk.file.events[-1].personal == {"reason": "Prometió pagar"}
    assert desk.file.head.charged_off == 0
    assert desk.ask("cho_2")
    assert desk.decide(key="cho_2")


def test_what_was_paid_meanwhile_is_not_charged_off_and_nothing_is_half_done():
    desk = Desk()
    desk.ask()
    desk.pay(100_000)
    before = desk.file

    with pytest.raises(NothingToChargeOff):
        desk.decide()
    assert desk.file == before
    assert desk.decide(approved=False, answer="Ya pagó")


def test_what_was_paid_in_part_meanwhile_is_charged_off_for_the_rest():
    desk = Desk()
    desk.ask()
    desk.pay(30_000)
    desk.decide()

    assert desk.one().amount_minor == 70_000


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"on": TODAY + timedelta(days=1)}, BadField),
        ({"on": date(2026, 9, 30)}, BadField),
        ({"debt": "deb_none"}, DebtNotFound),
    ],
)
def test_a_day_to_come_one_before_the_debt_and_a_debt_of_others_are_refused(asked, refusal):
    with pytest.raises(refusal):
        Desk(a_debt(issued_on=date(2026, 10, 1))).ask(**asked)


def test_it_is_withdrawn_while_nobody_decided_on_it():
    desk = Desk()
    desk.ask()

    assert desk.do(lambda d: d.withdraw_charge_off("cho_1"))
    assert not desk.do(lambda d: d.withdraw_charge_off("cho_1"))
    assert desk.one().state is ChargeOffState.WITHDRAWN
    with pytest.raises(ChargeOffSettled):
        desk.decide()
    with pytest.raises(ChargeOffNotFound):
        desk.decide(key="cho_9")


def test_it_is_taken_back_by_two_people_and_the_debt_is_as_it_was():
    desk = Desk()
    desk.charge_off()
    entries = desk.file.entries

    assert desk.do(lambda d: d.ask_reinstatement("cho_1", note="Fue un error"))
    assert not desk.do(lambda d: d.ask_reinstatement("cho_1", note="Fue un error"))
    assert desk.file.head.charged_off == 1, "until somebody decides"
    assert desk.do(lambda d: d.decide_reinstatement("cho_1", approved=True), BOSS)
    assert not desk.do(lambda d: d.decide_reinstatement("cho_1", approved=True), BOSS)
    assert desk.file.entries == entries
    assert (desk.file.head.charged_off, desk.kinds[-1]) == (0, "debt.reinstated")
    assert desk.file.events[-1].personal == {"reason": "Fue un error"}
    assert desk.charge_off(key="cho_2"), "it may be charged off anew"


def test_taking_it_back_is_refused_and_it_stands():
    desk = Desk()
    desk.charge_off()
    desk.do(lambda d: d.ask_reinstatement("cho_1", note="Quiere pagar"))
    desk.do(lambda d: d.decide_reinstatement("cho_1", approved=False, answer="Aún no"), BOSS)

    assert in_force(desk.file.debts[0].charge_offs).state is ChargeOffState.STANDING
    assert desk.kinds[-1] == "reinstatement.refused"
    with pytest.raises(ChargeOffSettled):
        desk.do(lambda d: d.decide_reinstatement("cho_1", approved=True), BOSS)


def test_interest_stops_unless_the_portfolio_has_it_go_on():
    def accrued(desk, now):
        draft = Draft(desk.file, desk.portfolio, actor=BOSS, now=now)
        return draft._book.accrued(DEBT, draft.today)

    stops = Desk(moratory=moratory())
    goes_on = Desk(moratory=moratory(), charge_off=ChargeOffPolicy(interest_goes_on=True))
    until_today = accrued(stops, NOW)
    assert until_today == 5_200, "1.00 a day for 52 days"
    for desk in (stops, goes_on):
        desk.charge_off()
        assert accrued(desk, NOW) == until_today
    assert (accrued(stops, days(10)), accrued(goes_on, days(10))) == (5_200, 6_200)

    stops.do(lambda d: d.ask_reinstatement("cho_1", note="Error"), now=days(10))
    stops.do(lambda d: d.decide_reinstatement("cho_1", approved=True), BOSS, days(10))
    assert accrued(stops, days(13)) == 5_500, "the days it was charged off are not made up for"


def test_a_portfolio_that_changes_its_mind_changes_nothing_of_what_was_decided():
    desk = Desk(moratory=moratory())
    desk.charge_off()
    policies = replace(desk.portfolio.policies, charge_off=ChargeOffPolicy(interest_goes_on=True))
    desk.portfolio = replace(desk.portfolio, policies=policies)

    draft = Draft(desk.file, desk.portfolio, actor=BOSS, now=days(10))
    assert draft._book.accrued(DEBT, draft.today) == 5_200


def test_what_is_paid_later_is_told_apart_with_what_takes_it_back():
    desk = Desk()
    desk.pay(10_000, "before")
    desk.charge_off(now=days(1))
    desk.pay(20_000, "after", now=days(2))
    later = next(e for e in desk.file.entries if e.reference == "after")
    assert recoveries(desk.file.debts, desk.file.entries) == {later.entry_id}

    desk.do(lambda d: d.reverse(later.entry_id, reason="rebotó"), BOSS, days(3))
    undone = next(e for e in desk.file.entries if e.reverses == later.entry_id)
    told = recoveries(desk.file.debts, desk.file.entries)
    assert told == {later.entry_id, undone.entry_id}
    assert desk.file.head.charged_off_minor == 90_000


def test_paid_whole_it_is_no_longer_among_what_is_owed():
    desk = Desk()
    desk.charge_off()
    desk.pay(100_000)

    assert (desk.file.head.charged_off, desk.file.head.status.value) == (0, "settled")
    assert in_force(desk.file.debts[0].charge_offs) is not None, "the loss was booked all the same"


def test_the_creditors_next_file_does_not_take_it_back():
    desk = Desk()
    desk.charge_off()
    again = a_debt(stated_principal_minor=90_000)
    desk.do(lambda d: d.put_debt(again, source="upload", reference="upl_2"))

    assert desk.file.head.charged_off_minor == 90_000
    assert desk.one().state is ChargeOffState.STANDING


def test_a_merge_takes_it_along():
    desk = Desk()
    desk.charge_off()
    other = after(None, a_draft(a_debt("F-2"), portfolio=desk.portfolio, key="D-2").change())
    into = Draft(other, desk.portfolio, actor=BOSS, now=NOW)
    away = Draft(desk.file, desk.portfolio, actor=BOSS, now=NOW)
    away.hand_over(into, reference="mrg_1")

    assert away.change().after.charged_off == 0
    assert into.change().after.charged_off_minor == 100_000


def proposing(number=52, *debts):
    return Desk(*debts, charge_off=ChargeOffPolicy(after_days=number))


def test_the_policy_proposes_what_is_so_late_and_a_person_decides():
    early = proposing(53)
    assert early.do(lambda d: d.propose_charge_offs(), "system") == 0
    assert early.do(lambda d: d.next_proposal_on()) == TODAY + timedelta(days=1)

    desk = proposing(52)
    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 1
    assert (desk.one().state, desk.one().asked_by) == (ChargeOffState.WAITING, "system")
    assert desk.file.head.charged_off == 0
    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 0
    assert desk.do(lambda d: d.next_proposal_on()) is None


def test_the_policy_does_not_ask_again_what_a_person_refused():
    desk = proposing()
    desk.do(lambda d: d.propose_charge_offs(), "system")
    key = desk.one().charge_off_id
    desk.decide(approved=False, key=key)

    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 0


def test_the_policy_is_off_until_somebody_sets_it():
    desk = Desk()
    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 0
    assert desk.do(lambda d: d.next_proposal_on()) is None


def test_many_debts_are_proposed_some_a_day():
    debts = [a_debt(f"F-{number}") for number in range(25)]
    desk = proposing(52, *debts)
    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 20
    assert desk.do(lambda d: d.next_proposal_on()) == TODAY + timedelta(days=1)
    assert desk.do(lambda d: d.propose_charge_offs(), "system") == 5


def test_what_is_not_due_yet_can_be_charged_off():
    desk = Desk(a_debt(due_on=TODAY + timedelta(days=30)))
    assert desk.charge_off()
    assert desk.file.head.charged_off == 1
