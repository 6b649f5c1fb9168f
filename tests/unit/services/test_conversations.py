from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import CaseStatus, ContactKind
from chalicelib.domain.contact import (
    AttemptState,
    Channel,
    ConsentState,
    Direction,
    HoldReason,
    Ruling,
)
from chalicelib.domain.conversation import Desk
from chalicelib.domain.dispute import DisputeKind
from chalicelib.domain.portfolio import PromiseLimits
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, change_of
from tests.conversation_fakes import ANA, means_of, says
from tests.unit.services.chat import World


@pytest.fixture
def world():
    return World()


def test_a_message_is_on_the_cases_timeline_and_so_is_the_answer(world):
    case_id = world.debtor()

    world.hears("cuánto debo")

    said, answer = world.cases.open(case_id).attempts
    assert (said.direction, said.state, said.content.text) == (
        Direction.IN, AttemptState.RECEIVED, "cuánto debo",
    )  # fmt: skip
    assert (answer.state, answer.cause.kind, answer.provider_id) == (
        AttemptState.SENT, "reply", "out-1",
    )  # fmt: skip
    assert answer.content.text == world.answers()[0]
    kinds = [event.kind for event in world.cases.open(case_id).events]
    assert kinds[-3:] == ["attempt.received", "attempt.reserved", "attempt.sent"]


def test_an_answer_names_its_attempt_so_that_events_find_it(world):
    case_id = world.debtor()

    world.hears("hola")

    attempt = world.cases.open(case_id).attempts[-1]
    assert world.phone.sent[0].reference == f"{case_id}:{attempt.attempt_id}"
    assert world.phone.sent[0].content.to == ANA


def test_a_promise_is_recorded_once_it_is_confirmed(world):
    case_id = world.debtor()

    world.hears("pago 500 el viernes", "1GR8")
    assert world.cases.open(case_id).promises == ()
    world.hears("sí")

    (promise,) = world.cases.open(case_id).promises
    assert promise.last_day > promise.due_on  # a working day of grace, as one made in the panel
    assert (promise.amount_minor, promise.due_on) == (50_000, TODAY + timedelta(days=5))
    assert promise.channel == "whatsapp"
    assert world.cases.open(case_id).head.status is CaseStatus.PROMISED


def test_already_paid_pauses_and_flags_the_conversation(world):
    case_id = world.debtor()

    world.hears("ya pagué ayer", "1GR8")

    (hold,) = world.cases.open(case_id).holds
    assert hold.reason is HoldReason.REPORTED_PAYMENT
    assert hold.until == TODAY + timedelta(days=3)
    (head,) = world.conversations.heads.values()
    assert head.reason == "reported_payment"
    (task,) = world.cases.open(case_id).tasks
    assert (task.kind.value, task.cause.step) == ("review", "reported_payment")
    (told,) = world.cases.open(case_id).reported
    assert (told.source, told.paid_on) == ("whatsapp", TODAY - timedelta(days=1))
    assert (told.words, told.task_id) == ("ya pagué ayer", task.task_id)


def test_its_proof_is_put_to_the_payment_that_is_looked_for(world):
    case_id = world.debtor()
    world.hears("ya pagué 250 ayer", "1GR8")

    world.hears(says("", kind="image", media=(("image/jpeg", "inbound/w/recibo.jpg"),)))

    file = world.cases.open(case_id)
    (told,) = file.reported
    assert told.amount_minor == 25_000
    assert [one.key for one in told.evidence] == ["inbound/w/recibo.jpg"]
    assert (len(file.holds), len(file.tasks)) == (1, 1)


def test_who_says_it_over_and_over_is_not_paused_for_ever(world):
    case_id = world.debtor()
    world.hears("hola", "1GR8")

    for day in range(0, 12, 4):
        now = NOW + timedelta(days=day)
        world.hears("ya pagué", "1GR8", now=now)
        world.hears("ya pagué", now=now)

    assert len(world.cases.open(case_id).holds) == 3


