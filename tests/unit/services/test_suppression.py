"""The suppression list: known again by hashes, refused by hand, ended by the person alone."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.errors import (
    BadField,
    EmailSuppressed,
    NotAllowed,
    NotSuppressed,
    PhoneSuppressed,
)
from chalicelib.domain.looked import LookKind
from chalicelib.services import suppression
from tests.builders import NOW, a_portfolio
from tests.rights_world import EVA, PID, ROOT
from tests.suppression_fakes import KEY, suppression_means

PHONE = ("phone", "+525512345678")
EMAIL = ("email", "ofelia@correo.mx")
TAX = ("tax", "IAOF700101AB1")
ADDRESS = ("address", "Av. Juárez 5 Puebla 72000")


@pytest.fixture
def means():
    return suppression_means()


def suppress(means, *values, request_id="drq_1"):
    return suppression.suppress(PID, values, request_id=request_id, now=NOW, means=means)


def found(means, *values):
    return suppression.found(PID, values, means=means)


def again(means, value, *, reason="Lo pidió por escrito", actor=ROOT):
    return suppression.asked_again(
        PID,
        value,
        reason=reason,
        actor=actor,
        portfolios={PID: a_portfolio(PID)},
        read_phone=lambda text, _: f"+52{text}" if text.isdecimal() else None,
        now=NOW,
        means=means,
    )


def test_what_was_erased_is_known_again_however_it_is_spelt(means):
    assert suppress(means, PHONE, EMAIL, TAX, ADDRESS) == 4
    spelt = [
        ("phone", "+52 55 1234 5678"),
        ("email", "Ofelia@Correo.MX "),
        ("tax", "iaof-700101-ab1"),
        ("address", "AV JUAREZ, 5; Puebla, 72000"),
    ]

    assert found(means, *spelt) == frozenset(spelt)
    assert found(means, ("phone", "+525512345679"), ("email", PHONE[1])) == frozenset()
    assert suppression.found("prt_other", [PHONE], means=means) == frozenset()


def test_the_same_request_twice_is_one(means):
    suppress(means, PHONE, EMAIL)

    assert suppress(means, PHONE, EMAIL, PHONE) == 0
    assert found(means, PHONE) == {PHONE}


def test_nothing_is_hashed_where_there_is_no_list():
    means = replace(suppression_means(), keys=lambda: pytest.fail("the key was asked for"))

    assert found(means, PHONE, EMAIL) == frozenset()
    assert found(means) == frozenset()
    assert means.suppressions.asked == []


def test_a_value_stands_nowhere_in_what_is_kept(means):
    suppress(means, PHONE)
    (kept,) = means.suppressions._lists[PID].values()

    assert len(kept.digest) == 16
    assert PHONE[1] not in repr(kept)
    assert found(suppression_means((b"another",), means.suppressions), PHONE) == frozenset()


def test_a_new_key_still_knows_what_the_old_one_hashed(means):
    suppress(means, PHONE)
    turned = suppression_means((b"a new key", KEY), means.suppressions)

    suppress(turned, EMAIL)

    assert found(turned, PHONE, EMAIL) == {PHONE, EMAIL}
    assert found(means, PHONE, EMAIL) == {PHONE}
    assert again(turned, PHONE).request_id == "drq_1"
    assert found(turned, PHONE) == frozenset()


def test_what_somebody_adds_by_hand_is_refused_at_its_field(means):
    suppress(means, EMAIL)

    known = partial(suppression.found, means=means)
    suppression.refuse(PID, {"phone": PHONE}, known=known)
    with pytest.raises(EmailSuppressed) as refused:
        suppression.refuse(PID, {"phone": PHONE, "contact.email": EMAIL}, known=known)
    assert refused.value.details == {"field": "contact.email"}
    assert EMAIL[1] not in str(refused.value)
    suppress(means, PHONE)
    with pytest.raises(PhoneSuppressed):
        suppression.refuse(PID, {"phone": PHONE}, known=known)


def test_only_an_admin_takes_a_value_off_the_list_and_says_why(means):
    suppress(means, PHONE)

    with pytest.raises(NotAllowed):
        again(means, PHONE, actor=EVA)
    for reason in ("  ", "x" * 301):
        with pytest.raises(BadField):
            again(means, PHONE, reason=reason)
    with pytest.raises(NotSuppressed):
        again(means, EMAIL)
    with pytest.raises(BadField):
        again(means, ("name", "Ofelia"))
    assert found(means, PHONE) == {PHONE}
    assert again(means, ("phone", PHONE[1][3:])).request_id == "drq_1"  # as people write it
    assert found(means, PHONE) == frozenset()
    (audit,) = means.suppressions.audits
    assert (audit.kind, audit.actor) == ("suppression.ended", ROOT.actor_id)
    assert audit.facts == {"kind": "phone", "reason": "Lo pidió por escrito"}


def test_the_access_log_tells_who_put_and_took_what_for_which_request(means):
    suppress(means, PHONE, EMAIL)
    again(means, PHONE)

    assert [(one.kind, one.actor, one.of) for one in means.log.looks] == [
        (LookKind.SUPPRESSED, "system", "drq_1"),
        (LookKind.SUPPRESSION_ENDED, ROOT.actor_id, "drq_1"),
    ]
