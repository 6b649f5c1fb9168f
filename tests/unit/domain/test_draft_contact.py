from datetime import timedelta

import pytest

from chalicelib.domain.ageing import treatment_dpd
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.contact import (
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Content,
    HoldReason,
    Ruling,
)
from chalicelib.domain.draft import after
from chalicelib.domain.errors import BadField, CaseVoid, ContactNotFound, HoldNotFound
from chalicelib.domain.holds import pauses
from tests.builders import LATER, NOW, TODAY, a_case, a_debt, a_portfolio, an_attempt, reopened

RULING = Ruling(at=NOW, allowed=True, reason_code="OK")
DENIED = Ruling(at=NOW, allowed=False, reason_code="OPT_OUT", article="art. 4")
SAID = Content(to="+525512345678", text="Hola")


def done(file, *steps, **values):
    draft = reopened(file, **values)
    answers = [step(draft) for step in steps]
    change = draft.change()
    return (after(file, change) if change else file), answers


def states(file):
    return {attempt.attempt_id: attempt.state for attempt in file.attempts}


def kinds(file, family=""):
    return [event.kind for event in file.events if event.kind.startswith(family)]


def reserve(draft, key="att_1"):
    return draft.reserve(key, ruling=RULING, content=SAID, contact_id="con_1", party="debtor")


def test_the_same_cause_is_planned_once():
    file, answers = done(a_case(), lambda d: d.plan(an_attempt()), lambda d: d.plan(an_attempt()))
    file, again = done(file, lambda d: d.plan(an_attempt(template_id="other")))

    assert (answers, again) == ([True, False], [False])
    assert file.attempts == (an_attempt(),)
    assert kinds(file, "attempt.") == ["attempt.planned"]


def test_a_reserved_attempt_is_not_reserved_again():
    file, _ = done(a_case(), lambda d: d.plan(an_attempt()), reserve)

    assert done(file, reserve)[1] == [False]
    assert done(file, lambda d: d.withdraw("att_1", "paid"))[1] == [False]


def test_what_surely_did_not_go_waits_again_or_frees_its_place():
    file, _ = done(a_case(), lambda d: d.plan(an_attempt()), reserve)

    waiting, _ = done(file, lambda d: d.failed("att_1", "throttled", retry_at=LATER))
    failed, _ = done(file, lambda d: d.failed("att_1", "invalid_recipient"))

    assert states(waiting) == {"att_1": AttemptState.PLANNED}
    assert waiting.attempts[0].not_before == LATER
    assert states(failed) == {"att_1": AttemptState.FAILED}


@pytest.mark.parametrize(
    ("news", "state"),
    [
        pytest.param([AttemptState.DELIVERED, AttemptState.READ], AttemptState.READ, id="in order"),
        pytest.param([AttemptState.READ, AttemptState.DELIVERED], AttemptState.READ, id="reversed"),
        pytest.param([AttemptState.READ] * 3, AttemptState.READ, id="repeated"),
    ],
)
def test_a_providers_news_only_moves_forward(news, state):
    file, _ = done(
        a_case(), lambda d: d.plan(an_attempt()), reserve,
        lambda d: d.sent("att_1", provider="aws", provider_id="m"),
        *(lambda d, one=one: d.arrived("att_1", one, LATER) for one in news),
    )  # fmt: skip

    assert states(file) == {"att_1": state}
    assert len(kinds(file, f"attempt.{state}")) == 1


def test_news_settle_what_a_crash_left_reserved():
    file, _ = done(a_case(), lambda d: d.plan(an_attempt()), reserve)

    file, _ = done(file, lambda d: d.arrived("att_1", AttemptState.DELIVERED, LATER))

    assert states(file) == {"att_1": AttemptState.DELIVERED}
    assert file.attempts[0].sent_at == LATER


def test_a_refusal_takes_back_what_waits_there_and_nothing_else():
    file, _ = done(
        a_case(),
        lambda d: d.plan(an_attempt("here")),
        lambda d: d.plan(an_attempt("other point", contact_id="con_2")),
        lambda d: d.plan(an_attempt("other channel", channel=Channel.EMAIL)),
        lambda d: d.plan(an_attempt("on its way")),
        lambda d: reserve(d, "on its way"),
    )

    file, _ = done(
        file,
        lambda d: d.consent(
            ConsentState.REFUSED, contact_id="con_1", channel=Channel.WHATSAPP, source="whatsapp"
        ),
    )

    assert states(file) == {
        "here": AttemptState.WITHDRAWN,
        "other point": AttemptState.PLANNED,
        "other channel": AttemptState.PLANNED,
        "on its way": AttemptState.RESERVED,
    }
    assert file.attempts[0].problem == "opted_out"


def test_the_newest_word_counts_however_wide():
    def say(state, **where):
        return lambda d: d.consent(state, source="panel", **where)

    def stands(file):
        word = reopened(file).consent_to("con_1", Channel.SMS)
        return word.state if word else None

    given, refused = ConsentState.GIVEN, ConsentState.REFUSED
    here = {"contact_id": "con_1", "channel": Channel.SMS}
    file = a_case()
    assert stands(file) is None
    for minutes, (said, where) in enumerate(
        [(given, here), (refused, {}), (given, here), (given, here), (refused, {"channel": None})]
    ):
        file, _ = done(file, say(said, **where), now=NOW + timedelta(minutes=minutes))
        assert stands(file) is said
    assert kinds(file, "consent.") == [
        "consent.given", "consent.refused", "consent.given", "consent.refused",
    ]  # fmt: skip