def test_a_dispute_holds_every_case_of_the_number_until_it_is_lifted(world):
    one, two = world.debtor("D-1"), world.debtor("D-2")

    world.hears("esa deuda no es mía")

    for case_id in (one, two):
        file = world.cases.open(case_id)
        (hold,), (dispute,) = file.holds, file.disputes
        assert (hold.reason, hold.until) == (HoldReason.DISPUTE, None)
        assert (dispute.source, dispute.kind) == ("whatsapp", DisputeKind.NOT_MINE)


def test_a_dispute_told_twice_is_one_and_keeps_both_words(world):
    case_id = world.debtor()

    world.hears("esa deuda no es mía")
    world.hears("le digo que no es mía, no la reconozco", now=NOW + timedelta(hours=1))

    file = world.cases.open(case_id)
    (dispute,) = file.disputes
    assert len(file.holds) == 1
    assert dispute.text.count("\n") == 1


def test_a_stop_word_refuses_the_channel_and_needs_no_identity(world):
    case_id = world.debtor()

    world.hears("BAJA")

    (consent,) = world.cases.open(case_id).consents
    assert (consent.state, consent.channel) == (ConsentState.REFUSED, Channel.WHATSAPP)
    assert consent.words == "BAJA"


def test_a_wrong_number_is_marked(world):
    case_id = world.debtor()

    world.hears("número equivocado")

    points = {one.value: one.quality for one in world.cases.open(case_id).contacts}
    assert points[ANA] == "wrong_person"


def test_the_second_fact_makes_the_number_valid(world):
    case_id = world.debtor()

    world.hears("hola", "1GR8")

    points = {one.value: one.quality for one in world.cases.open(case_id).contacts}
    assert points[ANA] == "valid"


def test_a_new_number_is_added_and_the_old_one_left(world):
    case_id = world.debtor()

    world.hears(says("", kind="system", extras={"kind": "system", "new_number": "+525587654321"}))

    points = {one.value: one.quality for one in world.cases.open(case_id).contacts}
    assert (points["+525587654321"], points[ANA]) == ("unverified", "invalid")
    assert world.phone.sent == []


def test_a_new_number_that_its_person_had_erased_is_not_added(world):
    case_id = world.debtor()
    world.means = replace(world.means, suppressed=lambda _, values: frozenset(values))

    world.hears(says("", kind="system", extras={"kind": "system", "new_number": "+525587654321"}))

    points = {one.value: one.quality for one in world.cases.open(case_id).contacts}
    assert "+525587654321" not in points
    assert points[ANA] == "invalid"


def test_an_unknown_sender_goes_to_the_tray_and_is_asked_who_they_are(world):
    world.debtor(phone="+525599999999")

    world.hears("cuánto debo?")

    (found,), _, _ = world.conversations.page("prt_test", known=False, limit=10)
    assert (found.phone, found.known, found.unread) == (ANA, False, 1)
    assert len(world.phone.sent) == 1
    assert world.phone.sent[0].reference == ""


def test_a_number_that_is_not_ours_is_nobodys(world):
    heard = world.hears(says("hola", recipient="+10000000000"))

    assert heard.outcome == "nobodys"
    assert world.conversations.heads == {}


def test_a_person_is_called_and_the_bot_is_quiet(world):
    world.debtor()

    world.hears("quiero hablar con una persona", "hola?")

    (head,) = world.conversations.heads.values()
    assert (head.desk, head.reason, head.unread) == (Desk.WAITING, "asked", 2)
    assert len(world.phone.sent) == 1


def test_what_the_rules_deny_is_not_sent_but_shown_to_a_person():
    world = World(gate=lambda *_, now, **__: Ruling(at=now, allowed=False, reason_code="CEASE"))
    case_id = world.debtor()

    world.hears("hola")

    assert world.phone.sent == []
    attempt = world.cases.open(case_id).attempts[-1]
    assert (attempt.state, attempt.problem) == (AttemptState.DENIED, "CEASE")
    (head,) = world.conversations.heads.values()
    assert (head.desk, head.reason) == (Desk.WAITING, "not_allowed")


