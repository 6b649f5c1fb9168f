"""Cash confirmed afterwards: asked of the debtor, not at a number of the agent's; heard; called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import ContactKind
from chalicelib.domain.cash import Word
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, HoldReason
from chalicelib.domain.errors import (
    BadField,
    CashOwn,
    NotAllowed,
    PortfolioNotFound,
    ReceiptNotFound,
    ReceiptVoid,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.task import TaskState
from chalicelib.services import cash_words, dispatch_choices
from chalicelib.services.self_service import Desk
from tests.builders import NOW
from tests.unit.services.test_cash_receiving import allow, paid
from tests.unit.services.test_cash_receiving import cash as taken
from tests.visit_world import ANA, Street

SUE = Actor(actor_id="user:sue", role=Role.SUPERVISOR, portfolios=("prt_test",))
MAIL = "jose@example.com"
KEY = taken()["number"]


@pytest.fixture
def street():
    street = Street()
    allow(street)
    return street


def asked(street):
    return [one for one in street.file.attempts if one.cause.kind == "cash"]


def receipt(street):
    return street.cases.cash.receipt(KEY)


def answer(street, key=KEY, *, said_minor=None, proved=True, now=NOW, **more):
    desk = Desk(
        case_id=street.case_id, by=f"debtor:{street.case_id}", key="k", cases=street.cases,
        portfolios=street, now=now,
    )  # fmt: skip
    return cash_words.answer(
        desk, key, said_minor=said_minor, proved=proved, book=street.cases.cash, **more
    )


def call(street, outcome, *, said_minor=None, actor=SUE, words=""):
    return cash_words.note_call(
        KEY, outcome, said_minor=said_minor, words=words, actor=actor, book=street.cases.cash,
        cases=street.cases, portfolios=street, now=NOW,
    )  # fmt: skip


def listed(street, word=Word.OPEN, *, actor=SUE, now=NOW, person_id=""):
    return cash_words.listed(
        "prt_test", word, person_id=person_id, cursor=None, limit=50, actor=actor,
        book=street.cases.cash, cases=street.cases, portfolios=street,
        people=lambda ids: {one: one[5:] for one in ids}, now=now,
    )  # fmt: skip


def kinds(street):
    return [event.kind for event in street.file.events]


# Asked


def test_a_receipt_that_comes_without_a_code_asks_the_debtor_once(street):
    paid(street)
    paid(street)

    (message,) = asked(street)
    assert (message.state, message.template_id) == (AttemptState.PLANNED, "cash_receipt")
    assert message.cause.answers == KEY
    assert message.contact_id == street.file.contacts[0].contact_id


def test_one_confirmed_at_the_door_asks_nothing(street):
    street.proved.add((street.case_id, KEY, "otc_1"))
    paid(street, cash=taken(code_id="otc_1"))

    assert asked(street) == []
    assert receipt(street).word is Word.CONFIRMED


def test_a_number_the_agent_brings_is_never_asked(street):
    """The visit that reports the cash, or an earlier one, may tell of a telephone: not theirs."""
    street.do(lambda draft: draft.remove_contact(street.file.contacts[0].contact_id))
    contact = {"kind": "phone", "value": "5599999999", "party": "debtor"}
    street.visit(visit_id="vis_0000000009", contacts=[contact])
    paid(street, contacts=[contact | {"value": "5588888888"}])

    assert len(street.file.contacts) == 2
    assert asked(street) == []
    assert receipt(street).word is Word.OPEN  # the desk sees it, and calls


def test_no_other_channel_is_tried_where_the_agent_has_a_hand_in(street):
    street.do(lambda draft: draft.put_contact(ContactKind.EMAIL, MAIL, source="visit"))
    paid(street)
    assert Channel.EMAIL not in asked(street)[0].fallback

    other = Street()
    allow(other)
    other.do(lambda draft: draft.put_contact(ContactKind.EMAIL, MAIL, source="upload"))
    paid(other)
    assert Channel.EMAIL in asked(other)[0].fallback


def test_it_keeps_hours_and_refusals_but_neither_caps_nor_pauses(street):
    paid(street)
    (message,) = asked(street)
    noon = NOW.replace(hour=18)  # of Mexico; a Sunday in these tests may be closed
    street.do(lambda draft: draft.hold("hol_1", HoldReason.ILLNESS))

    def ruled(now):
        return dispatch_choices.place(street.file, street.portfolio, message, now=now)[1]

    days = [noon + timedelta(days=n) for n in range(7)]
    assert any(ruled(day).allowed for day in days)
    night = noon.replace(hour=8) + timedelta(days=1)  # two in the morning
    assert not ruled(night).allowed
    assert ruled(night).next_allowed_at is not None
    street.do(lambda draft: draft.consent(ConsentState.REFUSED, source="upload"))
    assert not any(ruled(day).allowed for day in days)


def test_a_receipt_taken_back_takes_its_question_back(street):
    paid(street)
    street.do(lambda draft: draft.void_cash(receipt(street), reason="No hubo pago."))
    assert asked(street)[0].state is AttemptState.WITHDRAWN


# Heard


def test_the_debtor_confirms_once_and_the_ledger_stays(street):
    paid(street)
    balance = street.file.head.balance_minor

    assert answer(street).confirmed == "page"
    version = street.file.head.version
    assert answer(street).word is Word.CONFIRMED

    assert street.file.head.version == version  # the second said nothing new
    assert street.file.head.balance_minor == balance
    assert asked(street)[0].state is AttemptState.WITHDRAWN
    assert kinds(street).count("cash.confirmed") == 1


@pytest.mark.parametrize(("said", "kept"), [(0, 0), (10_000, 10_000)])
def test_what_is_denied_is_for_a_person_today_and_moves_no_money(street, said, kept):
    paid(street)
    answer(street, said_minor=said, words="Le di menos")

    assert (receipt(street).word, receipt(street).said_minor) == (Word.DENIED, kept)
    assert street.file.head.balance_minor == 70_000
    (task,) = [one for one in street.file.tasks if one.cause.kind == "cash"]
    assert (task.state, task.cause.step) == (TaskState.OPEN, "cash_denied")
    told = next(one for one in street.file.events if one.kind == "cash.denied")
    assert (told.facts["said_minor"], told.personal["words"]) == (said, "Le di menos")


def test_the_last_word_counts_and_ends_what_was_asked_of_people(street):
    paid(street)
    answer(street, said_minor=0)
    answer(street, said_minor=5_000)
    answer(street)

    assert receipt(street).word is Word.CONFIRMED
    assert {one.state for one in street.file.tasks if one.cause.kind == "cash"} == {TaskState.DONE}
    words = street.cases.cash.words("prt_test")[0]
    assert (words.open, words.confirmed, words.denied) == (0, 1, 0)


def test_another_amount_that_is_the_same_confirms(street):
    paid(street)
    assert answer(street, said_minor=30_000).word is Word.CONFIRMED


def test_who_came_without_a_message_may_deny_and_not_confirm(street):
    paid(street)
    for said in (None, 30_000):
        with pytest.raises(BadField) as refused:
            answer(street, said_minor=said, proved=False)
        assert refused.value.details["reason"] == "needs_message"
    assert answer(street, said_minor=0, proved=False).word is Word.DENIED


def test_a_link_to_a_number_the_agent_brought_proves_nothing(street):
    street.do(lambda draft: draft.put_contact(ContactKind.EMAIL, MAIL, source="visit"))
    own, brought = street.file.contacts
    assert cash_words.may_confirm(street.file, own.contact_id, "tax_id")
    assert not cash_words.may_confirm(street.file, brought.contact_id, "tax_id")
    assert not cash_words.may_confirm(street.file, "", "phone")
    assert cash_words.may_confirm(street.file, "", "code")


def test_nothing_is_asked_after_a_month_or_of_what_is_not_theirs(street):
    paid(street)
    late = NOW + cash_words.LASTS
    assert cash_words.of_case(street.file, book=street.cases.cash, now=late) == []
    with pytest.raises(ReceiptNotFound):
        answer(street, now=late)
    with pytest.raises(ReceiptNotFound):
        answer(street, key=f"{KEY[:-1]}7")
    street.do(lambda draft: draft.void_cash(receipt(street), reason="No hubo pago."))
    with pytest.raises(ReceiptNotFound):
        answer(street)


# Called and listed


def test_the_desk_sees_who_said_what_how_old_it_is_and_how_many(street):
    paid(street)
    paid(street, "vis_0000000002", cash=taken(2, 5_000))
    answer(street, said_minor=0)

    page = listed(street, now=NOW + timedelta(days=3))
    (one,) = page["items"]
    assert (one["number"][-1], one["age_days"], one["person"]) == (
        "2",
        3,
        {"id": "ana", "name": "ana"},
    )
    assert page["counts"] == {"open": 1, "confirmed": 0, "denied": 1}
    assert page["people"][0]["denied"] == 1
    assert [one["number"] for one in listed(street, Word.DENIED)["items"]] == [KEY]
    assert listed(street, Word.DENIED, person_id="eva")["items"] == []


def test_a_supervisor_notes_a_call_and_an_agent_does_not(street):
    paid(street)
    call(street, "unreached", words="Buzón")
    assert receipt(street).word is Word.OPEN
    assert "cash.unreached" in kinds(street)

    call(street, "denies", said_minor=10_000)
    assert receipt(street).said_minor == 10_000
    call(street, "confirms")
    assert receipt(street).confirmed == "call"
    with pytest.raises(NotAllowed):
        call(street, "confirms", actor=ANA)


def test_nobody_calls_about_their_own_cash_or_anothers_portfolio(street):
    paid(street)
    with pytest.raises(CashOwn):
        call(street, "confirms", actor=replace(SUE, actor_id="user:ana"))
    stranger = replace(SUE, portfolios=("prt_other",))
    with pytest.raises(ReceiptNotFound):
        call(street, "confirms", actor=stranger)
    with pytest.raises(PortfolioNotFound):
        listed(street, actor=stranger)
    assert not listed(street, actor=replace(SUE, actor_id="user:ana"))["items"][0]["can"]["call"]


def test_a_denial_says_what_was_paid_and_a_void_receipt_is_not_talked_about(street):
    paid(street)
    for said, reason in ((None, "missing"), (30_000, "the_same")):
        with pytest.raises(BadField) as refused:
            call(street, "denies", said_minor=said)
        assert refused.value.details["reason"] == reason
    street.do(lambda draft: draft.void_cash(receipt(street), reason="No hubo pago."))
    with pytest.raises(ReceiptVoid):
        call(street, "confirms")
