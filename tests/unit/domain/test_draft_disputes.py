from datetime import date, timedelta

import pytest

from chalicelib.domain.assignment import Assignment, AssignmentState, Why
from chalicelib.domain.case import Address, CaseStatus, PromiseState
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import AttemptState, Cause, Channel, HoldReason
from chalicelib.domain.counters import contribution, merged
from chalicelib.domain.dispute import Dispute, DisputeKind, DisputeState, Evidence, Side
from chalicelib.domain.draft import after
from chalicelib.domain.errors import DebtNotFound, DisputeNotFound, DisputeSettled
from chalicelib.services import contacting
from chalicelib.strategies.facts import facts_of
from tests.builders import (
    LATER,
    NOW,
    TODAY,
    a_case,
    a_debt,
    a_portfolio,
    an_attempt,
    change_of,
    reopened,
)

OLD, NEW = a_debt("F-1"), a_debt("F-2", due_on=date(2026, 11, 1))


def a_dispute(key="dsp_1", **values):
    base = {
        "dispute_id": key,
        "kind": DisputeKind.WRONG_AMOUNT,
        "state": DisputeState.OPEN,
        "source": "self_pay",
        "opened_at": NOW,
        "opened_by": "debtor:cas_1",
        "due_on": TODAY + timedelta(days=14),
        "hold_id": f"hol_{key}",
        "text": "Ya había pagado la mitad",
    }
    return Dispute(**base | values)


def done(file, *steps, **values):
    draft = reopened(file, **values)
    for step in steps:
        step(draft)
    change = change_of(draft)
    return after(file, change), change


def disputed(*debts, file=None, **values):
    file = file or a_case(OLD, NEW)
    dispute = a_dispute(debt_ids=tuple(debt.debt_id for debt in debts), **values)
    return done(file, lambda d: d.open_dispute(dispute))


def kinds(change):
    return [event.kind for event in change.events]


def test_a_dispute_of_the_whole_case_stops_all_of_it_in_one_change():
    planned, _ = done(a_case(), lambda d: d.plan(an_attempt()))

    file, change = disputed(file=planned)

    assert kinds(change) == ["dispute.opened", "hold.placed", "attempt.withdrawn"]
    assert file.head.status is CaseStatus.HELD
    assert file.attempts[0].state is AttemptState.WITHDRAWN
    assert (file.head.disputes, file.head.disputed_minor) == (1, 100_000)


def test_the_gate_denies_every_channel_of_a_disputed_case():
    portfolio = a_portfolio()
    address = Address(address_id="", lines="Calle 1", lat=19.4, lng=-99.1)
    file, _ = done(a_case(OLD), lambda d: d.put_address(address))
    file, _ = disputed(file=file)

    rulings = contacting.options(file, portfolio, now=NOW)

    assert {one.reach.channel for one in rulings} >= {Channel.CALL, Channel.VISIT, Channel.SMS}
    assert {one.ruling.reason_code for one in rulings} == {"ON_HOLD"}


def test_only_the_disputed_debt_stops():
    file, _ = disputed(OLD)

    facts = facts_of(file, a_portfolio(), TODAY)

    assert file.head.status is CaseStatus.OPEN
    assert (facts.held, facts.anchor) == (False, date(2026, 11, 1))
    assert (facts.values["balance"], facts.values["debts"]) == (100_000, 1)
    assert (file.head.balance_minor, file.head.disputed_minor) == (200_000, 100_000)


def test_disputes_of_every_debt_stop_the_case_too():
    file, _ = disputed(OLD)
    file, _ = disputed(NEW, file=file, key="dsp_2")

    assert file.head.status is CaseStatus.HELD
    assert facts_of(file, a_portfolio(), TODAY).held


def test_what_a_debt_adds_to_the_treatment_of_another_is_not_paused():
    file, _ = disputed(NEW)
    later = TODAY + timedelta(days=5)

    assert facts_of(file, a_portfolio(), later).paused_days == 0
    file, _ = done(file, lambda d: d.withdraw_dispute("dsp_1", ""), now=NOW + timedelta(days=5))
    file, _ = done(file, lambda d: d.settle_debt(OLD.debt_id, source="upload", reference="upl_2"))
    assert facts_of(file, a_portfolio(), later).paused_days == 5


def test_a_planned_visit_for_what_is_disputed_is_withdrawn():
    future = a_debt("F-3", due_on=TODAY + timedelta(days=9))
    address = Address(address_id="", lines="Calle 1")
    file, _ = done(a_case(OLD, future), lambda d: d.put_address(address))
    planned = Assignment(
        assignment_id="asg_1", person_id="p1", address_id=file.addresses[0].address_id, day=TODAY,
        state=AssignmentState.PLANNED, why=Why.MANUAL, created_at=NOW, created_by="user:ana",
    )  # fmt: skip
    file, _ = done(file, lambda d: d.assign(planned))

    file, _ = disputed(OLD, file=file)

    assert file.head.status is CaseStatus.OPEN
    assert (file.assignments[0].state, file.assignments[0].withdrawn) == (
        AssignmentState.WITHDRAWN, "hold",
    )  # fmt: skip