def test_on_a_plain_phone_the_choices_are_numbered_lines(world):
    world.debtor()

    world.hears("hola", channel=Channel.SMS)

    assert world.answers()[0].splitlines()[1:] == [
        "1. Hablar con alguien", "2. No soy esa persona", "3. No más mensajes",
    ]  # fmt: skip


def test_where_two_creditors_share_a_number_the_one_who_knows_the_sender_answers():
    world = World()
    other = replace(
        a_portfolio("prt_other"), branding=replace(world.portfolio.branding, display_name="Otra")
    )
    world.means = means_of(
        world.conversations, world.cases, other, world.portfolio, phone=world.phone
    )
    world.debtor()

    world.hears("cuánto debo", "1GR8")

    (head,) = world.conversations.heads.values()
    assert head.portfolio_id == "prt_test"
    assert "La Esquina" not in world.answers()[0]
    assert "La Esquina" in world.answers()[1]


def test_where_two_creditors_share_a_number_a_stranger_is_in_the_common_tray():
    world = World()
    world.means = means_of(
        world.conversations, world.cases, a_portfolio("prt_2"), world.portfolio, phone=world.phone
    )

    world.hears("hola")

    (head,) = world.conversations.heads.values()
    assert head.portfolio_id == ""


def test_the_gate_sees_the_message_that_is_answered():
    seen = []

    def gate(file, portfolio, *, now, **_):
        seen.append([one.direction for one in file.attempts])
        return Ruling(at=now, allowed=True, reason_code="OK")

    world = World(gate=gate)
    world.debtor()

    world.hears("hola")

    assert seen == [[Direction.IN]]


def test_who_stopped_and_comes_back_is_told_so():
    def gate(file, portfolio, *, contact_id, now, **_):
        refused = any(one.state is ConsentState.REFUSED for one in file.consents)
        return Ruling(at=now, allowed=not refused, reason_code="OPTED_OUT" if refused else "OK")

    world = World(gate=gate)
    world.debtor()

    world.hears("BAJA", "hola", "ALTA")

    assert len(world.answers()) == 2
    (head,) = world.conversations.heads.values()
    assert head.desk is Desk.BOT


def test_a_number_with_two_cases_asks_the_gate_too():
    world = World(gate=lambda *_, now, **__: Ruling(at=now, allowed=False, reason_code="CEASE"))
    world.debtor("D-1")
    world.debtor("D-2")

    world.hears("hola")

    assert world.phone.sent == []


def test_an_answer_to_our_message_goes_to_the_creditor_who_wrote_it():
    world = World()
    other = a_portfolio("prt_0")  # asked first, and has the number too
    world.means = means_of(
        world.conversations, world.cases, other, world.portfolio, phone=world.phone
    )
    draft = a_draft(a_debt("F-9", "prt_0"), portfolio=other, key="D-9")
    draft.put_contact(ContactKind.PHONE, ANA)
    world.cases.commit(change_of(draft))
    case_id = world.debtor()
    world.hears("hola")
    world.conversations.heads.clear()

    world.hears(says("cuánto debo", quoted_id="w-1"))
    (head,) = world.conversations.heads.values()
    assert head.portfolio_id == "prt_0"
    world.conversations.heads.clear()
    world.cases.case_of_message = lambda provider, message_id: (case_id, "att_1")
    world.hears(says("cuánto debo", quoted_id="w-1"))

    (head,) = world.conversations.heads.values()
    assert head.portfolio_id == "prt_test"


def test_how_far_a_promise_may_be_is_the_portfolios_to_say(world):
    limits = PromiseLimits(most_days=40, pause_days=10)
    policies = replace(world.portfolio.policies, promises=limits)
    portfolio = replace(world.portfolio, policies=policies)
    world.means = means_of(world.conversations, world.cases, portfolio, phone=world.phone)
    case_id = world.debtor()

    world.hears("pago 100 el 20 de diciembre", "1GR8", "sí", "ya pagué")

    file = world.cases.open(case_id)
    assert [one.due_on for one in file.promises] == [TODAY + timedelta(days=28)]
    assert [one.until for one in file.holds] == [TODAY + timedelta(days=10)]
