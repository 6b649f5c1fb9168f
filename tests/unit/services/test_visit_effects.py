"""What a visit does to its case beside being recorded: promises, payments, disputes, contacts."""

from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain import credit
from chalicelib.domain.case import CaseStatus, PromiseState
from chalicelib.domain.contact import Cause, Channel, ConsentState, HoldReason
from chalicelib.domain.dispute import DisputeKind
from chalicelib.domain.plain import to_plain
from chalicelib.domain.reported import ReportedSource
from chalicelib.services import payment_tellings, suppression
from tests.builders import NOW, change_of, reopened
from tests.suppression_fakes import suppression_means
from tests.visit_world import ANA, PROMISE, Street, clashes


@pytest.fixture
def street():
    return Street()


def test_a_promise_is_noted_in_the_same_moment(street):
    street.visit(promise=PROMISE, met={"who": "holder", "name": ""})

    (promise,) = street.file.promises
    assert (promise.promise_id, promise.channel) == ("pro_phone_1", "visit")
    assert street.file.head.status is CaseStatus.PROMISED


@pytest.mark.parametrize("who", ["holder", "codebtor"])
def test_speaking_with_who_owes_is_a_conversation_with_that_party(street, who):
    visit = street.visit(met={"who": who, "name": ""})

    attempt = next(one for one in street.file.attempts if one.channel is Channel.VISIT)
    assert (attempt.party, attempt.outcome) == (
        {"holder": "debtor"}.get(who, who),
        "conversation",
    )
    assert credit.met_obliged(visit)


def test_a_guarantor_may_promise(street):
    visit = street.visit(promise=PROMISE, met={"who": "codebtor", "name": "Aval"})

    assert clashes(visit) == []
    assert street.file.head.status is CaseStatus.PROMISED


def test_a_relative_at_the_door_is_a_contact_with_no_right_party(street):
    visit = street.visit(met={"who": "family", "name": ""}, disposition="message_left")

    (attempt,) = [one for one in street.file.attempts if one.channel is Channel.VISIT]
    assert (attempt.party, attempt.outcome) == ("family", "answered")
    assert not credit.met_obliged(visit)


@pytest.mark.parametrize(
    ("due_on", "code"), [("2026-11-20", "promise.past"), ("2027-11-30", "promise.too_late")]
)
def test_a_promise_outside_the_policy_is_told_and_not_made(street, due_on, code):
    visit = street.visit(promise=PROMISE | {"due_on": due_on})

    assert clashes(visit) == [code]
    assert visit.report.promise.due_on.isoformat() == due_on
    assert street.file.promises == ()


def test_a_newer_promise_stands(street):
    street.do(lambda draft: draft.promise("pro_call", 100, street.today, channel="call"))

    visit = street.visit(promise=PROMISE, finished_at=to_plain(NOW - timedelta(minutes=5)))

    assert clashes(visit) == ["promise.newer"]
    assert [p.state for p in street.file.promises] == [PromiseState.OPEN]


def test_paid_meanwhile_is_told_and_the_visit_is_kept():
    street = Street(debt=False)

    visit = street.visit(
        promise=PROMISE,
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "",
                        "photo_id": None},
    )  # fmt: skip

    assert clashes(visit) == ["case.settled"]
    assert (street.file.promises, street.file.holds) == ((), ())
    assert street.file.visits == (visit,)


def test_a_payment_reported_pauses_contact_and_asks_for_a_look(street):
    street.visit(
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "x",
                        "photo_id": None}
    )  # fmt: skip

    (hold,) = street.file.holds
    assert hold.reason is HoldReason.REPORTED_PAYMENT
    assert hold.until == street.today + timedelta(days=3)
    assert [task.cause.step for task in street.file.tasks] == ["reported_payment"]
    (told,) = street.file.reported
    assert (told.amount_minor, told.paid_on.isoformat()) == (100, "2026-11-20")
    assert (told.source, told.reference, told.by) == ("visit", "x", ANA.actor_id)


def test_what_the_bot_was_told_and_the_agent_hears_again_is_one(street):
    draft = reopened(street.file, street.portfolio)
    payment_tellings.take(
        draft, street.file,
        payment_tellings.Telling(
            key=("wamid.1",), source=ReportedSource.WHATSAPP, cause=Cause(kind="reply"),
            at=NOW, by="debtor:x",
        ),
    )  # fmt: skip
    street.cases.commit(change_of(draft))

    street.visit(
        payment_report={"amount_minor": 100, "paid_on": "2026-11-20", "reference": "x",
                        "photo_id": None}
    )  # fmt: skip

    (told,) = street.file.reported
    assert (told.source, told.amount_minor) == ("whatsapp", 100)
    assert len(street.file.holds) == 1


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("amount", HoldReason.DISPUTE), ("deceased", HoldReason.DECEASED),
     ("supervisor", HoldReason.DISPUTE), ("illness", HoldReason.ILLNESS)],
)  # fmt: skip
def test_a_dispute_holds(street, kind, reason):
    street.visit(dispute={"kind": kind, "text": "No es mía"})

    assert [hold.reason for hold in street.file.holds] == [reason]


def test_what_is_disputed_at_the_door_waits_for_an_answer(street):
    street.visit(dispute={"kind": "identity_theft", "text": "Usaron mi INE"})

    (dispute,) = street.file.disputes
    assert (dispute.kind, dispute.source) == (DisputeKind.FRAUD, "visit")
    assert (dispute.text, dispute.hold_id) == ("Usaron mi INE", street.file.holds[0].hold_id)
    assert dispute.due_on > street.today
    assert [task.cause.step for task in street.file.tasks] == ["identity_theft"]


def test_what_the_person_had_erased_is_kept_neither_on_the_case_nor_in_the_report(street):
    means = suppression_means()
    suppression.suppress(
        "prt_test",
        [("phone", "+525587654321"), ("address", "OTRA CALLE 4 PUEBLA")],
        request_id="drq_1",
        now=street.now,
        means=means,
    )
    street.suppressed = partial(suppression.found, means=means)
    visit = street.visit(
        digest="d",
        contacts=[
            {"kind": "phone", "value": "5587654321", "party": "debtor"},
            {"kind": "email", "value": "ana@example.mx", "party": "debtor"},
        ],
        address={"lines": "Otra calle 4", "city": "Puebla", "lat": 19.04, "lng": -98.2},
    )

    assert clashes(visit) == ["contact.suppressed", "address.suppressed"]
    assert visit.findings.clashes[0].details == {"number": 0}
    assert "ana@example.mx" in {point.value for point in street.file.contacts}
    for gone in ("+525587654321", "5587654321", "Otra calle 4"):
        assert gone not in repr(street.file)


def test_contacts_an_address_and_a_refusal_are_noted(street):
    visit = street.visit(
        contacts=[
            {"kind": "phone", "value": "5587654321", "party": "debtor"},
            {"kind": "phone", "value": "abc", "party": "debtor"},
            {"kind": "email", "value": "Ana@Example.MX", "party": "family"},
        ],
        address={"lines": "Otra calle 4", "city": "Puebla", "lat": 19.04, "lng": -98.2},
        opt_outs=["visit"],
    )

    assert clashes(visit) == ["contact.unreadable"]
    values = {point.value: point.party for point in street.file.contacts}
    assert values["+525587654321"] == "debtor"
    assert values["ana@example.mx"] == "family"
    assert [a.source for a in street.file.addresses if a.city == "Puebla"] == ["visit"]
    (word,) = street.file.consents
    assert (word.channel, word.state) == (Channel.VISIT, ConsentState.REFUSED)