def test_a_hold_takes_back_what_would_go_during_it_but_no_answers():
    file, _ = done(
        a_case(),
        lambda d: d.plan(an_attempt("during")),
        lambda d: d.plan(an_attempt("after", not_before=NOW + timedelta(days=9))),
        lambda d: d.plan(an_attempt("answer", cause=Cause(kind="reply"))),
    )

    file, _ = done(
        file, lambda d: d.hold("hld_1", HoldReason.ILLNESS, until=TODAY + timedelta(days=5))
    )

    assert file.head.status is CaseStatus.HELD
    assert states(file) == {
        "during": AttemptState.WITHDRAWN,
        "after": AttemptState.PLANNED,
        "answer": AttemptState.PLANNED,
    }


def test_a_hold_ends_by_itself_once():
    file, _ = done(a_case(), lambda d: d.hold("hld_1", HoldReason.ILLNESS, until=TODAY))

    tomorrow = NOW + timedelta(days=1)
    assert done(file, lambda d: d.end_holds())[1] == [False]
    file, ended = done(file, lambda d: d.end_holds(), now=tomorrow)
    assert (ended, file.head.status) == ([True], CaseStatus.OPEN)
    assert done(file, lambda d: d.end_holds(), now=tomorrow)[1] == [False]
    assert kinds(file, "hold.") == ["hold.placed", "hold.ended"]


def test_lifting_a_hold_reopens_the_case():
    file, _ = done(
        a_case(),
        lambda d: d.promise("pro_1", 500, TODAY, channel="phone"),
        lambda d: d.hold("hld_1", HoldReason.DISPUTE),
    )
    assert file.head.status is CaseStatus.HELD

    file, answers = done(file, lambda d: d.lift("hld_1"), lambda d: d.lift("hld_1"))

    assert (answers, file.head.status) == ([True, False], CaseStatus.PROMISED)
    with pytest.raises(HoldNotFound):
        done(file, lambda d: d.lift("hld_9"))


def test_who_owes_nothing_is_settled_even_on_hold():
    file, _ = done(
        a_case(),
        lambda d: d.hold("hld_1", HoldReason.DISPUTE),
        lambda d: d.pay(100_000, paid_on=TODAY, source="manual", reference="r"),
    )

    assert file.head.status is CaseStatus.SETTLED


@pytest.mark.parametrize("days", [-1, -400])
def test_a_hold_cannot_end_before_today(days):
    with pytest.raises(BadField):
        done(
            a_case(),
            lambda d: d.hold("h", HoldReason.LEGAL, until=TODAY + timedelta(days=days)),
        )


def test_treatment_stands_still_on_every_day_of_a_hold():
    """Held on the 10th to the 12th: three days less; lifted on the 11th: one day less."""
    start = NOW - timedelta(days=12)
    ten_to_twelve = {"since": start.date(), "until": start.date() + timedelta(days=2)}
    file, _ = done(
        a_case(), lambda d: d.hold("hld_1", HoldReason.ILLNESS, **ten_to_twelve), now=start
    )
    lifted, _ = done(file, lambda d: d.lift("hld_1"), now=start + timedelta(days=1))

    late = (TODAY - file.head.oldest_due_on).days
    zone = a_portfolio().time_zone
    assert treatment_dpd(file.head.oldest_due_on, TODAY, pauses(file.holds, zone)) == late - 3
    assert treatment_dpd(file.head.oldest_due_on, TODAY, pauses(lifted.holds, zone)) == late - 1


def test_a_wrong_person_gets_nothing_that_waits():
    file = a_case()
    phone = file.contacts[0].contact_id
    file, _ = done(file, lambda d: d.plan(an_attempt(contact_id=phone)))

    file, _ = done(file, lambda d: d.mark_contact(phone, quality="wrong_person"))

    assert states(file) == {"att_1": AttemptState.WITHDRAWN}
    assert file.contacts[0].quality == "wrong_person"
    with pytest.raises(ContactNotFound):
        done(file, lambda d: d.mark_contact("con_9", quality="valid"))


def test_a_later_file_does_not_give_a_minors_number_back_to_the_debtor():
    file = a_case()
    phone = file.contacts[0]
    file, _ = done(file, lambda d: d.mark_contact(phone.contact_id, party="minor"))

    file, changed = done(file, lambda d: d.put_contact(phone.kind, phone.value, source="upload"))

    assert (changed, file.contacts[0].party) == ([False], "minor")


def test_a_merge_takes_refusals_and_holds_along():
    one, other = a_case(), a_case(a_debt("F-2"), key="D-2")
    phone, same_phone = one.contacts[0].contact_id, other.contacts[0].contact_id
    one, _ = done(
        one,
        lambda d: d.plan(an_attempt(contact_id="con_9")),
        lambda d: d.consent(
            ConsentState.REFUSED, contact_id=phone, channel=Channel.SMS, source="sms"
        ),
        lambda d: d.hold("hld_1", HoldReason.CEASE),
    )

    from_, into = reopened(one), reopened(other)
    from_.hand_over(into, reference="mrg_1")
    gone, kept = after(one, from_.change()), after(other, into.change())

    assert states(gone) == {"att_1": AttemptState.WITHDRAWN}
    assert [word.contact_id for word in kept.consents] == [same_phone]
    assert (kept.head.status, kept.holds) == (CaseStatus.HELD, one.holds)
    with pytest.raises(CaseVoid):
        reopened(gone).plan(an_attempt("att_2"))


def test_a_denied_attempt_keeps_the_decision():
    file, _ = done(a_case(), lambda d: d.plan(an_attempt()), lambda d: d.deny("att_1", DENIED))

    assert (file.attempts[0].ruling, file.attempts[0].problem) == (DENIED, "OPT_OUT")
    assert file.events[-1].facts["article"] == "art. 4"
