"""Visits planned for people: who gets them, and what takes them back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.assignment import AssignmentState, Withdrawn
from chalicelib.domain.contact import Channel, ConsentState, HoldReason
from chalicelib.domain.draft import after
from chalicelib.domain.errors import AddressNotFound, AlreadyAssigned
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened
from tests.contract.test_field import an_address, an_assignment


def a_file(*debts):
    draft = a_draft(*(debts or (a_debt(),)))
    draft.put_address(an_address())
    return after(None, change_of(draft))


def assigned(file, key="asg_1", **values):
    draft = reopened(file)
    draft.assign(an_assignment(file.addresses[0].address_id, key, **values))
    return after(file, change_of(draft))


def done(file, do, now=NOW):
    draft = reopened(file, now=now)
    do(draft)
    return after(file, change_of(draft))


def states(file):
    return [(one.state, one.withdrawn) for one in file.assignments]


def test_a_visit_is_planned_and_told():
    file = assigned(a_file())

    assert states(file) == [(AssignmentState.PLANNED, "")]
    assert file.events[-1].kind == "visit.assigned"
    assert file.events[-1].facts["person_id"] == "ana"


def test_the_same_visit_is_planned_once():
    file = assigned(a_file())
    draft = reopened(file)

    assert not draft.assign(an_assignment(file.addresses[0].address_id))
    assert draft.change() is None


def test_a_case_has_one_open_visit_and_the_second_is_told_whose_it_is():
    file = assigned(a_file())

    with pytest.raises(AlreadyAssigned) as refused:
        assigned(file, "asg_2", person_id="luz")

    assert refused.value.details["person_id"] == "ana"


def test_who_saw_the_open_visit_may_give_it_to_another():
    file = assigned(a_file())
    draft = reopened(file)
    luz = an_assignment(file.addresses[0].address_id, "asg_2", person_id="luz")
    draft.assign(luz, instead_of="asg_1")

    assert states(after(file, change_of(draft))) == [
        (AssignmentState.WITHDRAWN, Withdrawn.REASSIGNED),
        (AssignmentState.PLANNED, ""),
    ]


def test_a_visit_that_was_not_made_is_in_nobodys_way_the_next_day():
    file = assigned(a_file(), day=TODAY - timedelta(days=1))

    assert states(assigned(file, "asg_2")) == [
        (AssignmentState.WITHDRAWN, Withdrawn.LAPSED),
        (AssignmentState.PLANNED, ""),
    ]


def test_an_address_of_another_case_is_refused():
    with pytest.raises(AddressNotFound):
        reopened(a_file()).assign(an_assignment("adr_other"))


@pytest.mark.parametrize(
    ("do", "why"),
    [
        pytest.param(
            lambda d: d.pay(100_000, paid_on=TODAY, source="m", reference="P"),
            Withdrawn.PAID,
            id="paid",
        ),
        pytest.param(lambda d: d.hold("hld_1", HoldReason.ILLNESS), Withdrawn.HOLD, id="held"),
        pytest.param(
            lambda d: d.consent(ConsentState.REFUSED, channel=Channel.VISIT, source="call"),
            Withdrawn.REFUSED,
            id="visits refused",
        ),
        pytest.param(
            lambda d: d.remove_address(next(iter(d.assignments)).address_id),
            Withdrawn.ADDRESS,
            id="address gone",
        ),
        pytest.param(lambda d: d.undo_upload("upl_test"), Withdrawn.VOID, id="upload undone"),
    ],
)
def test_what_makes_a_visit_needless_or_wrong_withdraws_it_at_once(do, why):
    file = assigned(a_file())
    if why is Withdrawn.VOID:
        # Whoever undoes an upload asks first whether anybody built on it.
        file = replace(file, head=replace(file.head, created_by_upload="upl_test"))

    changed = done(file, do)

    assert states(changed) == [(AssignmentState.WITHDRAWN, why)]
    assert changed.events[-1].kind == "visit.withdrawn"
    assert changed.events[-1].facts["why"] == why


@pytest.mark.parametrize(
    ("paid", "left"),
    [(50_000, []), (100_000, [Withdrawn.PAID])],
    ids=["still overdue", "nothing overdue any more"],
)
def test_a_payment_withdraws_once_nothing_is_overdue(paid, left):
    not_due = a_debt("F-2", due_on=TODAY + timedelta(days=30))
    file = assigned(a_file(a_debt(), not_due))

    changed = done(file, lambda d: d.pay(paid, paid_on=TODAY, source="m", reference="P"))

    assert [one.withdrawn for one in changed.assignments if one.withdrawn] == left


def test_a_visit_that_was_made_stays_made():
    file = done(assigned(a_file()), lambda d: d.finish_assignment("asg_1"))

    paid = done(file, lambda d: d.pay(100_000, paid_on=TODAY, source="m", reference="P"))

    assert states(paid) == [(AssignmentState.DONE, "")]


def test_a_visit_made_before_its_withdrawal_reached_the_agent_counts_as_made():
    file = assigned(a_file())
    held = done(file, lambda d: d.hold("hld_1", HoldReason.DISPUTE))

    assert states(done(held, lambda d: d.finish_assignment("asg_1"))) == [
        (AssignmentState.DONE, "")
    ]


def test_asking_twice_for_the_change_gives_the_same():
    draft = reopened(assigned(a_file()))
    draft.pay(100_000, paid_on=TODAY, source="m", reference="P")

    kinds = [[event.kind for event in change_of(draft).events] for _ in range(2)]

    assert kinds[0] == kinds[1] == ["payment.posted", "visit.withdrawn"]