def test_an_open_promise_is_not_broken_while_it_is_looked_into():
    file, _ = done(a_case(), lambda d: d.promise("pro_1", 5_000, TODAY, channel="call"), now=NOW)

    file, _ = disputed(file=file)

    assert file.promises[0].state is PromiseState.CANCELLED


def test_an_answer_to_the_debtor_still_goes():
    answer = an_attempt(cause=Cause(kind="reply", step="dispute.done"))
    file, _ = done(a_case(), lambda d: d.plan(answer))

    file, _ = disputed(file=file)

    assert file.attempts[0].state is AttemptState.PLANNED


@pytest.mark.parametrize("kind", [DisputeKind.DECEASED, DisputeKind.FRAUD])
@pytest.mark.parametrize(
    ("verdict", "active"), [(DisputeState.ACCEPTED, True), (DisputeState.REJECTED, False)]
)
def test_nobody_is_contacted_again_where_it_is_true(kind, verdict, active):
    file, _ = disputed(OLD, kind=kind)
    assert file.head.status is CaseStatus.HELD  # though one debt was named

    file, _ = done(file, lambda d: d.resolve_dispute("dsp_1", verdict, reason="Acta"))

    assert file.holds[0].active_on(TODAY) is active


def test_a_verdict_ends_the_hold_and_says_so_once():
    file, _ = disputed(OLD)
    resolve = lambda d: d.resolve_dispute(  # noqa: E731
        "dsp_1", DisputeState.REJECTED, reason="El contrato lo dice"
    )

    file, change = done(file, resolve, now=LATER)

    assert kinds(change) == ["dispute.resolved", "hold.lifted"]
    assert change.events[0].personal == {"reason": "El contrato lo dice"}
    assert file.disputes[0].ended_at == LATER
    assert (file.head.disputes, file.head.disputed_minor) == (0, 0)
    draft = reopened(file)
    assert resolve(draft) is False
    with pytest.raises(DisputeSettled):
        draft.withdraw_dispute("dsp_1", "")
    with pytest.raises(DisputeNotFound):
        draft.take_up_dispute("dsp_2", "p1")


def test_a_person_gives_it_its_name_and_the_hold_follows():
    file, _ = disputed(OLD, kind=DisputeKind.OTHER)

    file, change = done(file, lambda d: d.classify_dispute("dsp_1", DisputeKind.DECEASED))

    assert kinds(change) == ["dispute.classified", "hold.placed", "hold.lifted"]
    active = [hold for hold in file.holds if hold.active_on(TODAY)]
    assert [(hold.reason, hold.debt_ids) for hold in active] == [(HoldReason.DECEASED, ())]
    assert file.head.status is CaseStatus.HELD


def test_evidence_is_kept_once():
    one = Evidence(
        evidence_id="evi_1", side=Side.DEBTOR, name="recibo.jpg", media_type="image/jpeg",
        size_bytes=10, sha256="ab", key="disputes/x", at=NOW, by="debtor:cas_1",
    )  # fmt: skip
    file, _ = disputed(OLD)

    file, change = done(file, lambda d: [d.add_evidence("dsp_1", one) for _ in range(2)])

    assert file.disputes[0].evidence == (one,)
    assert change.events[0].facts == {
        "dispute_id": "dsp_1", "evidence_id": "evi_1", "side": "debtor", "sha256": "ab",
    }  # fmt: skip
    assert len(change.events) == 1


def test_a_debt_of_another_case_cannot_be_disputed():
    with pytest.raises(DebtNotFound):
        reopened(a_case()).open_dispute(a_dispute(debt_ids=("deb_other",)))


def test_the_counters_move_by_what_is_disputed_and_back():
    start = a_case(OLD, NEW)
    file, opened = disputed(OLD, file=start)
    file, paid = done(
        file,
        lambda d: d.pay(40_000, paid_on=TODAY, source="bank", reference="R1", debt_id=OLD.debt_id),
    )
    file, closed = done(
        file, lambda d: d.resolve_dispute("dsp_1", DisputeState.PARTLY, reason="Medio")
    )

    moved = merged(change.counters for change in (opened, paid, closed))

    day = moved.days[TODAY.isoformat()]
    assert opened.counters.totals["disputed_minor"] == 100_000
    assert paid.counters.totals["disputed_minor"] == -40_000
    assert contribution(file.head).totals.keys() == contribution(start.head).totals.keys()
    assert moved.totals["disputed_minor"] == moved.totals["disputes"] == 0
    assert (day["disputes_opened"], day["disputes_partly"]) == (1, 1)


def test_what_may_be_asked_for_adds_up():
    file, _ = disputed(OLD)

    left = collectable(file, a_portfolio(), TODAY)

    assert left.balance_minor + file.head.disputed_minor == file.head.balance_minor
    assert left.held == {OLD.debt_id}
